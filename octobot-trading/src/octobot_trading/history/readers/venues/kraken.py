# SPDX-License-Identifier: Apache-2.0
"""Kraken: version 1 of its sockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from octobot_trading.history.kinds import UNKNOWN_SIDE
from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Other,
    TickerEvent,
    TradeEvent,
    taker_side,
    to_integer,
    to_number,
)

_ASSETS = {"XBT": "BTC", "XDG": "DOGE"}


def kraken(message: SessionMessage) -> Iterator[Event]:
    """Data come as lists that end in channel and pair; everything else is an object."""
    data = message.json()
    if not isinstance(data, list):
        yield Other(data.get("event", "answers to requests"))
        return
    channel, symbol = data[-2], data[-1]
    if channel.startswith("book-"):
        yield _book(message, data, channel, symbol)
    elif channel == "trade":
        for price, volume, time, side, *_ in data[1]:
            told = taker_side(side) if side else UNKNOWN_SIDE
            yield TradeEvent(symbol, to_number(time), to_number(price), to_number(volume), told)
    elif channel == "ticker":
        bid, ask, last = (data[1][name] for name in "bac")
        numbers = (last[0], bid[0], ask[0], bid[2], ask[2])
        yield TickerEvent(symbol, message.time, *map(to_number, numbers))
    else:
        yield Other(channel)


def _book(message: SessionMessage, data: list[Any], channel: str, symbol: str) -> BookEvent:
    """The two sides of a delta may come in two parts, the checksum in the last."""
    parts: dict[str, Any] = {}
    for part in data[1:-2]:
        parts |= part
    checksum = to_integer(parts["c"]) if "c" in parts else None
    if "as" in parts:
        depth = to_integer(channel.partition("-")[2])
        return BookEvent(symbol, True, parts["bs"], parts["as"], message.time, checksum=checksum, depth_limit=depth)
    return BookEvent(symbol, False, parts.get("b", []), parts.get("a", []), message.time, checksum=checksum)


def to_symbol(name: str) -> str | None:
    """``KSM/XBT`` is KSM/BTC."""
    base, _, quote = name.partition("/")
    return f"{_ASSETS.get(base, base)}/{_ASSETS.get(quote, quote)}" if base and quote else None
