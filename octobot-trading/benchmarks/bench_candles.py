# SPDX-License-Identifier: Apache-2.0
"""The compiled candle ring beside the same structure in plain Python, its columns numpy arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from interleaved import Case, print_table
from numpy.typing import NDArray

from octobot_trading.exchange_data.ohlcv._candle_ring import CandleRing

LOOPS = 5_000
KEPT = 1_000
HOUR = 3600.0


class PlainRing:
    """Rows behind one another in a block twice as long as what is kept, as in the compiled ring."""

    def __init__(self, seconds: float, capacity: int) -> None:
        self.seconds = seconds
        self.capacity = capacity
        self._block = np.empty((6, 2 * capacity))
        self._start = self._end = 0
        self._construction: list[float] | None = None
        self.late = 0

    def append(self, time: float, open: float, high: float, low: float, close: float, volume: float) -> bool:
        if self._construction is not None and self._construction[0] <= time:
            self._construction = None
        if self._end > self._start:
            last = self._block[0, self._end - 1]
            if time <= last:
                if time == last:
                    self._block[:, self._end - 1] = (time, open, high, low, close, volume)
                else:
                    self.late += 1
                return False
        if self._end == self._block.shape[1]:
            kept = self._end - self._start
            self._block[:, :kept] = self._block[:, self._start :]
            self._start, self._end = 0, kept
        self._block[:, self._end] = (time, open, high, low, close, volume)
        self._end += 1
        if self._end - self._start > self.capacity:
            self._start += 1
        return True

    def merge_construction(self, time: float, open: float, high: float, low: float, close: float, volume: float) -> int:
        start = time // self.seconds * self.seconds
        candle = self._construction
        if candle is None or candle[0] != start:
            self._construction = [start, open, high, low, close, volume]
            return 1
        if high > candle[2]:
            candle[2] = high
        if low < candle[3]:
            candle[3] = low
        candle[4] = close
        candle[5] += volume
        return 1

    def column(self, index: int, limit: int = -1) -> NDArray[np.float64]:
        first = self._start if limit < 0 else max(self._start, self._end - limit)
        return self._block[index, first : self._end].copy()

    def candle(self) -> list[float]:
        return self._block[:, self._end - 1].tolist()


def filled(ring_class: type[Any]) -> Any:
    ring = ring_class(HOUR, KEPT)
    for hour in range(KEPT):
        ring.append(hour * HOUR, 1.0, 2.0, 0.5, 1.5, 7.0)
    return ring


def append(ring: Any) -> Callable[[], None]:
    state = [KEPT]

    def run() -> None:
        first, add = state[0], ring.append
        for hour in range(first, first + LOOPS):
            add(hour * HOUR, 1.0, 2.0, 0.5, 1.5, 7.0)
        state[0] = first + LOOPS

    return run


def merge(ring: Any) -> Callable[[], None]:
    state = [KEPT * 60]

    def run() -> None:
        first, add = state[0], ring.merge_construction
        for minute in range(first, first + LOOPS):
            add(minute * 60.0, 1.0, 2.0, 0.5, 1.5, 7.0)
        state[0] = first + LOOPS

    return run


def column(limit: int) -> Callable[[Any], Callable[[], None]]:
    def bench(ring: Any) -> Callable[[], None]:
        def run() -> None:
            read = ring.column
            for _ in range(LOOPS):
                read(4, limit)

        return run

    return bench


def newest(ring: Any) -> Callable[[], None]:
    def run() -> None:
        read = ring.candle
        for _ in range(LOOPS):
            read()

    return run


def main() -> None:
    rows = {
        f"append a closed candle, {KEPT:,} kept": append,
        "merge a minute into the hour in construction": merge,
        "the last 20 closes as a fresh array": column(20),
        "the last 500 closes as a fresh array": column(500),
        "the newest candle as a list": newest,
    }
    cases = [Case(name, LOOPS, bench(filled(CandleRing)), bench(filled(PlainRing))) for name, bench in rows.items()]
    print_table("candle ring", cases)


if __name__ == "__main__":
    main()
