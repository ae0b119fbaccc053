# SPDX-License-Identifier: Apache-2.0
"""Hyperliquid: whole books of 20 levels, and trades."""

from __future__ import annotations

import re
from collections.abc import Iterator

from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Other,
    TradeEvent,
    taker_side,
    to_number,
)


def hyperliquid(message: SessionMessage) -> Iterator[Event]:
    """The channels l2Book and trades; of a trade, B bought and A sold."""
    data = message.json()
    kind = data["channel"]
    if kind == "l2Book":
        bids, asks = ([[row["px"], row["sz"]] for row in rows] for rows in data["data"]["levels"])
        yield BookEvent(data["data"]["coin"], True, bids, asks, message.time)
    elif kind == "trades" and data["data"]:
        for row in data["data"]:
            price, size = to_number(row["px"]), to_number(row["sz"])
            yield TradeEvent(row["coin"], row["time"] / 1000, price, size, taker_side(row["side"]), row["tid"])
    else:
        yield Other(kind)


def to_symbol(name: str) -> str | None:
    """``BTC`` is the perpetual BTC/USDC:USDC, ``PURR/USDC`` a spot pair; others are numbers that tell nothing."""
    if "/" in name:
        return name
    return f"{name.upper()}/USDC:USDC" if re.fullmatch(r"\w+", name) else None
