# SPDX-License-Identifier: Apache-2.0
"""At which price a position is liquidated.

Source: Binance, "How to Calculate Liquidation Price of USDⓈ-M Futures Contracts" and "... of COIN-M Futures Contracts".
With wallet balance WB (of isolated positions: their margin), the other contracts' maintenance margin TMM and unrealised
profit UPNL (both 0 for isolated ones), and for each position of this contract its side s (1 or -1), size q, entry price
EP, maintenance rate MMR and maintenance amount cum:

    linear:  LP = (WB - TMM + UPNL + sum(cum) - sum(s * q * EP)) / (sum(q * MMR) - sum(s * q))
    inverse: LP = (sum(q * MMR) + sum(s * q)) / (WB - TMM + UPNL + sum(cum) + sum(s * q / EP))

which is where equity equals the maintenance margin. In hedge mode the sums have two members, else one.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.personal_data.positions.brackets import Bracket, MaintenanceBrackets
from octobot_trading.personal_data.positions.contracts import value


class Exposure(NamedTuple):
    """A position as its liquidation sees it; ``quantity`` is negative for a short one."""

    quantity: Decimal
    entry_price: Decimal


def liquidation_price(
    market: Market,
    positions: Sequence[Exposure],
    brackets: MaintenanceBrackets,
    wallet_balance: Decimal,
    other_maintenance: Decimal = ZERO,
    other_unrealised: Decimal = ZERO,
) -> Decimal | None:
    """The mark price that liquidates these positions of one market, None where none does.

    The brackets are those of the positions' values at the liquidation price itself, which it is searched with.
    """
    for own in product(brackets.brackets, repeat=len(positions)):
        price = _price_in(market, positions, own, wallet_balance, other_maintenance, other_unrealised)
        if price is not None and all(
            brackets.bracket_of(value(market, one.quantity, price)) == bracket
            for one, bracket in zip(positions, own, strict=True)
        ):
            return price
    return None


def _price_in(
    market: Market,
    positions: Sequence[Exposure],
    brackets: Sequence[Bracket],
    wallet_balance: Decimal,
    other_maintenance: Decimal,
    other_unrealised: Decimal,
) -> Decimal | None:
    free = WIDE.add(WIDE.subtract(wallet_balance, other_maintenance), other_unrealised)
    kept, net, entered = ZERO, ZERO, ZERO
    for one, bracket in zip(positions, brackets, strict=True):
        size = WIDE.multiply(one.quantity, market.contract_size)
        free = WIDE.add(free, bracket.amount)
        kept = WIDE.add(kept, WIDE.multiply(WIDE.abs(size), bracket.maintenance_rate))
        net = WIDE.add(net, size)
        at_entry = WIDE.divide(size, one.entry_price) if market.is_inverse else WIDE.multiply(size, one.entry_price)
        entered = WIDE.add(entered, at_entry)
    if market.is_inverse:
        above, below = WIDE.add(kept, net), WIDE.add(free, entered)
    else:
        above, below = WIDE.subtract(free, entered), WIDE.subtract(kept, net)
    if not below:
        return None
    price = WIDE.divide(above, below)
    return price if price > ZERO else None
