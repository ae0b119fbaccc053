# SPDX-License-Identifier: Apache-2.0
"""What recorded venues said of their books: one function per venue turns a received message into book events."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.history.readers.recorded_session import SessionMessage

Levels = list[Sequence[Any]]


class BookEvent(NamedTuple):
    """A snapshot, or a delta where ``whole`` is False."""

    symbol: str
    whole: bool
    bids: Levels
    asks: Levels
    time: float
    nonce: int | None = None
    ids: UpdateIds | None = None
    checksum: int | None = None


def _sides(rows: Iterable[tuple[str, Any, Any]], buy: str = "buy") -> tuple[Levels, Levels]:
    sides: tuple[Levels, Levels] = ([], [])
    for side, price, size in rows:
        sides[side != buy].append([price, size])
    return sides


def binance(message: SessionMessage) -> Iterator[BookEvent]:
    """Spot, USD-M and COIN-M: REST snapshots and depth streams."""
    if "lastUpdateId" in message.text:
        data = message.json()
        symbol = message.url.split("symbol=")[1].split("&")[0] if message.url else data.get("symbol", "BTCUSDT")
        yield BookEvent(symbol, True, data["bids"], data["asks"], message.time, nonce=data["lastUpdateId"])
    elif '"depthUpdate"' in message.text:
        data = message.json()["data"]
        ids = UpdateIds(data["u"], data["U"], data.get("pu"))
        yield BookEvent(data["s"], False, data["b"], data["a"], message.time, ids=ids)


def binance_best(message: SessionMessage) -> Iterator[tuple[str, int, tuple[float, ...]]]:
    """Symbol, number of the update, and best bid, its size, best ask, its size."""
    if '@bookTicker","data"' in message.text:
        data = message.json()["data"]
        yield data["s"], data["u"], tuple(float(data[key]) for key in "bBaA")


def bitflyer(message: SessionMessage) -> Iterator[BookEvent]:
    """Snapshots and deltas on channels of their own. A price of 0 stands for market orders in an auction."""
    params = message.json()["params"]
    kind, _, symbol = params["channel"].partition("lightning_board_")
    if not kind and symbol:
        whole = symbol.startswith("snapshot_")
        data = params["message"]
        bids, asks = ([[row["price"], row["size"]] for row in data[side] if row["price"]] for side in ("bids", "asks"))
        yield BookEvent(symbol.removeprefix("snapshot_"), whole, bids, asks, message.time)


class Bitmex:
    """Levels are named by id; updates and deletions do not repeat the price."""

    def __init__(self) -> None:
        self.prices: dict[tuple[str, int], float] = {}

    def __call__(self, message: SessionMessage) -> Iterator[BookEvent]:
        data = message.json()
        if data.get("table") != "orderBookL2":
            return
        for row in data["data"]:
            if "price" in row:
                self.prices[row["symbol"], row["id"]] = row["price"]
        for symbol in dict.fromkeys(row["symbol"] for row in data["data"]):
            rows = [row for row in data["data"] if row["symbol"] == symbol]
            sides = _sides(((row["side"], self.prices[symbol, row["id"]], row.get("size", 0)) for row in rows), "Buy")
            yield BookEvent(symbol, data["action"] == "partial", *sides, message.time)


def bybit_2021(message: SessionMessage) -> Iterator[BookEvent]:
    """The orderBookL2_25 topic of version 2."""
    data = message.json()
    if not data.get("topic", "").startswith("orderBookL2_25."):
        return
    symbol, number = data["topic"].split(".")[1], int(data["cross_seq"])
    if data["type"] == "snapshot":
        rows = data["data"] if isinstance(data["data"], list) else data["data"]["order_book"]
        sides = _sides(((row["side"], row["price"], row["size"]) for row in rows), "Buy")
        yield BookEvent(symbol, True, *sides, message.time, nonce=number)
    else:
        rows = data["data"]["delete"] + data["data"]["update"] + data["data"]["insert"]
        sides = _sides(((row["side"], row["price"], row.get("size", 0)) for row in rows), "Buy")
        yield BookEvent(symbol, False, *sides, message.time, ids=UpdateIds(number))


def bybit_ob500(message: SessionMessage) -> Iterator[BookEvent]:
    """The archive of version 5: 500 levels, updates numbered one by one."""
    data = message.json()
    book, whole = data["data"], data["type"] == "snapshot"
    ids = UpdateIds(book["u"], book["u"])
    nonce = book["u"] if whole else None
    yield BookEvent(book["s"], whole, book["b"], book["a"], message.time, nonce=nonce, ids=ids)


def coinbase(message: SessionMessage) -> Iterator[BookEvent]:
    """The level2 channel."""
    data = message.json()
    if data["type"] == "snapshot":
        yield BookEvent(data["product_id"], True, data["bids"], data["asks"], message.time)
    elif data["type"] == "l2update":
        yield BookEvent(data["product_id"], False, *_sides(data["changes"]), message.time)


def deribit(message: SessionMessage) -> Iterator[BookEvent]:
    """The raw book channel; the first message of an instrument is a snapshot."""
    params = message.json().get("params", {})
    if not params.get("channel", "").startswith("book."):
        return
    data = params["data"]
    bids, asks = ([[price, size] for _, price, size in data[side]] for side in ("bids", "asks"))
    number, symbol = data["change_id"], data["instrument_name"]
    if data["type"] == "snapshot":
        yield BookEvent(symbol, True, bids, asks, message.time, nonce=number)
    else:
        ids = UpdateIds(number, previous=data["prev_change_id"])
        yield BookEvent(symbol, False, bids, asks, message.time, ids=ids)


def gemini(message: SessionMessage) -> Iterator[BookEvent]:
    """The first message of a symbol also tells of trades before; it is the snapshot."""
    data = message.json()
    if data["type"] == "l2_updates":
        yield BookEvent(data["symbol"], "trades" in data, *_sides(data["changes"]), message.time)


def gemini_top(text: str) -> Iterator[BookEvent]:
    """Best bid and ask, a second each."""
    for row in csv.DictReader(io.StringIO(text)):
        bid, ask = row["bid_price_bid_size"].split("_"), row["ask_price_ask_size"].split("_")
        yield BookEvent("ETHUSD", True, [bid], [ask], float(row["time_seconds"]))


def huobi(message: SessionMessage) -> Iterator[BookEvent]:
    """Whole books of 150 levels."""
    data = message.json()
    if ".depth." in data.get("ch", ""):
        yield BookEvent(data["ch"].split(".")[1], True, data["tick"]["bids"], data["tick"]["asks"], message.time)


def hyperliquid(message: SessionMessage) -> Iterator[BookEvent]:
    """Whole books of 20 levels."""
    data = message.json()
    if data["channel"] == "l2Book":
        bids, asks = ([[row["px"], row["sz"]] for row in rows] for rows in data["data"]["levels"])
        yield BookEvent(data["data"]["coin"], True, bids, asks, message.time)


def kraken(message: SessionMessage) -> Iterator[BookEvent]:
    """The book channel of version 1: the two sides of a delta may come in two parts, the checksum in the last."""
    data = message.json()
    if not isinstance(data, list) or not data[-2].startswith("book"):
        return
    parts: dict[str, Any] = {}
    for part in data[1:-2]:
        parts |= part
    symbol, checksum = data[-1], int(parts["c"]) if "c" in parts else None
    if "as" in parts:
        yield BookEvent(symbol, True, parts["bs"], parts["as"], message.time, checksum=checksum)
    else:
        yield BookEvent(symbol, False, parts.get("b", []), parts.get("a", []), message.time, checksum=checksum)


def kucoin(message: SessionMessage) -> Iterator[BookEvent]:
    """REST snapshots and level2 deltas; a price of 0 means that only the number went on."""
    data = message.json()
    if message.url:
        if "orderbook/level2" in message.url:
            symbol, book = message.url.split("symbol=")[1], data["data"]
            yield BookEvent(symbol, True, book["bids"], book["asks"], message.time, nonce=int(book["sequence"]))
    elif data.get("subject") == "trade.l2update":
        book = data["data"]
        bids, asks = ([row for row in book["changes"][side] if float(row[0])] for side in ("bids", "asks"))
        ids = UpdateIds(book["sequenceEnd"], book["sequenceStart"])
        yield BookEvent(book["symbol"], False, bids, asks, message.time, ids=ids)


def okx(message: SessionMessage) -> Iterator[BookEvent]:
    """The books channel, 400 levels with a checksum each time."""
    data = message.json()
    if data.get("arg", {}).get("channel") != "books" or "data" not in data:
        return
    for book in data["data"]:
        whole = data["action"] == "snapshot"
        symbol = data["arg"]["instId"]
        yield BookEvent(symbol, whole, book["bids"], book["asks"], message.time, checksum=book["checksum"])


def upbit(message: SessionMessage) -> Iterator[BookEvent]:
    """Whole books of 15 levels."""
    data = message.json()
    if data["ty"] == "orderbook":
        bids, asks = ([[row[side + "p"], row[side + "s"]] for row in data["obu"]] for side in "ba")
        yield BookEvent(data["cd"], True, bids, asks, message.time)


def tardis_depth(snapshot: str, updates: str) -> Iterator[BookEvent]:
    """Binance futures as CSV rows, a row a level; rows of one update share its numbers."""
    for whole, text in ((True, snapshot), (False, updates)):
        groups: dict[tuple[str, ...], tuple[Levels, Levels]] = {}
        for row in csv.DictReader(io.StringIO(text)):
            key = (row["symbol"], row["timestamp"], row["first_update_id"], row["last_update_id"], row["pu"])
            groups.setdefault(key, ([], []))[row["side"] == "a"].append([row["price"], row["qty"]])
        for (symbol, time, first, last, previous), sides in groups.items():
            ids = UpdateIds(int(last), int(first), int(previous))
            yield BookEvent(symbol, whole, *sides, int(time) / 1000, nonce=int(last) if whole else None, ids=ids)


def json_lines(text: str, name: str) -> Iterator[SessionMessage]:
    """The messages of an archive that says when they were made, not when they were received."""
    for row, line in enumerate(text.splitlines(), 1):
        yield SessionMessage(json.loads(line)["ts"] / 1000, None, line, row, name)
