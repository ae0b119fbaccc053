# SPDX-License-Identifier: Apache-2.0
"""The candle ring in plain Python: the oracle of its property tests and the baseline of its benchmark."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from octobot_commons.time_frame_manager import bucket_start

Row = list[float]


class CandleRingReference:
    """A list of rows, cut to the newest ``capacity``."""

    def __init__(self, time_frame: str, capacity: int) -> None:
        self.time_frame = time_frame
        self.capacity = capacity
        self.rows: list[Row] = []
        self.construction_row: Row | None = None
        self.late = 0

    def __len__(self) -> int:
        return len(self.rows)

    def append(self, *row: float) -> bool:
        """Keep a closed candle, replace the last one of the same time, count and drop an older one."""
        if self.construction_row and self.construction_row[0] <= row[0]:
            self.construction_row = None
        if self.rows and row[0] < self.rows[-1][0]:
            self.late += 1
            return False
        if self.rows and row[0] == self.rows[-1][0]:
            self.rows[-1] = list(row)
            return False
        self.rows = [*self.rows, list(row)][-self.capacity :]
        return True

    def set_construction(self, *row: float) -> int:
        """Replace the candle in construction; refused when older than it or not newer than the last closed one."""
        if self.rows and row[0] <= self.rows[-1][0]:
            return 0
        if self.construction_row and row[0] < self.construction_row[0]:
            return 0
        self.construction_row = list(row)
        return 1

    def merge_construction(self, *row: float) -> int:
        """Add a shorter candle to the one in construction."""
        start = bucket_start(row[0], self.time_frame)
        old = self.construction_row
        if old is None or old[0] != start:
            return self.set_construction(start, *row[1:])
        self.construction_row = [start, old[1], max(old[2], row[2]), min(old[3], row[3]), row[4], old[5] + row[5]]
        return 1

    def column(self, index: int, limit: int = -1, include_in_construction: bool = False) -> NDArray[np.float64]:
        """One column, oldest first, of the newest ``limit`` candles."""
        rows = list(self.rows)
        if include_in_construction and self.construction_row:
            rows.append(self.construction_row)
        if limit >= 0:
            rows = rows[max(0, len(rows) - limit) :]
        return np.array([row[index] for row in rows], dtype=np.float64)
