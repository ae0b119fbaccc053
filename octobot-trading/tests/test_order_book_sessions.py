# SPDX-License-Identifier: Apache-2.0
"""Every recorded order-book session through the book: checksums, sequences, crossed states, and planted faults.

``pytest -rP`` prints the counts of each session.
"""

from __future__ import annotations

import math
import sys
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from octobot_trading.exchange_data.order_book import KRAKEN, OKX, OrderBook, StaleReason
from octobot_trading.exchange_data.order_book.sequences import IncreasingRule, LinkedRule, RangeRule
from octobot_trading.history.readers import recorded_session
from octobot_trading.history.readers.content import load_content
from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues.events import BookEvent
from octobot_trading.history.session_recordings import group_files
from octobot_trading.history.sessions import session_events

sys.path.insert(0, str(Path(__file__).parent / "reference"))
from order_book import BookReference

_PROJECT_PARENTS = 3


def recordings() -> Path:
    parents = Path(__file__).resolve().parents
    return parents[min(_PROJECT_PARENTS, len(parents) - 1)] / "shared" / "data" / "orderbook"


def found(name: str) -> Path:
    path = recordings() / name
    if not path.exists():
        pytest.skip(f"the recorded sessions are not at hand: {path}")
    return path


@dataclass(frozen=True)
class Session:
    """Its files, how its books are made, and what is in it."""

    files: tuple[str, ...]
    symbols: int
    snapshots: int
    deltas: int
    checksums: int = 0
    options: dict[str, Any] = field(default_factory=dict, hash=False)
    tick_size: float = 0.0
    gaps: int = 0

    def events(self) -> Iterator[BookEvent]:
        """The events of all its files by time; the sockets and requests of a session are in files of their own."""
        (group,) = group_files([load_content(found(name)) for name in self.files])
        for _, events in session_events(group):
            yield from (event for event in events if isinstance(event, BookEvent))

    def book(self, symbol: str, tick_size: float | None = None) -> OrderBook:
        return OrderBook(symbol, self.tick_size if tick_size is None else tick_size, **self.options)


def feed(*names: str) -> tuple[str, ...]:
    return tuple(f"cryptofeed/{name}.0.xz" for name in names)


RANGE, LINKED, GROWING = ({"sequence": rule} for rule in (RangeRule(), LinkedRule(), IncreasingRule()))
THOUSAND = {"checksum": KRAKEN, "depth_limit": 1000}
RAW = "hftbacktest/binance_"
SESSIONS = {
    # The second file goes on exactly where the first one ends.
    "Binance spot, BTC/USDT": Session(
        (f"{RAW}spot_btcusdt_20240808.gz", f"{RAW}spot_btcusdt_20240809.gz"), 1, 1, 6495, 0, RANGE, 0.01
    ),
    "Binance USD-M, BTC/USDT": Session((f"{RAW}usdm_btcusdt_20240808.gz",), 1, 1, 6551, 0, LINKED, 0.1),
    "Binance COIN-M, BTC/USD": Session((f"{RAW}cm_btcusd_perp_20240808.gz",), 1, 1, 26847, 0, LINKED, 0.1),
    "Binance spot": Session(feed("BINANCE.http.0", "BINANCE.ws.1"), 4, 4, 177, 0, RANGE),
    "Binance USD-M": Session(feed("BINANCE_FUTURES.http.0", "BINANCE_FUTURES.ws.1"), 4, 4, 764, 0, LINKED),
    # Its one update came ten minutes after its snapshot: what lies between is missing, as the book must say.
    "Binance USD-M, CSV": Session(("nautilus/binance-depth.zip",), 1, 1, 1, 0, LINKED, gaps=1),
    "bitFlyer": Session(feed("BITFLYER.ws.1"), 10, 60, 722),
    "BitMEX": Session(feed("BITMEX.ws.1"), 10, 10, 1969),
    "Bybit": Session(feed("BYBIT.ws.25", "BYBIT.ws.26"), 10, 10, 4268, 0, GROWING),
    "Bybit, 500 levels": Session(("nautilus/bybit_xrpusdt-ob500.data.zip",), 1, 1, 49, 0, RANGE, 0.0001),
    "Coinbase": Session(feed("COINBASE.ws.28"), 10, 10, 9719),
    "Deribit": Session(feed("DERIBIT.ws.1"), 10, 10, 36, 0, LINKED),
    "Gemini": Session(feed("GEMINI.ws.1"), 10, 10, 645),
    "Gemini, best prices": Session(("ccapi/gemini_eth-usd_2021-07-01_top-of-book.csv.xz",), 1, 72180, 0),
    "Huobi": Session(feed("HUOBI.ws.44"), 10, 292, 0),
    "Hyperliquid": Session(("hftbacktest/hyperliquid_btcusd_20250126.gz",), 1, 46, 0),
    "Kraken": Session(feed("KRAKEN.ws.48", "KRAKEN.ws.49", "KRAKEN.ws.50"), 10, 10, 4269, 4269, THOUSAND),
    "KuCoin": Session(feed("KUCOIN.http.0", "KUCOIN.ws.1"), 9, 9, 3853, 0, RANGE),
    "OKX": Session(feed("OKX.ws.1"), 3, 3, 287, 290, {"checksum": OKX}),
    "Upbit": Session(feed("UPBIT.ws.62"), 5, 145, 0),
}
NUMBERED = [name for name, session in SESSIONS.items() if session.options in (RANGE, LINKED)]
CHECKSUMMED = [name for name, session in SESSIONS.items() if session.checksums]
#: Sessions whose complete updates leave the book crossed, and how often: none of those recorded does.
CROSSED: dict[str, int] = {}


