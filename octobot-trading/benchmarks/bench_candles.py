# SPDX-License-Identifier: Apache-2.0
"""The compiled candle ring beside its twin, usual structures and, with PEERS=all, other bots' candle stores.

Each operation is measured in turn for all of them; medians of interleaved repetitions.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peer_runs import CANDLES, Rows, peer_rows
from side_by_side import Goal, measured, print_blocks

from octobot_trading.exchange_data.ohlcv._candle_ring import CandleRing

import candle_rows  # isort: skip - found on the path that peer_runs extends

CLOSE = 4
OURS = "candle ring"
PREDECESSOR = "OctoBot 2.1.1"
GOALS = {
    **{name: [Goal(OURS, PREDECESSOR, 10.0)] for name in candle_rows.FULL.values()},
    candle_rows.EMPTY: [Goal(OURS, PREDECESSOR, 10.0)],
    **{name: [Goal(OURS, PREDECESSOR, 1.0)] for name in candle_rows.READS.values()},
}


class Ours:
    """The ring, with the names that the rows call."""

    def __init__(self, kept: int) -> None:
        ring = CandleRing(candle_rows.MINUTE, kept)
        self.append, self.update = ring.append, ring.set_construction
        self.closes = partial(ring.column, CLOSE)


class Twin:
    """The same structure in Python: numpy rows in a block twice as long as what is kept."""

    def __init__(self, kept: int) -> None:
        self.kept = kept
        self.block = np.empty((6, 2 * kept))
        self.start = self.end = 0
        self.construction: list[float] = []

    def append(self, *row: float) -> None:
        if self.end == self.block.shape[1]:
            kept = self.end - self.start
            self.block[:, :kept] = self.block[:, self.start :]
            self.start, self.end = 0, kept
        self.block[:, self.end] = row
        self.end += 1
        if self.end - self.start > self.kept:
            self.start += 1

    def update(self, *row: float) -> None:
        if not self.end or row[0] > self.block[0, self.end - 1]:
            self.construction = list(row)

    def closes(self, count: int) -> NDArray[np.float64]:
        first = self.start if count < 0 else max(self.start, self.end - count)
        return self.block[CLOSE, first : self.end].copy()


class Deque:
    """Rows in a deque, an array when asked."""

    by_row = True

    def __init__(self, kept: int) -> None:
        self.rows: deque[list[float]] = deque(maxlen=kept)
        self.append = self.rows.append

    def closes(self, count: int) -> NDArray[np.float64]:
        rows = list(self.rows)
        return np.array([row[CLOSE] for row in (rows if count < 0 else rows[-count:])])


class Shifted:
    """A numpy table that moves up by one row."""

    by_row = True

    def __init__(self, kept: int) -> None:
        self.table = np.zeros((6, kept))

    def append(self, row: list[float]) -> None:
        self.table[:, :-1] = self.table[:, 1:]
        self.table[:, -1] = row

    def closes(self, count: int) -> NDArray[np.float64]:
        return self.table[CLOSE, 0 if count < 0 else -count :].copy()


class Floor:
    """No store at all: what a call with six numbers and a fresh array of that many numbers cost."""

    def __init__(self, kept: int) -> None:
        self.closes_kept = np.arange(float(kept))

    def closes(self, count: int) -> NDArray[np.float64]:
        wanted = self.closes_kept if count < 0 else self.closes_kept[-count:]
        array = np.empty(len(wanted))
        array[:] = wanted
        return array


def floor_rows() -> Rows:
    """Only reading has a floor: numpy.empty and one copy, from Python."""
    store = Floor(1_000)
    return {
        name: candle_rows.timed(lambda count, limit=limit: candle_rows.read(store, limit, count))
        for limit, name in candle_rows.READS.items()
    }


def main() -> None:
    kinds: dict[str, Any] = {
        OURS: Ours,
        "plain twin, numpy": Twin,
        "deque and np.array": Deque,
        "numpy, moved up": Shifted,
    }
    stores = {name: candle_rows.rows(kind) for name, kind in kinds.items()}
    stores["np.empty and a copy, in Python"] = floor_rows()
    peers, remarks = peer_rows(CANDLES, candle_rows.NAMES)
    print_blocks(measured(stores | peers, candle_rows.NAMES), OURS, GOALS)
    print("\n".join(remarks))


if __name__ == "__main__":
    main()
