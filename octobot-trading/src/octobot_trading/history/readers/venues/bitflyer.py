# SPDX-License-Identifier: Apache-2.0
"""bitFlyer: snapshots and deltas on channels of their own, executions, tickers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from octobot_trading.history.kinds import UNKNOWN_SIDE
from octobot_trading.history.naming import split_symbol
from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Levels,
    Other,
    TickerEvent,
    TradeEvent,
    iso_time,
    price_or_none,
    taker_side,
)

_DATED = re.compile(r"(?P<pair>[A-Z]+)(?P<end>\d{2}[A-Z]{3}\d{4})")


def bitflyer(message: SessionMessage) -> Iterator[Event]:
    """A price of 0 in a book stands for market orders in an auction and is no level."""
    data = message.json()
    if not isinstance(data, dict) or data.get("method") != "channelMessage":
        yield Other("answers to requests")
        return
    channel, told = data["params"]["channel"], data["params"]["message"]
    kind, _, symbol = channel.removeprefix("lightning_").partition("_")
    if kind == "board":
        whole = symbol.startswith("snapshot_")
        bids, asks = _levels(told["bids"]), _levels(told["asks"])
        yield BookEvent(symbol.removeprefix("snapshot_"), whole, bids, asks, message.time)
    elif kind == "executions":
        for row in told:
            side = taker_side(row["side"]) if row["side"] else UNKNOWN_SIDE
            yield TradeEvent(symbol, iso_time(row["exec_date"]), row["price"], row["size"], side, row["id"])
    elif kind == "ticker":
        last, bid, ask = (price_or_none(told[name]) for name in ("ltp", "best_bid", "best_ask"))
        yield TickerEvent(symbol, message.time, last, bid, ask, told["best_bid_size"], told["best_ask_size"])
    else:
        yield Other(kind)


def _levels(rows: list[dict[str, Any]]) -> Levels:
    return [[row["price"], row["size"]] for row in rows if row["price"]]


def to_symbol(name: str) -> str | None:
    """``BTC_JPY`` is BTC/JPY, ``FX_BTC_JPY`` its perpetual, ``BTCJPY24DEC2021`` ends that day."""
    match = _DATED.fullmatch(name)
    if match:
        pair = split_symbol(match["pair"])
        end = datetime.strptime(match["end"].title(), "%d%b%Y").replace(tzinfo=UTC)
        return pair and f"{pair}:{pair.partition('/')[2]}-{end:%y%m%d}"
    base, _, quote = name.removeprefix("FX_").partition("_")
    return f"{base}/{quote}{f':{quote}' if name.startswith('FX_') else ''}" if base and quote else None
