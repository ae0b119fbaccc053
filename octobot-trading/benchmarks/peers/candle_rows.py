# SPDX-License-Identifier: Apache-2.0
"""What every store of candles is asked. Standard library only.

A store has ``append``, ``update`` (the candle in construction, where there is one) and ``closes(count)``, a fresh array
of the newest closes, -1 for all. ``by_row`` says that it takes a candle as one list rather than as six numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import starmap
from typing import Any

from measured import timed

MINUTE = 60.0
EMPTY = "append to an empty store"
FULL = {1_000: "append, 1,000 kept", 10_000: "append, 10,000 kept"}
UPDATE = "update the candle in construction"
READS = {20: "last 20 closes", 100: "last 100 closes", 500: "last 500 closes", -1: "all 1,000 closes"}
WRAPPED = "last 100 closes, each after an append"
NAMES = [EMPTY, *FULL.values(), UPDATE, *READS.values(), WRAPPED]


def candle(number: int) -> list[float]:
    return [number * MINUTE, 1.0, 2.0, 0.5, 1.0 + number % 97, 7.0]


def candles(first: int, count: int) -> list[list[float]]:
    return [candle(number) for number in range(first, first + count)]


def feed(store: Any, rows: list[list[float]]) -> None:
    if getattr(store, "by_row", False):
        append = store.append
        for row in rows:
            append(row)
    else:
        for _ in starmap(store.append, rows):
            pass


class Filled:
    """A store with as many candles as it keeps, and what number comes next."""

    def __init__(self, make: Callable[[int], Any], kept: int) -> None:
        self.store, self.next = make(kept), 0
        self.take(getattr(self.store, "filled_by", kept))
        closes = self.store.closes(3)
        if list(closes) != [candle(number)[4] for number in range(self.next - 3, self.next)]:
            raise AssertionError(f"the last closes are {closes}")

    def take(self, count: int) -> None:
        feed(self.store, self.more(count))

    def more(self, count: int) -> list[list[float]]:
        self.next += count
        return candles(self.next - count, count)


def rows(make: Callable[[int], Any]) -> dict[str, Callable[[], float]]:
    """What each row of the table measures of the stores that ``make(kept)`` makes."""
    thousand = Filled(make, 1_000)
    found = {EMPTY: timed(lambda count: empty(make, count), 1_000)}
    for kept, name in FULL.items():
        filled = thousand if kept == 1_000 else Filled(make, kept)
        found[name] = timed(lambda count, filled=filled: append(filled, count))
    if hasattr(thousand.store, "update"):
        found[UPDATE] = timed(lambda count: update(thousand, count))
    for limit, name in READS.items():
        found[name] = timed(lambda count, limit=limit: read(thousand.store, limit, count))
    found[WRAPPED] = timed(lambda count: append_and_read(thousand, count))
    return found


def empty(make: Callable[[int], Any], count: int) -> Callable[[], None]:
    store, new = make(10_000), candles(0, count)
    return lambda: feed(store, new)


def append(filled: Filled, count: int) -> Callable[[], None]:
    new = filled.more(count)
    return lambda: feed(filled.store, new)


def update(filled: Filled, count: int) -> Callable[[], None]:
    store, row = filled.store, candle(filled.next)

    def run() -> None:
        change = store.update
        if getattr(store, "by_row", False):
            for _ in range(count):
                change(row)
        else:
            time, first, high, low, close, volume = row
            for _ in range(count):
                change(time, first, high, low, close, volume)

    return run


def read(store: Any, limit: int, count: int) -> Callable[[], None]:
    def run() -> None:
        closes = store.closes
        for _ in range(count):
            closes(limit)

    return run


def append_and_read(filled: Filled, count: int) -> Callable[[], None]:
    store, new = filled.store, filled.more(count)

    def run() -> None:
        closes = store.closes
        if getattr(store, "by_row", False):
            for row in new:
                store.append(row)
                closes(100)
        else:
            for row in new:
                store.append(*row)
                closes(100)

    return run
