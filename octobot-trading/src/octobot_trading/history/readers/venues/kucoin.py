# SPDX-License-Identifier: Apache-2.0
"""KuCoin: REST snapshots, level2 deltas, matches and tickers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Instruments,
    Other,
    TickerEvent,
    TradeEvent,
    json_data,
    number,
    price_or_none,
    query_value,
    taker_side,
    to_integer,
    to_number,
)

_ASSETS = {"BCHSV": "BSV"}


def kucoin(message: SessionMessage) -> Iterator[Event]:
    """A price of 0 in a delta means that only the number went on: the message is kept, without that level."""
    data = message.json()
    if message.url is not None:
        yield _snapshot(message, data) if "orderbook/level2" in message.url else Other("answers to requests")
        return
    subject, told = data.get("subject", data.get("type", "")), data.get("data", {})
    if subject == "trade.l2update":
        bids, asks = ([row for row in told["changes"][side] if to_number(row[0])] for side in ("bids", "asks"))
        ids = UpdateIds(told["sequenceEnd"], told["sequenceStart"])
        yield BookEvent(told["symbol"], False, bids, asks, message.time, ids=ids)
    elif subject == "trade.l3match":
        yield _trade(told)
    elif subject == "trade.ticker":
        last, bid, ask = (price_or_none(told[name]) for name in ("price", "bestBid", "bestAsk"))
        sizes = (number(told[name]) for name in ("bestBidSize", "bestAskSize"))
        yield TickerEvent(data["topic"].partition(":")[2], message.time, last, bid, ask, *sizes)
    else:
        yield Other(subject)


def _snapshot(message: SessionMessage, data: dict[str, Any]) -> BookEvent:
    symbol, book = query_value(message.url, "symbol"), data["data"]
    if symbol is None:
        raise ValueError("a snapshot that does not tell its market")
    return BookEvent(symbol, True, book["bids"], book["asks"], message.time, nonce=to_integer(book["sequence"]))


def _trade(data: dict[str, Any]) -> TradeEvent:
    # Trades are named by texts; the number of the change to the book that each is, is its own.
    price, size, side = to_number(data["price"]), to_number(data["size"]), taker_side(data["side"])
    return TradeEvent(data["symbol"], to_integer(data["time"]) / 1e9, price, size, side, to_integer(data["sequence"]))


def instruments(message: SessionMessage) -> Instruments:
    """The pairs of the list of symbols."""
    rows = json_data(message, "data")
    return {row["symbol"]: f"{row['baseCurrency']}/{row['quoteCurrency']}" for row in rows}


def to_symbol(name: str) -> str | None:
    """``BCHSV-USDT`` is BSV/USDT."""
    base, _, quote = name.partition("-")
    return f"{_ASSETS.get(base, base)}/{_ASSETS.get(quote, quote)}" if base and quote else None
