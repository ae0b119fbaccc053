# SPDX-License-Identifier: Apache-2.0
"""Huobi: whole books of 150 levels, and trades."""

from __future__ import annotations

from collections.abc import Iterator

from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Instruments,
    Other,
    TradeEvent,
    json_data,
    taker_side,
)
from octobot_trading.history.readers.venues.pair_names import split_pair

_QUOTES = ("HUSD", "USDT", "USDC", "BTC", "ETH", "TRX", "HT")


def huobi(message: SessionMessage) -> Iterator[Event]:
    """A channel is named like ``market.btcusdt.depth.step0``."""
    data = message.json()
    channel: list[str] = data.get("ch", "").split(".")
    _, symbol, kind, *_ = [*channel, "", "", ""]
    if kind == "depth":
        yield BookEvent(symbol, True, data["tick"]["bids"], data["tick"]["asks"], message.time)
    elif kind == "trade" and data["tick"]["data"]:
        for row in data["tick"]["data"]:
            side = taker_side(row["direction"])
            yield TradeEvent(symbol, row["ts"] / 1000, row["price"], row["amount"], side, row["tradeId"])
    else:
        yield Other(kind or ("ping" if "ping" in data else "answers to requests"))


def instruments(message: SessionMessage) -> Instruments:
    """The pairs of the list of symbols."""
    rows = json_data(message, "data")
    return {row["symbol"]: f"{row['base-currency']}/{row['quote-currency']}".upper() for row in rows}


def to_symbol(name: str) -> str | None:
    """``omgbtc`` is OMG/BTC."""
    return split_pair(name, _QUOTES)
