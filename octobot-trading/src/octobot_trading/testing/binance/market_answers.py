# SPDX-License-Identifier: Apache-2.0
"""A pair's market as REST answers and as stream events tell it; these have the same numbers under other names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from octobot_commons import time_frame_manager
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import WIDE
from octobot_trading.testing.binance import texts
from octobot_trading.testing.binance.tape import BookChange, Level, MarketTape, PublicTrade

_DAY_MS = 24 * 3600 * 1000
_NONE: Level = (ZERO, ZERO)


def depth(tape: MarketTape, limit: int) -> dict[str, Any]:
    """The snapshot, and what ``@depth<levels>`` sends."""
    return {
        "lastUpdateId": tape.update_id,
        "bids": texts.levels(tape.levels(OrderSide.BUY)[:limit]),
        "asks": texts.levels(tape.levels(OrderSide.SELL)[:limit]),
    }


def depth_event(tape: MarketTape, change: BookChange, now_ms: int) -> dict[str, Any]:
    """``@depth``."""
    return {
        "e": "depthUpdate", "E": now_ms, "s": tape.name, "U": change.first, "u": change.last,
        "b": texts.levels(change.bids), "a": texts.levels(change.asks),
    }  # fmt: skip


def trade(one: PublicTrade) -> dict[str, Any]:
    """A row of ``trades``."""
    return {
        "id": one.number,
        "price": texts.amount(one.price),
        "qty": texts.amount(one.quantity),
        "quoteQty": texts.amount(one.cost),
        "time": one.time_ms,
        "isBuyerMaker": one.is_buyer_maker,
        "isBestMatch": True,
    }


def trade_event(tape: MarketTape, one: PublicTrade, now_ms: int) -> dict[str, Any]:
    """``@trade``."""
    return {
        "e": "trade", "E": now_ms, "s": tape.name, "t": one.number, "p": texts.amount(one.price),
        "q": texts.amount(one.quantity), "T": one.time_ms, "m": one.is_buyer_maker, "M": True,
    }  # fmt: skip


def aggregated_trade(one: PublicTrade) -> dict[str, Any]:
    """A row of ``aggTrades``: here every trade is an aggregate of its own."""
    return {
        "a": one.number, "p": texts.amount(one.price), "q": texts.amount(one.quantity), "f": one.number,
        "l": one.number, "T": one.time_ms, "m": one.is_buyer_maker, "M": True,
    }  # fmt: skip


def aggregated_trade_event(tape: MarketTape, one: PublicTrade, now_ms: int) -> dict[str, Any]:
    """``@aggTrade``."""
    return {"e": "aggTrade", "E": now_ms, "s": tape.name} | aggregated_trade(one)


def best(tape: MarketTape) -> tuple[Level, Level]:
    """Best bid and ask; zeros where there is none."""
    bids, asks = tape.levels(OrderSide.BUY), tape.levels(OrderSide.SELL)
    return (bids[0] if bids else _NONE), (asks[0] if asks else _NONE)


def book_ticker(tape: MarketTape) -> dict[str, Any]:
    """A row of ``ticker/bookTicker``."""
    (bid, bid_amount), (ask, ask_amount) = best(tape)
    return {
        "symbol": tape.name,
        "bidPrice": texts.amount(bid),
        "bidQty": texts.amount(bid_amount),
        "askPrice": texts.amount(ask),
        "askQty": texts.amount(ask_amount),
    }


def book_ticker_event(tape: MarketTape) -> dict[str, Any]:
    """``@bookTicker``, which has no event type."""
    row = book_ticker(tape)
    return {
        "u": tape.update_id, "s": tape.name, "b": row["bidPrice"], "B": row["bidQty"], "a": row["askPrice"],
        "A": row["askQty"],
    }  # fmt: skip


def price_ticker(tape: MarketTape) -> dict[str, Any]:
    """A row of ``ticker/price``."""
    return {"symbol": tape.name, "price": texts.amount(tape.last_price)}


@dataclass(slots=True)
class Summary:
    """What trades amount to: a candle, or a day."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    first: int
    last: int
    count: int = 0
    volume: Decimal = ZERO
    cost: Decimal = ZERO
    bought: Decimal = ZERO
    bought_cost: Decimal = ZERO

    @classmethod
    def begun(cls, one: PublicTrade) -> Summary:
        """That of nothing but one trade, which is still to be added."""
        return cls(one.price, one.price, one.price, one.price, one.number, one.number)

    def add(self, one: PublicTrade) -> None:
        """Count a trade in."""
        self.high, self.low, self.close = max(self.high, one.price), min(self.low, one.price), one.price
        self.last = one.number
        self.count += 1
        self.volume += one.quantity
        self.cost = WIDE.add(self.cost, one.cost)
        if not one.is_buyer_maker:
            self.bought += one.quantity
            self.bought_cost = WIDE.add(self.bought_cost, one.cost)


