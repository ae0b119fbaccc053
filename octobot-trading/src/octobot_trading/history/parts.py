# SPDX-License-Identifier: Apache-2.0
"""A recorded series a part at a time, so that whoever goes through it needs no more memory for a longer one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from octobot_commons.causality import check_known
from octobot_commons.enums import TimeFrames
from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.kinds import CANDLES, RecordKind
from octobot_trading.history.records import RecordSeries
from octobot_trading.history.stored_days import StoredDays

#: Arrays of one length in the order of ``kind.names``, the time first.
Columns: TypeAlias = tuple[NDArray[Any], ...]
#: How many rows a part has at least, but for the last one.
PART_ROWS = 16_384


class SeriesParts(ABC):
    """Data of one kind, symbol and, where the kind has one, time frame, in the order of time."""

    def __init__(self, kind: RecordKind, symbol: str, time_frame: TimeFrames | None, source: str) -> None:
        self.kind = kind
        self.symbol = symbol
        self.time_frame = time_frame
        #: Where it comes from, for messages.
        self.source = source

    @abstractmethod
    def read(self, first_time: float | None = None) -> Iterator[Columns]:
        """What begins at ``first_time`` or later, all without one, part after part."""

    @abstractmethod
    def time_before(self, time: float, rows: int) -> float:
        """From when on at least ``rows`` rows come before ``time``, where there are so many."""


class MemoryParts(SeriesParts):
    """A series that is in memory as a whole; its parts are views."""

    def __init__(self, series: CandleSeries | RecordSeries) -> None:
        self._columns: Columns
        if isinstance(series, CandleSeries):
            kind, self._columns = CANDLES, series.columns()
        else:
            kind, self._columns = series.kind, series.columns
        super().__init__(kind, series.symbol, series.time_frame, series.source)

    def read(self, first_time: float | None = None) -> Iterator[Columns]:
        first = 0 if first_time is None else int(np.searchsorted(self._columns[0], first_time))
        for start in range(first, len(self._columns[0]), PART_ROWS):
            yield tuple(column[start : start + PART_ROWS] for column in self._columns)

    def time_before(self, time: float, rows: int) -> float:
        times = self._columns[0]
        place = max(0, int(np.searchsorted(times, time)) - rows)
        return float(times[place]) if place < len(times) else time


class StoredParts(SeriesParts):
    """A stored series, read from the file some days at a time. The store must stay open meanwhile."""

    def __init__(
        self, days: StoredDays, series_id: int, symbol: str, time_frame: TimeFrames | None, source: str
    ) -> None:
        super().__init__(days.kind, symbol, time_frame, source)
        self._days = days
        self._series_id = series_id

    def read(self, first_time: float | None = None) -> Iterator[Columns]:
        for records in self._days.read_parts(self._series_id, first_time, PART_ROWS):
            columns = tuple(np.ascontiguousarray(records[name]) for name in self.kind.names)
            if len(columns[0]):
                check_known(float(columns[0][-1]), f"{self.kind.plural} of {self.symbol}")
            first = 0 if first_time is None else int(np.searchsorted(columns[0], first_time))
            yield tuple(column[first:] for column in columns) if first else columns

    def time_before(self, time: float, rows: int) -> float:
        return self._days.time_before(self._series_id, time, rows)
