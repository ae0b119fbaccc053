# SPDX-License-Identifier: Apache-2.0
"""Binance spot, USD-M and COIN-M: REST snapshots and depth streams, trades, best prices, mark prices and funding."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.history.kinds import BUY, SELL
from octobot_trading.history.naming import split_symbol
from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    FundingEvent,
    Instruments,
    MarkEvent,
    Other,
    TickerEvent,
    TradeEvent,
    expiry,
    price_or_none,
    query_value,
    to_number,
)

_DATED = re.compile(r"(?P<pair>[A-Z0-9]+)_(?P<end>\d{6}|PERP)")


class Binance:
    """A snapshot that hftbacktest's collector recorded does not name its market: it is the one that its file is of."""

    def __init__(self) -> None:
        self._symbols: dict[str, set[str]] = {}
        self._fundings: dict[str, tuple[int, float]] = {}

    def __call__(self, message: SessionMessage) -> Iterator[Event]:
        data = message.json()
        if "lastUpdateId" in data:
            yield self._snapshot(message, data)
            return
        if "stream" not in data:
            yield Other("answers to requests")
            return
        stream, data = data["stream"].partition("@")[2], data["data"]
        self._symbols.setdefault(message.file, set()).add(data["s"])
        if stream == "bookTicker":
            # Spot tells no kind of event in these.
            bid, ask = price_or_none(data["b"]), price_or_none(data["a"])
            yield TickerEvent(data["s"], message.time, math.nan, bid, ask, to_number(data["B"]), to_number(data["A"]))
            return
        kind = data["e"]
        if kind == "depthUpdate":
            ids = UpdateIds(data["u"], data["U"], data.get("pu"))
            yield BookEvent(data["s"], False, data["b"], data["a"], message.time, ids=ids)
        elif kind in ("trade", "aggTrade"):
            yield _trade(data, kind == "aggTrade")
        elif kind == "markPriceUpdate":
            yield MarkEvent(data["s"], message.time, to_number(data["p"]))
            yield from self._funding(data)
        else:
            yield Other(kind)

    def _snapshot(self, message: SessionMessage, data: dict[str, Any]) -> BookEvent:
        symbol = query_value(message.url, "symbol") or data.get("symbol")
        if symbol is None:
            known = self._symbols.get(message.file, set())
            if len(known) != 1:
                raise ValueError("a snapshot that does not tell its market")
            (symbol,) = known
        return BookEvent(symbol, True, data["bids"], data["asks"], message.time, nonce=data["lastUpdateId"])

    def _funding(self, data: dict[str, Any]) -> Iterator[Event]:
        """The rate changes until it is due; the last one told before is the one paid."""
        if not data.get("r"):
            return
        due, rate = self._fundings.get(data["s"], (data["T"], 0.0))
        if due != data["T"]:
            yield FundingEvent(data["s"], due / 1000, rate)
        self._fundings[data["s"]] = data["T"], to_number(data["r"])


def _trade(data: dict[str, Any], aggregated: bool) -> Event:
    # Futures also tell of what the insurance fund took over, at a price of 0.
    if data.get("X", "MARKET") != "MARKET":
        return Other("trades beside the market")
    side = SELL if data["m"] else BUY
    number = data["a" if aggregated else "t"]
    return TradeEvent(data["s"], data["T"] / 1000, to_number(data["p"]), to_number(data["q"]), side, number, aggregated)


def instruments(message: SessionMessage) -> Instruments:
    """The markets of an exchangeInfo."""
    return {row["symbol"]: _instrument(row) for row in message.json()["symbols"]}


def _instrument(row: dict[str, Any]) -> str:
    symbol = f"{row['baseAsset']}/{row['quoteAsset']}"
    if "marginAsset" not in row:
        return symbol
    end = "" if row.get("contractType") in ("PERPETUAL", "") else f"-{expiry(row['deliveryDate'])}"
    return f"{symbol}:{row['marginAsset']}{end}"


def spot_symbol(name: str) -> str | None:
    """``BTCUSDT`` is BTC/USDT."""
    return split_symbol(name)


def usdm_symbol(name: str) -> str | None:
    """``BTCUSDT`` is BTC/USDT:USDT, ``BTCUSDT_240927`` ends that day."""
    match = _DATED.fullmatch(name)
    symbol = split_symbol(match["pair"] if match else name)
    end = f"-{match['end']}" if match else ""
    return symbol and f"{symbol}:{symbol.partition('/')[2]}{end}"


def coinm_symbol(name: str) -> str | None:
    """``BTCUSD_PERP`` is BTC/USD:BTC, ``BTCUSD_240927`` ends that day."""
    match = _DATED.fullmatch(name)
    symbol = split_symbol(match["pair"]) if match else None
    if match is None or symbol is None:
        return None
    end = "" if match["end"] == "PERP" else f"-{match['end']}"
    return f"{symbol}:{symbol.partition('/')[0]}{end}"
