# SPDX-License-Identifier: Apache-2.0
"""The compiled order book beside its plain twin and, where installed, beside others, on one made-up market.

Levels change near the best price more often than far from it, one change in four takes a level away, and the best price
wanders. Figures are millions of level updates a second, and full replacements a second: medians of interleaved runs.
"""

from __future__ import annotations

import importlib
import random
import statistics
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from octobot_trading.exchange_data.order_book._book import Book

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reference"))
from order_book import BookReference

TICK = 0.01
DEPTH = 1_000
BATCHES = 2_000
ROWS = 25
REPETITIONS = 9
Batch = tuple[list[Any], list[Any]]


def market(seed: int = 7) -> tuple[Batch, list[Batch]]:
    """A snapshot and the changes after it, sides never crossing."""
    draw = random.Random(seed)
    middle = 6_000_000
    bids = [[(middle - step) / 100, draw.uniform(0.1, 9)] for step in range(1, DEPTH + 1)]
    asks = [[(middle + step) / 100, draw.uniform(0.1, 9)] for step in range(1, DEPTH + 1)]
    batches = []
    for _ in range(BATCHES):
        middle += draw.choice([-3, -1, 0, 0, 1, 3])
        rows: list[list[Any]] = [[], []]
        for _ in range(2 * ROWS):
            step = min(DEPTH, 1 + int(draw.expovariate(1 / 60)))
            side = draw.randrange(2)
            size = 0.0 if draw.random() < 0.25 else round(draw.uniform(0.1, 9), 3)
            rows[side].append([(middle - step if side == 0 else middle + step) / 100, size])
        batches.append((rows[0], rows[1]))
    return (bids, asks), batches


def as_arrays(batch: Batch) -> Batch:
    bids, asks = (np.array(rows, dtype=np.float64).reshape(-1, 2) for rows in batch)
    return bids, asks  # type: ignore[return-value]


def as_texts(batch: Batch) -> Batch:
    bids, asks = ([[f"{price:.2f}", f"{size:.8f}"] for price, size in rows] for rows in batch)
    return bids, asks


def merged(batches: list[Batch], count: int) -> list[Batch]:
    """Fewer and longer updates."""
    parts = [batches[first : first + count] for first in range(0, len(batches), count)]
    return [(list(chain(*(bids for bids, _ in part))), list(chain(*(asks for _, asks in part)))) for part in parts]


class Sorted:
    """What most clients do: a sorted dict for each side."""

    def __init__(self, kind: Any) -> None:
        self.sides = (kind(), kind())

    def replace(self, bids: Any, asks: Any) -> None:
        for side, rows in zip(self.sides, (bids, asks), strict=True):
            side.clear()
            side.update(rows)

    def update(self, bids: Any, asks: Any) -> None:
        for side, rows in zip(self.sides, (bids, asks), strict=True):
            for price, size in rows:
                if size:
                    side[price] = size
                else:
                    side.pop(price, None)


class Ccxt:
    """ccxt's order book; its sides order themselves row by row."""

    def __init__(self, module: Any) -> None:
        self.book = module.OrderBook({}, None)

    def replace(self, bids: Any, asks: Any) -> None:
        self.book.reset({"bids": bids, "asks": asks})

    def update(self, bids: Any, asks: Any) -> None:
        for row in bids:
            self.book["bids"].storeArray(row)
        for row in asks:
            self.book["asks"].storeArray(row)


class Nautilus:
    """NautilusTrader's book, its order objects built from the same rows."""

    def __init__(self, model: Any, data: Any, enums: Any, identifiers: Any, objects: Any) -> None:
        self.data, self.enums, self.objects = data, enums, objects
        self.instrument = identifiers.InstrumentId.from_str("BTCUSDT.BINANCE")
        self.book = model.OrderBook(self.instrument, enums.BookType.L2_MBP)

    def replace(self, bids: Any, asks: Any) -> None:
        self.book.clear(0, 0)
        self.update(bids, asks)

    def update(self, bids: Any, asks: Any) -> None:
        data, enums, objects = self.data, self.enums, self.objects
        for side, rows in ((enums.OrderSide.BUY, bids), (enums.OrderSide.SELL, asks)):
            for price, size in rows:
                order = data.BookOrder(side, objects.Price(price, 2), objects.Quantity(size, 3), 0)
                action = enums.BookAction.UPDATE if size else enums.BookAction.DELETE
                self.book.apply_delta(data.OrderBookDelta(self.instrument, action, order, 0, 0, 0, 0))


