# SPDX-License-Identifier: Apache-2.0
"""Recorded candles of one symbol and time frame as columns, and what is known about their quality."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from octobot_commons.causality import check_known
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import frames, time_grid
from octobot_trading.history.kinds import CANDLES, RecordKind
from octobot_trading.history.session_counts import BookCounts, SessionCounts
from octobot_trading.util import FloatArray

#: The exchange of candles that do not say where they come from.
UNKNOWN_EXCHANGE = "local"
COLUMNS = ("open_times", "open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Gap:
    """Candles that are missing between two recorded ones.

    ``start_time`` is the open time of the first missing candle, ``end_time`` that of the next recorded one.
    """

    start_time: float
    end_time: float
    missing: int


@dataclass(frozen=True, slots=True)
class SeriesQuality:
    """What was found while reading; nothing of it was repaired.

    For a series read from a file ``rows_read == len(series) + duplicates + incomplete``.
    """

    rows_read: int
    #: Rows equal to the row before them, dropped.
    duplicates: int = 0
    gaps: tuple[Gap, ...] = ()
    #: Candles without any trade, kept.
    zero_volume: int = 0
    #: The time frame that these candles were resampled from.
    derived_from: str | None = None
    #: Candles left out because only a part of their time is known (or was, when they were recorded).
    incomplete: int = 0
    #: Decisions of the reader that a user should know of, as sentences.
    remarks: tuple[str, ...] = ()
    #: Of a series from a recorded session, what else was in the session.
    session: SessionCounts | None = None
    #: Of an order book from a recorded session, how its replay went.
    book: BookCounts | None = None

    @property
    def missing(self) -> int:
        """Candles missing in all gaps."""
        return sum(gap.missing for gap in self.gaps)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CandleSeries:
    """Candles in the order of their time; the columns are read-only float64 arrays of one length.

    ``open_times`` are Unix seconds. ``sha256`` is the digest of the file the candles were read from, ``source`` its
    path. Prices and volumes are the recorded numbers, unchanged.

    Raises:
        DataError: columns of different lengths.
        LookAheadError: a tentacle wants one in a backtest that has not reached its last close.
    """

    kind: ClassVar[RecordKind] = CANDLES

    exchange_name: str
    symbol: str
    time_frame: TimeFrames
    open_times: FloatArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    source: str
    sha256: str
    quality: SeriesQuality

    def __post_init__(self) -> None:
        for name in COLUMNS:
            object.__setattr__(self, name, _frozen_column(getattr(self, name)))
        lengths = {len(getattr(self, name)) for name in COLUMNS}
        if len(lengths) != 1:
            raise DataError(f"columns of different lengths: {sorted(lengths)}", file=self.source)
        if len(self):
            check_known(float(self.close_times[-1]), f"{self.time_frame.value} candles of {self.symbol}")

    def __len__(self) -> int:
        return len(self.open_times)

    def __repr__(self) -> str:
        return f"<{len(self)} {self.time_frame.value} candles of {self.symbol} on {self.exchange_name}: {self.source}>"

    @property
    def close_times(self) -> FloatArray:
        """When each candle closes, which is when it may be known."""
        return time_grid.close_times(self.open_times, self.time_frame)

    def columns(self) -> tuple[FloatArray, ...]:
        """Open times, open, high, low, close and volume."""
        return self.open_times, self.open, self.high, self.low, self.close, self.volume

    def slice(self, start_time: float | None = None, end_time: float | None = None) -> CandleSeries:
        """The candles with ``start_time <= open time < end_time``; their gaps and empty volumes are counted anew."""
        first = 0 if start_time is None else int(np.searchsorted(self.open_times, start_time))
        last = len(self) if end_time is None else int(np.searchsorted(self.open_times, end_time))
        return self._part(first, max(first, last))

    def same_candles(self, other: CandleSeries) -> bool:
        """Whether both hold the same numbers, wherever they come from."""
        return all(np.array_equal(mine, others) for mine, others in zip(self.columns(), other.columns(), strict=True))

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``; times in UTC nanoseconds, the other columns without a copy (see ``frames``)."""
        return frames.to_arrow(self.kind.names, self.columns(), frames.metadata_of(self))

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; times in UTC nanoseconds, the other columns without a copy (see ``frames``)."""
        return frames.to_pandas(self.kind.names, self.columns(), frames.metadata_of(self))

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``; times in UTC nanoseconds, the other columns without a copy (see ``frames``)."""
        return frames.to_polars(self.kind.names, self.columns())

    def _part(self, first: int, last: int) -> CandleSeries:
        columns = {name: getattr(self, name)[first:last] for name in COLUMNS}
        quality = replace(
            self.quality,
            gaps=find_gaps(columns["open_times"], self.time_frame),
            zero_volume=count_zero(columns["volume"]),
        )
        return replace(self, **columns, quality=quality)


def find_gaps(open_times: FloatArray, time_frame: TimeFrames) -> tuple[Gap, ...]:
    """The gaps between open times that lie on one grid."""
    positions, _ = time_grid.grid_positions(open_times, time_frame)
    (before,) = np.nonzero(np.diff(positions) > 1)
    ends = time_grid.close_times(open_times[before], time_frame)
    return tuple(
        Gap(float(end), float(open_times[index + 1]), int(positions[index + 1] - positions[index] - 1))
        for index, end in zip(before, ends, strict=True)
    )


def count_zero(volume: FloatArray) -> int:
    """Candles without any trade."""
    return int(np.count_nonzero(volume == 0.0))


def _frozen_column(values: ArrayLike) -> FloatArray:
    column = np.ascontiguousarray(values, dtype=np.float64)
    if column.flags.writeable:
        column = column.view()
        column.flags.writeable = False
    return column
