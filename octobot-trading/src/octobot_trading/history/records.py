# SPDX-License-Identifier: Apache-2.0
"""Recorded market data that are no candles, as columns: trades, funding rates, mark prices, tickers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from octobot_commons.causality import check_known
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import frames
from octobot_trading.history.candle_series import Gap, SeriesQuality, find_gaps
from octobot_trading.history.kinds import FUNDING, MARK_PRICES, TICKERS, TRADES, RecordKind
from octobot_trading.history.time_grid import most_frequent_step
from octobot_trading.util import FloatArray

IntArray: TypeAlias = NDArray[np.int64]
#: A funding is missing where this many usual intervals pass without one.
_GAP_INTERVALS = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class RecordSeries:
    """Records of one kind in the order of their time; ``columns`` are read-only arrays of one length.

    They are those of ``kind.names``, float64 or int64, the time (Unix seconds) first. ``time_frame`` is None but for
    mark prices. ``sha256`` is the digest of the file, ``source`` its path.
    For a series read from a file ``quality.rows_read == len(series) + quality.duplicates``.

    Raises:
        DataError: other columns than the kind has, or of different lengths.
        LookAheadError: a tentacle wants them in a backtest that has not reached the last one.
    """

    kind: ClassVar[RecordKind]

    exchange_name: str
    symbol: str
    time_frame: TimeFrames | None
    columns: tuple[NDArray[Any], ...]
    source: str
    sha256: str
    quality: SeriesQuality

    def __post_init__(self) -> None:
        fields = self.kind.fields
        if len(self.columns) != len(fields) or len({len(column) for column in self.columns}) != 1:
            shapes = [np.shape(column) for column in self.columns]
            names = ", ".join(self.kind.names)
            raise DataError(f"columns of shapes {shapes}; {self.kind.plural} have {names}", file=self.source)
        frozen = tuple(_frozen(column, field[1]) for column, field in zip(self.columns, fields, strict=True))
        object.__setattr__(self, "columns", frozen)
        if len(self):
            check_known(float(self.times[-1]), f"{self.kind.plural} of {self.symbol}")

    def __len__(self) -> int:
        return len(self.columns[0])

    def __repr__(self) -> str:
        return f"<{len(self)} {self.kind.plural} of {self.symbol} on {self.exchange_name}: {self.source}>"

    @property
    def times(self) -> FloatArray:
        """Unix seconds; of mark prices with a time frame when each opens."""
        return self.columns[0]

    def column(self, name: str) -> NDArray[Any]:
        """One column by its name in ``kind.names``; ValueError for another name."""
        return self.columns[self.kind.names.index(name)]

    def slice(self, start_time: float | None = None, end_time: float | None = None) -> Self:
        """The records with ``start_time <= time < end_time``; gaps are counted anew."""
        first, last = span_places(self.times, start_time, end_time)
        columns = tuple(column[first:last] for column in self.columns)
        quality = replace(self.quality, gaps=record_gaps(self.kind, columns[0], self.time_frame))
        return replace(self, columns=columns, quality=quality)

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``; times in UTC nanoseconds, the other columns without a copy (see ``frames``)."""
        return frames.to_arrow(self.kind.names, self.columns, frames.metadata_of(self))

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; times in UTC nanoseconds, the other columns without a copy (see ``frames``)."""
        return frames.to_pandas(self.kind.names, self.columns, frames.metadata_of(self))

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``; times in UTC nanoseconds, the other columns without a copy (see ``frames``)."""
        return frames.to_polars(self.kind.names, self.columns)

    def same_records(self, other: RecordSeries) -> bool:
        """Whether both hold the same numbers, wherever they come from; NaN is equal to NaN."""
        if self.kind is not other.kind:
            return False
        pairs = zip(self.columns, other.columns, strict=True)
        return all(np.array_equal(mine, others, equal_nan=mine.dtype.kind == "f") for mine, others in pairs)


class TradeSeries(RecordSeries):
    """Trades of one symbol. Of those without ids equal ones are kept: two people may trade the same."""

    __slots__ = ()
    kind = TRADES

    @property
    def price(self) -> FloatArray:
        """Prices, in the quote asset."""
        return self.columns[1]

    @property
    def amount(self) -> FloatArray:
        """Amounts, in the base asset."""
        return self.columns[2]

    @property
    def side(self) -> IntArray:
        """What the taker did: 1 bought, -1 sold, 0 is not known."""
        return self.columns[3]

    @property
    def ids(self) -> IntArray:
        """The exchange's numbers, -1 for all where it tells none."""
        return self.columns[4]


class FundingSeries(RecordSeries):
    """Funding rates: what a long pays a short at each time, as a part of the position (0.0001 is 0.01 %)."""

    __slots__ = ()
    kind = FUNDING

    @property
    def funding_rate(self) -> FloatArray:
        """The rates."""
        return self.columns[1]


class MarkPriceSeries(RecordSeries):
    """Mark prices in the form of candles without volume: open, high, low and close of each ``time_frame``.

    Without a time frame they are ticks: prices as they came, all four equal.
    """

    __slots__ = ()
    kind = MARK_PRICES

    @property
    def open(self) -> FloatArray:
        """The first price of each."""
        return self.columns[1]

    @property
    def high(self) -> FloatArray:
        """The highest price of each."""
        return self.columns[2]

    @property
    def low(self) -> FloatArray:
        """The lowest price of each."""
        return self.columns[3]

    @property
    def close(self) -> FloatArray:
        """The last price of each."""
        return self.columns[4]


class TickerSeries(RecordSeries):
    """Tickers: last price, best bid and ask with their amounts; NaN where an exchange does not tell one."""

    __slots__ = ()
    kind = TICKERS

    @property
    def last(self) -> FloatArray:
        """Last traded prices."""
        return self.columns[1]

    @property
    def bid(self) -> FloatArray:
        """Best bids."""
        return self.columns[2]

    @property
    def ask(self) -> FloatArray:
        """Best asks."""
        return self.columns[3]


def record_gaps(kind: RecordKind, times: FloatArray, time_frame: TimeFrames | None) -> tuple[Gap, ...]:
    """What is missing between records: of a time frame's grid, or of fundings, by their most frequent interval.

    Trades and tickers come when they come; there no gap can be told.
    """
    if time_frame is not None:
        return find_gaps(times, time_frame)
    if kind is not FUNDING or not len(times):
        return ()
    minutes = kind.instants(times) * kind.time_resolution
    interval = most_frequent_step(minutes)
    if not interval:
        return ()
    steps = np.diff(minutes)
    return tuple(
        Gap(float(minutes[index] + interval), float(minutes[index + 1]), round(float(steps[index] / interval)) - 1)
        for index in np.flatnonzero(steps > _GAP_INTERVALS * interval)
    )


def span_places(times: FloatArray, start_time: float | None, end_time: float | None) -> tuple[int, int]:
    """The places of the first time from ``start_time`` on and, not before it, of the first from ``end_time`` on."""
    first = 0 if start_time is None else int(np.searchsorted(times, start_time))
    last = len(times) if end_time is None else int(np.searchsorted(times, end_time))
    return first, max(first, last)


def _frozen(values: ArrayLike, dtype: str) -> NDArray[Any]:
    column = np.ascontiguousarray(values, dtype=np.dtype(dtype).newbyteorder("="))
    if column.flags.writeable:
        column = column.view()
        column.flags.writeable = False
    return column
