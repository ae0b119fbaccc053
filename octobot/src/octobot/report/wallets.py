# SPDX-License-Identifier: Apache-2.0
"""From positions of contracts to what the account itself calls its balance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from octobot.report.valuation import MONEY_CONTEXT
from octobot_commons.symbols import parse_symbol
from octobot_trading.personal_data.trades.closed_trade import Direction
from octobot_trading.personal_data.trades.trade_ledger import MatchingMethod, TradeLedger

if TYPE_CHECKING:
    from octobot_trading.personal_data.trades.fill import Fill

# Of each fill the exchange rounds a profit and the report a cost, to eight decimals; entry prices are kept to twelve.
_STEP, _PRICE_STEP = Decimal("1e-8"), Decimal("1e-12")


def wallets(holdings: Mapping[str, Decimal], fills: Iterable[Fill]) -> dict[str, Decimal]:
    """``final_holdings`` as balances: a position is no asset, and what opening it would have cost is still there."""
    contract_fills = [fill for fill in fills if _is_contract(fill.symbol)]
    if not contract_fills:
        return dict(holdings)
    ledger = TradeLedger(MatchingMethod.AVERAGE)
    found = {asset: amount for asset, amount in holdings.items() if not _is_contract(asset)}
    with localcontext(MONEY_CONTEXT):
        for fill in sorted(contract_fills, key=lambda one: one.time):
            ledger.add(fill)
        for position in ledger.open_positions():
            asset, cost = parse_symbol(position.symbol).quote, position.entries[0].cost
            found[asset] += cost if position.direction is Direction.LONG else -cost
    return found


def rounding(fills: Sequence[Fill]) -> dict[str, Decimal]:
    """By asset, by how much a balance may differ from what fills of contracts explain."""
    limits: dict[str, Decimal] = {}
    for fill in fills:
        if _is_contract(fill.symbol):
            asset = parse_symbol(fill.symbol).quote
            limits[asset] = limits.get(asset, Decimal(0)) + 2 * _STEP + fill.quantity * _PRICE_STEP
    return limits


def _is_contract(name: str) -> bool:
    return ":" in name
