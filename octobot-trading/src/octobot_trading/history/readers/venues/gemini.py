# SPDX-License-Identifier: Apache-2.0
"""Gemini: version 2 of its market data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Instruments,
    Other,
    TradeEvent,
    taker_side,
    to_number,
    two_sides,
)
from octobot_trading.history.readers.venues.pair_names import split_pair

_QUOTES = ("GUSD", "USDT", "USDC", "USD", "DAI", "GBP", "EUR", "SGD", "BTC", "ETH", "BCH", "LTC", "FIL")


def gemini(message: SessionMessage) -> Iterator[Event]:
    """The first message of a symbol is the snapshot; it also tells of the trades before."""
    data = message.json()
    kind = data.get("type", "answers to requests") if isinstance(data, dict) else "symbols"
    if kind == "l2_updates":
        yield BookEvent(data["symbol"], "trades" in data, *two_sides(data["changes"]), message.time)
        for row in reversed(data.get("trades", [])):
            yield _trade(row)
    elif kind == "trade":
        yield _trade(data)
    else:
        yield Other(kind)


def _trade(row: dict[str, Any]) -> TradeEvent:
    price, amount = to_number(row["price"]), to_number(row["quantity"])
    return TradeEvent(row["symbol"], row["timestamp"] / 1000, price, amount, taker_side(row["side"]), row["event_id"])


def instruments(message: SessionMessage) -> Instruments:
    """The one symbol of an answer to a request for its details."""
    data = message.json()
    if not isinstance(data, dict) or "base_currency" not in data:
        return {}
    return {data["symbol"]: f"{data['base_currency']}/{data['quote_currency']}"}


def to_symbol(name: str) -> str | None:
    """``ALCXUSD`` is ALCX/USD; ``ETHGUSD`` is ETH/GUSD."""
    return split_pair(name, _QUOTES)
