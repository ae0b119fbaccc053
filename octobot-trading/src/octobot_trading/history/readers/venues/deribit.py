# SPDX-License-Identifier: Apache-2.0
"""Deribit: the channels book, trades and ticker, which also tells the mark price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
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
    price_or_none,
    taker_side,
)

_NAME = re.compile(
    r"(?P<base>[A-Z0-9]+)(?:_(?P<quote>[A-Z]+))?-(?:PERPETUAL|(?P<end>\d{1,2}[A-Z]{3}\d{2})(?P<option>-[\dd]+-[CP])?)"
)


def deribit(message: SessionMessage) -> Iterator[Event]:
    """The first message of an instrument's book is a snapshot. A best price of 0 means that there is none."""
    data = message.json()
    if data.get("method") != "subscription":
        yield Other(data.get("method", "answers to requests"))
        return
    channel, told = data["params"]["channel"], data["params"]["data"]
    kind = channel.partition(".")[0]
    if kind == "book":
        yield _book(message, told)
    elif kind == "ticker":
        yield from _ticker(message, told)
    elif kind == "trades" and told:
        for row in told:
            time, side = row["timestamp"] / 1000, taker_side(row["direction"])
            yield TradeEvent(row["instrument_name"], time, row["price"], row["amount"], side, row["trade_seq"])
    else:
        yield Other(kind)


def _book(message: SessionMessage, data: dict[str, Any]) -> BookEvent:
    bids, asks = ([[price, size] for _, price, size in data[side]] for side in ("bids", "asks"))
    last, name = data["change_id"], data["instrument_name"]
    if data["type"] == "snapshot":
        return BookEvent(name, True, bids, asks, message.time, nonce=last)
    return BookEvent(name, False, bids, asks, message.time, ids=UpdateIds(last, previous=data["prev_change_id"]))


def _ticker(message: SessionMessage, data: dict[str, Any]) -> Iterator[Event]:
    name = data["instrument_name"]
    last, bid, ask = (price_or_none(data.get(key)) for key in ("last_price", "best_bid_price", "best_ask_price"))
    sizes = (number(data.get(f"best_{side}_amount")) for side in ("bid", "ask"))
    yield TickerEvent(name, message.time, last, bid, ask, *sizes)
    if data.get("mark_price"):
        yield MarkEvent(name, message.time, data["mark_price"])


def to_symbol(name: str) -> str | None:
    """``BTC-24SEP21-8000-P`` is BTC/USD:BTC-210924-8000-P, ``SOL_USDC-PERPETUAL`` is SOL/USDC:USDC."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    quote = match["quote"]
    symbol = f"{match['base']}/{quote or 'USD'}:{quote or match['base']}"
    if match["end"] is None:
        return symbol
    end = datetime.strptime(match["end"].title(), "%d%b%y").replace(tzinfo=UTC)
    return f"{symbol}-{end:%y%m%d}{(match['option'] or '').replace('d', '.')}"
