# SPDX-License-Identifier: Apache-2.0
"""Balances recomputed from what is known to have changed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from octobot_commons.symbols import parse_symbol
from octobot_trading.constants import EXACT, ZERO
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.personal_data.transactions.transaction import Transaction


def explained_balances(
    start: Mapping[str, Decimal], fills: Iterable[Fill], transactions: Iterable[Transaction]
) -> dict[str, Decimal]:
    """``start`` by asset with everything added that fills and transactions say, exactly.

    A spot fill exchanges base for quote and takes its fee; a fill of a contract takes its fee only, as its profit comes
    as a transaction (realised PnL) when the position is closed.
    """
    totals = dict(start)

    def add(asset: str, amount: Decimal) -> None:
        totals[asset] = EXACT.add(totals.get(asset, ZERO), amount)

    for fill in fills:
        symbol = parse_symbol(fill.symbol)
        changes = fill.exchanged(symbol.base, symbol.quote) if symbol.is_spot() else {fill.fee_asset: -fill.fee}
        for asset, amount in changes.items():
            add(asset, amount)
    for transaction in transactions:
        add(transaction.asset, transaction.amount)
    return totals


def unexplained(
    start: Mapping[str, Decimal],
    end: Mapping[str, Decimal],
    fills: Iterable[Fill],
    transactions: Iterable[Transaction],
) -> dict[str, Decimal]:
    """What ``end`` has more (or, negative, less) of each asset than fills and transactions explain; empty when none."""
    explained = explained_balances(start, fills, transactions)
    differences = {
        asset: EXACT.subtract(end.get(asset, ZERO), explained.get(asset, ZERO)) for asset in {**explained, **end}
    }
    return {asset: amount for asset, amount in differences.items() if amount}