@lru_cache(maxsize=1)
def events_of(name: str) -> list[BookEvent]:
    """With the venue's own texts."""
    return list(SESSIONS[name].events())


@cache
def numbers_of(name: str) -> list[BookEvent]:
    """The events with their levels as arrays, which take so little room that those of all sessions can be kept."""
    return [event._replace(bids=levels(event.bids), asks=levels(event.asks)) for event in events_of(name)]


def levels(rows: Any) -> Any:
    return np.array([[float(row[0]), float(row[1])] for row in rows]).reshape(-1, 2)


def give(book: OrderBook, event: BookEvent) -> bool:
    if event.whole:
        return book.apply_snapshot(event.bids, event.asks, time=event.time, nonce=event.nonce, checksum=event.checksum)
    return book.apply_delta(event.bids, event.asks, time=event.time, ids=event.ids, checksum=event.checksum)


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session(name: str) -> None:
    session = SESSIONS[name]
    books: dict[str, OrderBook] = {}
    counts: Counter[str] = Counter()
    for event in events_of(name):
        book = books.setdefault(event.symbol, session.book(event.symbol))
        waiting = book.stale_reason() is StaleReason.NO_SNAPSHOT
        applied = give(book, event)
        counts["snapshots" if event.whole else "deltas"] += 1
        counts["level updates"] += len(event.bids) + len(event.asks)
        counts["checksums"] += event.checksum is not None
        counts["kept or already contained"] += not applied
        bid, ask = book.best_bid or -math.inf, book.best_ask or math.inf
        reason = book.stale_reason(event.time)
        if bid >= ask:
            counts["crossed"] += 1
            assert reason is StaleReason.CROSSED
        elif waiting and not event.whole:
            assert reason is StaleReason.NO_SNAPSHOT
        elif reason is StaleReason.SEQUENCE_GAP:
            counts["gaps"] += 1
        else:
            assert reason is None, f"{event.symbol}: {reason}"
    print(f"{name}: {len(books)} books, " + ", ".join(f"{count:,} {what}" for what, count in counts.items() if count))
    assert counts["gaps"] == session.gaps
    assert counts["crossed"] == CROSSED.get(name, 0)
    assert (len(books), counts["snapshots"], counts["deltas"]) == (session.symbols, session.snapshots, session.deltas)
    assert counts["checksums"] == session.checksums
    numbers_of(name)  # while its events are at hand


@pytest.mark.parametrize("name", [name for name, session in SESSIONS.items() if session.symbols == 1])
def test_one_market_is_as_its_twin_at_every_hundredth_update(name: str) -> None:
    session = SESSIONS[name]
    books = [session.book("sorted", 0.0), session.book("by tick", session.tick_size or 0.01)]
    twin = BookReference()
    synchronized = False
    for number, event in enumerate(numbers_of(name)):
        applied = [give(book, event) for book in books]
        assert applied[0] == applied[1]
        if event.whole and not synchronized:
            # What was kept from before this snapshot was applied with it.
            twin.replace(*books[0].depth())
            synchronized = True
        elif applied[0]:
            (twin.replace if event.whole else twin.update)(event.bids.tolist(), event.asks.tolist())
        if number % 100 == 0:
            for book in books:
                assert book.depth(20) == (twin.levels("bids", 20), twin.levels("asks", 20))
    for book in books:
        assert book.depth() == (twin.levels("bids"), twin.levels("asks"))
        assert len(book) > 0


