# SPDX-License-Identifier: Apache-2.0
"""Trades and liquidations as they are kept, and what one that arrives must be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from octobot_commons.errors import DataError
from octobot_trading.util import LATEST_TIME

TradeId: TypeAlias = str | int


class Trade(NamedTuple):
    """One trade: time in Unix seconds, price in the quote asset, amount in the base asset, what the taker did ("buy",
    "sell", None where the venue does not say) and the venue's id, None where it has none."""

    time: float
    price: float
    amount: float
    side: str | None = None
    id: TradeId | None = None

    def payload(self, symbol: str) -> dict[str, Any]:
        """As the RecentTrade channel tells of it; the timestamp in seconds."""
        time, price, amount, side, trade_id = self
        return {
            "id": trade_id,
            "symbol": symbol,
            "timestamp": time,
            "side": side,
            "price": price,
            "amount": amount,
        }


class Liquidation(NamedTuple):
    """One position that the venue closed: time in Unix seconds, price, number of contracts, side of the closing order
    and id, the last two None where the venue does not tell."""

    time: float
    price: float
    contracts: float
    side: str | None = None
    id: TradeId | None = None

    def payload(self, symbol: str) -> dict[str, Any]:
        """As the Liquidations channel tells of it; the timestamp in seconds."""
        time, price, contracts, side, liquidation_id = self
        return {
            "id": liquidation_id,
            "symbol": symbol,
            "timestamp": time,
            "side": side,
            "price": price,
            "contracts": contracts,
        }


#: ccxt's dicts (timestamp in milliseconds) or rows that are made already.
TradeRows: TypeAlias = Iterable[Mapping[str, Any] | Trade]
LiquidationRows: TypeAlias = Iterable[Mapping[str, Any] | Liquidation]


def read_trades(rows: TradeRows, where: str) -> list[Trade]:
    """The rows as trades.

    Raises:
        DataError: names ``where``, the row (from 0) and the field.
    """
    trades = []
    for index, row in enumerate(rows):
        trade = row if type(row) is Trade else Trade(*_cells(row, "amount", where, index))
        time, price, amount, side, _ = trade
        if not _is_possible(time, price, amount) or (side != "buy" and side != "sell" and side is not None):
            raise _refused(trade, where, index)
        trades.append(trade)
    return trades


def read_liquidations(rows: LiquidationRows, where: str) -> list[Liquidation]:
    """The rows as liquidations.

    Raises:
        DataError: names ``where``, the row (from 0) and the field.
    """
    liquidations = []
    for index, row in enumerate(rows):
        one = row if type(row) is Liquidation else Liquidation(*_cells(row, "contracts", where, index))
        time, price, contracts, side, _ = one
        if not _is_possible(time, price, contracts) or (side != "buy" and side != "sell" and side is not None):
            raise _refused(one, where, index)
        liquidations.append(one)
    return liquidations


def _cells(row: Any, amount: str, where: str, index: int) -> tuple[Any, ...]:
    try:
        return row["timestamp"] / 1000, row["price"], row[amount], row.get("side"), row.get("id")
    except (LookupError, TypeError, AttributeError) as error:
        reason = f"{row!r} is no dict with the numbers timestamp, price and {amount}"
        raise DataError(f"{where}: {reason}", row=index, remedy="leave it out") from error


def _is_possible(time: float, price: float, amount: float) -> bool:
    try:
        return 0.0 <= time < LATEST_TIME and 0.0 < price < math.inf and 0.0 < amount < math.inf
    except TypeError:
        return False


def _refused(row: Trade | Liquidation, where: str, index: int) -> DataError:
    time, price, amount, side, _ = row
    faults = (
        ("timestamp", time, _is_possible(time, 1.0, 1.0)),
        ("price", price, _is_possible(0.0, price, 1.0)),
        (row._fields[2], amount, _is_possible(0.0, 1.0, amount)),
        ("side", side, False),
    )
    name, value = next((name, value) for name, value, is_possible in faults if not is_possible)
    return DataError(f"{where}: {value!r} is no possible {name}", field=name, row=index, remedy="leave it out")
