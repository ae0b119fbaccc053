# SPDX-License-Identifier: Apache-2.0
"""Bybit: the sockets of version 2 and the archives of version 5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.history.naming import split_symbol
from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Instruments,
    Other,
    TradeEvent,
    json_data,
    taker_side,
    to_integer,
    to_number,
    two_sides,
)

_LEVELS_25 = "orderBookL2_25."
_DATED = re.compile(r".*[A-Z](?P<year>\d{2})")


def bybit_2021(message: SessionMessage) -> Iterator[Event]:
    """Books of 25 levels and trades, which are named by texts."""
    data = message.json()
    topic = data.get("topic", "")
    if topic.startswith(_LEVELS_25):
        yield _book(message, data)
    elif topic.startswith("trade."):
        for row in data["data"]:
            time, price, size = to_integer(row["trade_time_ms"]) / 1000, to_number(row["price"]), to_number(row["size"])
            yield TradeEvent(row["symbol"], time, price, size, taker_side(row["side"]))
    else:
        yield Other(topic.partition(".")[0] or "answers to requests")


def _book(message: SessionMessage, data: dict[str, Any]) -> BookEvent:
    symbol, last = data["topic"].removeprefix(_LEVELS_25), to_integer(data["cross_seq"])
    if data["type"] == "snapshot":
        rows = data["data"] if isinstance(data["data"], list) else data["data"]["order_book"]
        sides = two_sides(((row["side"], row["price"], row["size"]) for row in rows), "Buy")
        return BookEvent(symbol, True, *sides, message.time, nonce=last)
    rows = data["data"]["delete"] + data["data"]["update"] + data["data"]["insert"]
    sides = two_sides(((row["side"], row["price"], row.get("size", 0)) for row in rows), "Buy")
    return BookEvent(symbol, False, *sides, message.time, ids=UpdateIds(last))


def bybit_archive(message: SessionMessage) -> Iterator[Event]:
    """Version 5: updates numbered one by one."""
    data = message.json()
    if not data.get("topic", "").startswith("orderbook."):
        yield Other(data.get("topic", "").partition(".")[0] or "lines without a topic")
        return
    book, whole = data["data"], data["type"] == "snapshot"
    nonce = book["u"] if whole else None
    ids = None if whole else UpdateIds(book["u"], book["u"])
    yield BookEvent(book["s"], whole, book["b"], book["a"], message.time, nonce=nonce, ids=ids)


def instruments(message: SessionMessage) -> Instruments:
    """The contracts of version 2's list of symbols; those in dollars are settled in their base asset."""
    found = {}
    for row in json_data(message, "result"):
        base, quote = row["base_currency"], row["quote_currency"]
        symbol = f"{base}/{quote}:{quote if quote == 'USDT' else base}"
        dated = _DATED.fullmatch(row["name"])
        found[row["name"]] = f"{symbol}-{dated['year']}{row['alias'][-4:]}" if dated else symbol
    return found


def to_symbol(name: str) -> str | None:
    """``XRPUSDT`` is the perpetual XRP/USDT:USDT, as books of 25 and of 500 levels are of contracts only."""
    symbol = split_symbol(name)
    if symbol is None:
        return None
    base, _, quote = symbol.partition("/")
    return f"{symbol}:{base if quote == 'USD' else quote}"
