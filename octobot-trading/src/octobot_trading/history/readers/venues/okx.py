# SPDX-License-Identifier: Apache-2.0
"""OKX: version 5 of its sockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    MarkEvent,
    Other,
    TickerEvent,
    TradeEvent,
    number,
    taker_side,
    to_integer,
    to_number,
)

_STABLE = ("USDT", "USDC")


def okx(message: SessionMessage) -> Iterator[Event]:
    """The channel books has 400 levels and a checksum each time."""
    data = message.json()
    channel = data.get("arg", {}).get("channel")
    if "data" not in data or channel is None:
        yield Other(data.get("event", "answers to requests"))
        return
    if channel not in _ROWS:
        yield Other(channel)
        return
    for row in data["data"]:
        yield from _ROWS[channel](message, data, row)


def _book(message: SessionMessage, data: dict[str, Any], row: dict[str, Any]) -> Iterator[Event]:
    whole = data["action"] == "snapshot"
    # Sessions before 2023 have no numbers.
    last, previous = row.get("seqId"), row.get("prevSeqId")
    ids = None if whole or last is None else UpdateIds(last, previous=previous)
    rows = (data["arg"]["instId"], whole, row["bids"], row["asks"])
    yield BookEvent(*rows, message.time, last if whole else None, ids, row.get("checksum"))


def _trade(message: SessionMessage, data: dict[str, Any], row: dict[str, Any]) -> Iterator[Event]:
    price, size, side = to_number(row["px"]), to_number(row["sz"]), taker_side(row["side"])
    yield TradeEvent(row["instId"], to_integer(row["ts"]) / 1000, price, size, side, to_integer(row["tradeId"]))


def _ticker(message: SessionMessage, data: dict[str, Any], row: dict[str, Any]) -> Iterator[Event]:
    numbers = (number(row[name]) for name in ("last", "bidPx", "askPx", "bidSz", "askSz"))
    yield TickerEvent(row["instId"], message.time, *numbers)


def _mark(message: SessionMessage, data: dict[str, Any], row: dict[str, Any]) -> Iterator[Event]:
    yield MarkEvent(row["instId"], message.time, to_number(row["markPx"]))


_ROWS = {"books": _book, "trades": _trade, "tickers": _ticker, "mark-price": _mark}


def to_symbol(name: str) -> str | None:
    """``BTC-USDT`` is a spot pair, ``UNI-USD-SWAP`` a perpetual, ``BTC-USD-220527-30000-C`` ends that day."""
    base, _, rest = name.partition("-")
    quote, _, end = rest.partition("-")
    if not (base and quote):
        return None
    if not end:
        return f"{base}/{quote}"
    settled = f"{base}/{quote}:{quote if quote in _STABLE else base}"
    return settled if end == "SWAP" else f"{settled}-{end}"
