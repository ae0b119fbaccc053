# SPDX-License-Identifier: Apache-2.0
"""Upbit: whole books of 15 levels, and trades."""

from __future__ import annotations

from collections.abc import Iterator

from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import BookEvent, Event, Other, TradeEvent, taker_side


def upbit(message: SessionMessage) -> Iterator[Event]:
    """Messages in the short form, ``ty`` for type and so on."""
    data = message.json()
    kind = data.get("ty", "answers to requests") if isinstance(data, dict) else "markets"
    if kind == "orderbook":
        bids, asks = ([[row[f"{side}p"], row[f"{side}s"]] for row in data["obu"]] for side in "ba")
        yield BookEvent(data["cd"], True, bids, asks, message.time)
    elif kind == "trade":
        time, side = data["ttms"] / 1000, taker_side(data["ab"])
        yield TradeEvent(data["cd"], time, data["tp"], data["tv"], side, data["sid"])
    else:
        yield Other(kind)


def to_symbol(name: str) -> str | None:
    """The quote comes first: ``KRW-LAMB`` is LAMB/KRW."""
    quote, _, base = name.partition("-")
    return f"{base}/{quote}" if base and quote else None