def others() -> dict[str, Callable[[], Any]]:
    """Makers of the books of packages that are installed here."""
    found: dict[str, Callable[[], Any]] = {}
    makers: dict[str, tuple[list[str], Callable[..., Any]]] = {
        "sortedcontainers": (["sortedcontainers"], lambda module: Sorted(module.SortedDict)),
        "ccxt": (["ccxt.async_support.base.ws.order_book"], Ccxt),
        "NautilusTrader": (
            [f"nautilus_trader.model.{part}" for part in ("book", "data", "enums", "identifiers", "objects")],
            Nautilus,
        ),
    }
    for name, (modules, maker) in makers.items():
        try:
            loaded = [importlib.import_module(module) for module in modules]
        except ImportError:
            continue
        found[name] = lambda maker=maker, loaded=loaded: maker(*loaded)
    return found


def updates(book: Any, snapshot: Batch, batches: list[Batch]) -> Callable[[], float]:
    """Level updates per second of one run over all batches."""
    rows = sum(len(bids) + len(asks) for bids, asks in batches)

    def run() -> float:
        book.replace(*snapshot)
        update = book.update
        started = perf_counter()
        for bids, asks in batches:
            update(bids, asks)
        return rows / (perf_counter() - started)

    return run


def snapshots(book: Any, snapshot: Batch, count: int = 50) -> Callable[[], float]:
    """Full replacements per second."""

    def run() -> float:
        replace = book.replace
        started = perf_counter()
        for _ in range(count):
            replace(*snapshot)
        return count / (perf_counter() - started)

    return run


def print_table(title: str, unit: float, cases: dict[str, Callable[[], float]]) -> None:
    """The first case is what the ratios are to."""
    rates: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(REPETITIONS):
        for name, run in cases.items():
            rates[name].append(run())
    medians = {name: statistics.median(found) / unit for name, found in rates.items()}
    base = next(iter(medians.values()))
    print(f"\n{title:<64}{'rate':>10}{'ratio':>9}")
    for name, rate in medians.items():
        print(f"{name:<64}{rate:>10,.2f}{rate / base:>8.1f}x")


def main() -> None:
    snapshot, batches = market()
    longer = merged(batches, 20)
    arrays, long_arrays = list(map(as_arrays, batches)), list(map(as_arrays, longer))
    cases = {"plain Python, dicts": updates(BookReference(), snapshot, batches)}
    cases |= {f"{name}, lists of floats": updates(make(), snapshot, batches) for name, make in others().items()}
    for name, tick in (("sorted", 0.0), ("with tick window", TICK)):
        cases |= {
            f"Book {name}, lists of floats": updates(Book(tick), snapshot, batches),
            f"Book {name}, lists of text": updates(Book(tick), snapshot, list(map(as_texts, batches))),
            f"Book {name}, float64 arrays of {ROWS} rows": updates(Book(tick), snapshot, arrays),
            f"Book {name}, float64 arrays of {20 * ROWS} rows": updates(Book(tick), snapshot, long_arrays),
        }
    print_table(f"order book, {DEPTH:,} levels a side: M level updates/s", 1e6, cases)

    cases = {"plain Python, dicts": snapshots(BookReference(), snapshot)}
    cases |= {f"{name}, lists of floats": snapshots(make(), snapshot) for name, make in others().items()}
    for name, tick in (("sorted", 0.0), ("with tick window", TICK)):
        cases |= {
            f"Book {name}, lists of floats": snapshots(Book(tick), snapshot),
            f"Book {name}, lists of text": snapshots(Book(tick), as_texts(snapshot)),
            f"Book {name}, float64 arrays": snapshots(Book(tick), as_arrays(snapshot)),
        }
    print_table(f"replacing {DEPTH:,} levels a side: full updates/s", 1, cases)


if __name__ == "__main__":
    main()
