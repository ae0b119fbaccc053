# SPDX-License-Identifier: Apache-2.0
"""How much margin a ladder of contracts needs, whatever the price does between its lowest and its highest order.

Its levels enter a position from both sides: buys below the price open long, sells above it open short, and each is
closed by its mirror order. An entry of q at p keeps ``value(q, p) / leverage`` and the fee of a taker, as an open order
and then as a part of the position alike. When the price has gone down to the lowest buy p_low, the long position has
lost ``sum of pnl(q, p, p_low)``; when it has gone up to the highest sell, the short one has lost as much there, and
venues that count margin at the mark price keep that much over the leverage on top. Only one of both happens at a time:

    needed = sum of (value / leverage + value * fee) + max(loss of the buys, loss of the sells * (1 + 1 / leverage))

Averaging entries, as venues do, moves profit and loss between what is realised and what is not, and never needs more:
k held levels whose average has come down to p_low hide a profit of k * (price - p_low), which with their own loss is
what they lose at p_low at most. Fees of exits are left to the profit of the round trip, funding to what is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.personal_data.positions import contracts


class Entry(NamedTuple):
    """An order that opens. ``quantity`` is in the market's amounts, contracts where it has them."""

    side: OrderSide
    price: Decimal
    quantity: Decimal


class Need(NamedTuple):
    """What entries need of margin, in the settlement asset; ``loss`` beside ``entries``."""

    entries: Decimal
    loss: Decimal

    def times(self, factor: Decimal) -> Need:
        """Of entries that are all so many times as large."""
        return Need(WIDE.multiply(self.entries, factor), WIDE.multiply(self.loss, factor))


class Terms(NamedTuple):
    """``fee_rate`` is a fraction of the value, that of a taker."""

    market: Market
    leverage: Decimal
    fee_rate: Decimal

    def entry(self, price: Decimal, quantity: Decimal) -> Decimal:
        """Margin and fee of an entry, not rounded."""
        value = contracts.value(self.market, quantity, price)
        return WIDE.add(WIDE.divide(value, self.leverage), WIDE.multiply(value, self.fee_rate))

    def need(self, entries: Sequence[Entry]) -> Need:
        """What entries of one side need."""
        if not entries:
            return Need(ZERO, ZERO)
        is_buy = entries[0].side is OrderSide.BUY
        farthest = (min if is_buy else max)(entry.price for entry in entries)
        loss = WIDE.subtract(
            ZERO,
            sum(
                (
                    contracts.pnl(self.market, one.quantity if is_buy else -one.quantity, one.price, farthest)
                    for one in entries
                ),
                ZERO,
            ),
        )
        if not is_buy:
            loss = WIDE.multiply(loss, WIDE.add(ONE, WIDE.divide(ONE, self.leverage)))
        return Need(sum((self.entry(one.price, one.quantity) for one in entries), ZERO), loss)


def needed(buys: Need, sells: Need) -> Decimal:
    """What both sides need together."""
    return buys.entries + sells.entries + max(buys.loss, sells.loss)


def largest(margin: Decimal, unit: Need, other: Need) -> Decimal:
    """How many times ``unit`` the margin is enough for, beside what the other side needs; zero for none."""
    left = margin - other.entries
    bounds = []
    if unit.entries:
        bounds.append(WIDE.divide(left - other.loss, unit.entries))
    if unit.entries + unit.loss:
        bounds.append(WIDE.divide(left, unit.entries + unit.loss))
    return max(ZERO, min(bounds, default=ZERO))
