# SPDX-License-Identifier: Apache-2.0
"""BitMEX: books, trades, quotes; mark prices and funding rates from its list of instruments."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

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
    iso_time,
    json_data,
    number,
    taker_side,
    two_sides,
)

_KNOWN = {"XBTUSD": "BTC/USD:BTC", "XBTUSDT": "BTC/USDT:USDT"}
_SIDES = ("bid", "ask")
_ANSWERS = ("subscribe", "error", "info")
_ASSETS = {"XBT": "BTC", "XBt": "BTC", "USDt": "USDT"}


class Bitmex:
    """Levels are named by id; updates and deletions do not repeat the price."""

    def __init__(self) -> None:
        self._prices: dict[tuple[str, int], float] = {}

    def __call__(self, message: SessionMessage) -> Iterator[Event]:
        data = message.json()
        if message.url is not None:
            yield from list(_instrument_prices(message)) or (Other("answers to requests"),)
        elif data.get("table") == "orderBookL2":
            yield from list(self._book(message, data)) or (Other("empty tables"),)
        elif data.get("table") == "trade" and data["data"]:
            for row in data["data"]:
                yield _trade(row)
        elif data.get("table") == "quote" and data["data"]:
            for row in data["data"]:
                bid, ask, bids, asks = (
                    number(row.get(f"{side}{what}")) for what in ("Price", "Size") for side in _SIDES
                )
                yield TickerEvent(row["symbol"], message.time, math.nan, bid, ask, bids, asks)
        else:
            yield Other(data.get("table") or next((name for name in (*_ANSWERS, *data) if name in data), "{}"))

    def _book(self, message: SessionMessage, data: dict[str, Any]) -> Iterator[Event]:
        for row in data["data"]:
            if "price" in row:
                self._prices[row["symbol"], row["id"]] = row["price"]
        for symbol in dict.fromkeys(row["symbol"] for row in data["data"]):
            rows = [row for row in data["data"] if row["symbol"] == symbol]
            told = ((row["side"], self._prices[symbol, row["id"]], row.get("size", 0)) for row in rows)
            yield BookEvent(symbol, data["action"] == "partial", *two_sides(told, "Buy"), message.time)


def _trade(row: dict[str, Any]) -> TradeEvent:
    # Trades are named by texts, not numbered.
    return TradeEvent(row["symbol"], iso_time(row["timestamp"]), row["price"], row["size"], taker_side(row["side"]))


def _instrument_prices(message: SessionMessage) -> Iterator[Event]:
    """The rate of the next funding is fixed when the one before it is paid."""
    if "/instrument" not in (message.url or ""):
        return
    for row in json_data(message):
        if row.get("markPrice"):
            yield MarkEvent(row["symbol"], message.time, row["markPrice"])
        if row.get("fundingRate") is not None and row.get("fundingTimestamp"):
            yield FundingEvent(row["symbol"], iso_time(row["fundingTimestamp"]), row["fundingRate"])


def instruments(message: SessionMessage) -> Instruments:
    """The contracts of a list of instruments."""
    found = {}
    for row in json_data(message):
        base, quote, settle = (
            _ASSETS.get(row[name], row[name]) for name in ("underlying", "quoteCurrency", "settlCurrency")
        )
        end = f"-{_day(row['expiry'])}" if row.get("expiry") else ""
        found[row["symbol"]] = f"{base}/{quote}:{settle}{end}"
    return found


def _day(text: str) -> str:
    return text[2:10].replace("-", "")


def to_symbol(name: str) -> str | None:
    """``XBTUSD`` is BTC/USD:BTC. In which asset others are settled only the list of instruments tells."""
    return _KNOWN.get(name)