@pytest.mark.parametrize("name", [name for name in SESSIONS if name.startswith("Binance") and "CSV" not in name])
def test_the_best_levels_are_those_that_the_venue_tells(name: str) -> None:
    """After each update, against the last best prices up to its number on the venue's stream of best prices."""
    session = SESSIONS[name]
    told: dict[str, list[tuple[int, tuple[float, ...]]]] = {}
    for file in session.files:
        for message in recorded_session.read(load_content(found(file))):
            for symbol, number, best in binance_best(message):
                told.setdefault(symbol, []).append((number, best))
    books: dict[str, OrderBook] = {}
    compared, other = 0, []
    for event in numbers_of(name):
        book = books.setdefault(event.symbol, session.book(event.symbol))
        if not give(book, event) or event.ids is None:
            continue
        known = told.get(event.symbol, [])
        place = bisect(known, event.ids.last, key=lambda one: one[0])
        # After the last one told, nobody knows whether a later one was cut off.
        if 0 < place < len(known):
            compared += 1
            best = (book.best_bid, book.best_bid_size, book.best_ask, book.best_ask_size)
            if best != known[place - 1][1]:
                other.append((event.ids.last, best, known[place - 1]))
    print(f"{name}: {compared:,} best levels compared, {len(other)} other")
    # In the spot recording the stream of best prices is silent on two orders taken away and placed again at once.
    assert len(other) == (2 if name == "Binance spot, BTC/USDT" else 0), other
    assert compared > 100


def binance_best(message: SessionMessage) -> Iterator[tuple[str, int, tuple[float, ...]]]:
    """Symbol, number of the update, and best bid, its size, best ask, its size."""
    if '@bookTicker","data"' in message.text:
        data = message.json()["data"]
        yield data["s"], data["u"], tuple(float(data[key]) for key in "bBaA")


@pytest.mark.parametrize("name", NUMBERED)
def test_a_missed_update_is_found_with_the_next_one(name: str) -> None:
    leave_updates_out(name, 10)


@pytest.mark.long
@pytest.mark.parametrize("name", NUMBERED)
def test_each_of_many_missed_updates_is_found(name: str) -> None:
    leave_updates_out(name, 100)


def leave_updates_out(name: str, most: int) -> None:
    """Up to so many updates of each symbol in turn."""
    by_symbol: dict[str, list[BookEvent]] = {}
    for event in numbers_of(name):
        by_symbol.setdefault(event.symbol, []).append(event)
    planted = 0
    for symbol, events in by_symbol.items():
        first = next(number for number, event in enumerate(events) if event.whole)
        book = SESSIONS[name].book(symbol)
        applied = [number for number, event in enumerate(events) if give(book, event) and number > first]
        # An update that ends where the snapshot does says nothing new; without it nothing is missed.
        candidates = [number for number in applied[:-1] if is_new(events[number], events[first])]
        for missing in candidates[:: max(1, len(candidates) // most)]:
            book = SESSIONS[name].book(symbol)
            for event in [*events[max(0, first - 100) : missing], events[missing + 1]]:
                give(book, event)
            assert book.stale_reason() is StaleReason.SEQUENCE_GAP, (symbol, missing)
            planted += 1
    print(f"{name}: {planted} updates left out, all found")
    assert planted or SESSIONS[name].gaps


def is_new(event: BookEvent, snapshot: BookEvent) -> bool:
    return event.ids is not None and snapshot.nonce is not None and event.ids.last > snapshot.nonce


@pytest.mark.parametrize("name", CHECKSUMMED)
def test_a_wrong_digit_among_the_levels_of_the_checksum_is_found(name: str) -> None:
    session = SESSIONS[name]
    rule = session.options["checksum"]
    books: dict[str, OrderBook] = {}
    planted = 0
    for event in events_of(name):
        book = books.setdefault(event.symbol, session.book(event.symbol))
        if not event.whole and planted < 200 and event.bids and float(event.bids[-1][1]):
            price, size = event.bids[-1][:2]
            spoiled = session.book(event.symbol)
            texts = dict(list_of_texts(book))
            spoiled.apply_snapshot(*texts.values(), time=event.time)
            wrong = event._replace(bids=[*event.bids[:-1], [price, size[:-1] + ("1" if size[-1] != "1" else "2")]])
            give(spoiled, wrong)
            seen = [price for price, _ in spoiled.levels("bids", rule.depth)]
            failed = spoiled.stale_reason() is StaleReason.CHECKSUM_FAILED
            assert failed == (float(price) in seen)
            planted += failed
        give(book, event)
    print(f"{name}: {planted} wrong digits, all found")
    assert planted > 10


def list_of_texts(book: OrderBook) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The venue's own texts of a book's levels."""
    assert book._texts is not None
    for side, texts in book._texts._texts.items():
        yield side, [texts[price] for price, _ in book.levels(side)]