def candles(tape: MarketTape, interval: str) -> dict[int, Summary]:
    """By open time in milliseconds, oldest first; without those in which nobody traded."""
    found: dict[int, Summary] = {}
    for one in tape.trades:
        begin_ms = opens_ms(one.time_ms, interval)
        if begin_ms not in found:
            found[begin_ms] = Summary.begun(one)
        found[begin_ms].add(one)
    return found


def opens_ms(time_ms: int, interval: str) -> int:
    """When the candle opens that covers a time."""
    return round(time_frame_manager.bucket_start(time_ms / 1000, interval) * 1000)


def close_ms(begin_ms: int, interval: str) -> int:
    """The last millisecond of a candle."""
    return round(time_frame_manager.bucket_end(begin_ms / 1000, interval) * 1000) - 1


def kline(begin_ms: int, one: Summary, interval: str) -> list[Any]:
    """A row of ``klines``."""
    prices = (one.open, one.high, one.low, one.close, one.volume)
    return [
        begin_ms, *map(texts.amount, prices), close_ms(begin_ms, interval), texts.amount(one.cost), one.count,
        texts.amount(one.bought), texts.amount(one.bought_cost), "0",
    ]  # fmt: skip


def kline_event(
    tape: MarketTape, begin_ms: int, one: Summary, interval: str, now_ms: int, is_closed: bool
) -> dict[str, Any]:
    """``@kline_<interval>``."""
    return {
        "e": "kline",
        "E": now_ms,
        "s": tape.name,
        "k": {
            "t": begin_ms, "T": close_ms(begin_ms, interval), "s": tape.name, "i": interval, "f": one.first,
            "L": one.last, "o": texts.amount(one.open), "c": texts.amount(one.close), "h": texts.amount(one.high),
            "l": texts.amount(one.low), "v": texts.amount(one.volume), "n": one.count, "x": is_closed,
            "q": texts.amount(one.cost), "V": texts.amount(one.bought), "Q": texts.amount(one.bought_cost), "B": "0",
        },
    }  # fmt: skip


def day(tape: MarketTape, now_ms: int) -> Summary:
    """What was traded in the last 24 hours; zeros where nothing was."""
    summary = Summary(ZERO, ZERO, ZERO, ZERO, -1, -1)
    for one in tape.trades:
        if one.time_ms > now_ms - _DAY_MS:
            if not summary.count:
                summary = Summary.begun(one)
            summary.add(one)
    return summary


def day_ticker(tape: MarketTape, now_ms: int) -> dict[str, Any]:
    """A row of ``ticker/24hr``."""
    one, (bid, ask) = day(tape, now_ms), best(tape)
    change = one.close - one.open
    percent = WIDE.divide(change * 100, one.open) if one.open else ZERO
    mean = WIDE.divide(one.cost, one.volume) if one.volume else ZERO
    last_quantity = tape.trades[-1].quantity if tape.trades else ZERO
    return {
        "symbol": tape.name,
        "priceChange": texts.amount(change),
        "priceChangePercent": f"{float(percent):.3f}",
        "weightedAvgPrice": texts.amount(mean),
        "prevClosePrice": texts.amount(one.open),
        "lastPrice": texts.amount(one.close),
        "lastQty": texts.amount(last_quantity),
        "bidPrice": texts.amount(bid[0]),
        "bidQty": texts.amount(bid[1]),
        "askPrice": texts.amount(ask[0]),
        "askQty": texts.amount(ask[1]),
        "openPrice": texts.amount(one.open),
        "highPrice": texts.amount(one.high),
        "lowPrice": texts.amount(one.low),
        "volume": texts.amount(one.volume),
        "quoteVolume": texts.amount(one.cost),
        "openTime": now_ms - _DAY_MS,
        "closeTime": now_ms,
        "firstId": one.first,
        "lastId": one.last,
        "count": one.count,
    }


#: The names of the stream's fields, and of those of the row.
_TICKER_FIELDS = {
    "p": "priceChange", "P": "priceChangePercent", "w": "weightedAvgPrice", "x": "prevClosePrice", "c": "lastPrice",
    "Q": "lastQty", "b": "bidPrice", "B": "bidQty", "a": "askPrice", "A": "askQty", "o": "openPrice", "h": "highPrice",
    "l": "lowPrice", "v": "volume", "q": "quoteVolume", "O": "openTime", "C": "closeTime", "F": "firstId",
    "L": "lastId", "n": "count",
}  # fmt: skip


def ticker_event(tape: MarketTape, now_ms: int) -> dict[str, Any]:
    """``@ticker``."""
    row = day_ticker(tape, now_ms)
    fields = {short: row[long] for short, long in _TICKER_FIELDS.items()}
    return {"e": "24hrTicker", "E": now_ms, "s": tape.name} | fields


def mini_ticker_event(tape: MarketTape, now_ms: int) -> dict[str, Any]:
    """``@miniTicker``."""
    row = day_ticker(tape, now_ms)
    fields = {short: row[_TICKER_FIELDS[short]] for short in "cohlvq"}
    return {"e": "24hrMiniTicker", "E": now_ms, "s": tape.name} | fields
