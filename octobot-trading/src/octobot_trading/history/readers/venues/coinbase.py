# SPDX-License-Identifier: Apache-2.0
"""Coinbase: level2, matches and tickers of its exchange feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Other,
    TickerEvent,
    TradeEvent,
    iso_time,
    number,
    price_or_none,
    taker_side,
    to_number,
    two_sides,
)


def coinbase(message: SessionMessage) -> Iterator[Event]:
    """The products' names are symbols but for their hyphen."""
    data = message.json()
    kind = data["type"] if isinstance(data, dict) else "products"
    if kind == "snapshot":
        yield BookEvent(data["product_id"], True, data["bids"], data["asks"], message.time)
    elif kind == "l2update":
        yield BookEvent(data["product_id"], False, *two_sides(data["changes"]), message.time)
    elif kind in ("match", "last_match"):
        yield _trade(data)
    elif kind == "ticker":
        last, bid, ask = (price_or_none(data.get(name)) for name in ("price", "best_bid", "best_ask"))
        sizes = (number(data.get(f"best_{side}_size")) for side in ("bid", "ask"))
        yield TickerEvent(data["product_id"], message.time, last, bid, ask, *sizes)
    else:
        yield Other(kind)


def _trade(data: dict[str, Any]) -> TradeEvent:
    # The side is the maker's.
    side = -taker_side(data["side"])
    price, size = to_number(data["price"]), to_number(data["size"])
    return TradeEvent(data["product_id"], iso_time(data["time"]), price, size, side, data["trade_id"])


def to_symbol(name: str) -> str | None:
    """``SKL-EUR`` is SKL/EUR."""
    base, _, quote = name.partition("-")
    return f"{base}/{quote}" if base and quote else None
