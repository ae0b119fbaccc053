# SPDX-License-Identifier: Apache-2.0
"""From the rows of a reader, or from arrays, to a checked series."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from octobot_commons import time_frame_manager
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import naming, time_grid
from octobot_trading.history.candle_series import (
    UNKNOWN_EXCHANGE,
    CandleSeries,
    SeriesQuality,
    count_zero,
    find_gaps,
)
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.validation import check_grid, check_rows
from octobot_trading.util import FloatArray

_MONTH_END_REMARK = "rows dated on the last day of each month are read as that month's candles"


def series_from_arrays(
    open_times: ArrayLike,
    open: ArrayLike,
    high: ArrayLike,
    low: ArrayLike,
    close: ArrayLike,
    volume: ArrayLike,
    *,
    symbol: str,
    time_frame: TimeFrames | str,
    exchange_name: str = UNKNOWN_EXCHANGE,
    source: str = "memory",
) -> CandleSeries:
    """A series of candles that are at hand as numbers, checked like those of a file; rows count from 1.

    Raises:
        DataError: the numbers are no candles; it names the row.
    """
    values = [np.asarray(column, dtype=np.float64) for column in (open_times, open, high, low, close, volume)]
    if len({column.shape for column in values}) != 1 or values[0].ndim != 1:
        raise DataError(f"columns of different shapes: {[column.shape for column in values]}", file=source)
    frame = time_frame_manager.parse_time_frame(time_frame)
    return series_from_columns(
        np.array(values), symbol=symbol, time_frame=frame, exchange_name=exchange_name, source=source
    )


def series_from_columns(
    columns: FloatArray, *, symbol: str, time_frame: TimeFrames, exchange_name: str, source: str
) -> CandleSeries:
    """As ``series_from_arrays``, of one array of six rows that becomes the series' own."""
    raw = RawCandles(columns, np.arange(1, columns.shape[1] + 1), ((0, source),), symbol, time_frame)
    return build_series(raw, source=source, sha256=columns_sha256(columns), exchange_name=exchange_name)


def build_series(
    raw: RawCandles,
    *,
    source: str,
    sha256: str,
    symbol: str | None = None,
    time_frame: TimeFrames | None = None,
    exchange_name: str | None = None,
) -> CandleSeries:
    """Check the rows and tell what the file leaves open: an argument goes before what the file or its name says.

    Raises:
        DataError: a row is no candle, out of order or off the grid; the symbol or time frame cannot be told.
    """
    symbol = symbol or raw.symbol or naming.symbol_of_file(source)
    if symbol is None:
        raise DataError(
            "its name does not tell the symbol",
            file=source,
            field="symbol",
            remedy="give the symbol, like BTC/USDT, or name the file like BTC_USDT-1h.csv",
        )
    checked = check_rows(raw)
    frame = raw.time_frame or _time_frame(checked, source, time_frame)
    checked, remarks = _months_by_their_start(checked, frame)
    check_grid(checked, frame)
    return CandleSeries(
        exchange_name or raw.exchange_name or naming.exchange_of_file(source) or UNKNOWN_EXCHANGE,
        symbol,
        frame,
        *_six(checked.columns),
        source=source,
        sha256=sha256,
        quality=SeriesQuality(
            rows_read=raw.columns.shape[1] + raw.incomplete,
            duplicates=raw.columns.shape[1] - checked.columns.shape[1],
            gaps=find_gaps(checked.columns[0], frame),
            zero_volume=count_zero(checked.columns[5]),
            incomplete=raw.incomplete,
            remarks=raw.remarks + remarks,
        ),
    )


def _six(columns: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    times, opens, high, low, close, volume = columns
    return times, opens, high, low, close, volume


def columns_sha256(columns: FloatArray) -> str:
    """The digest of numbers that come from no file."""
    return hashlib.sha256(np.ascontiguousarray(columns, dtype="<f8").data).hexdigest()


def _time_frame(raw: RawCandles, source: str, asked: TimeFrames | None) -> TimeFrames:
    step = time_grid.most_frequent_step(raw.columns[0])
    found = naming.time_frame_of_file(source) if step is None else time_grid.time_frame_of_step(step)
    if asked is None:
        if found is None:
            what = "one candle does" if step is None else f"candles {step:g} seconds apart do"
            raise DataError(f"{what} not tell the time frame", file=source, remedy="give the time frame, like 1h")
        return found
    if step is not None and not _has_step(raw, asked):
        told = "no time frame" if found is None else found.value
        raise DataError(
            f"no two candles follow each other as {asked.value} candles do; most are {step:g} seconds apart: {told}",
            file=source,
            remedy="ask for the file's own time frame and resample that",
        )
    return asked


def _has_step(raw: RawCandles, time_frame: TimeFrames) -> bool:
    steps = np.unique(np.diff(raw.columns[0]))
    return any(time_grid.time_frame_of_step(step) is time_frame for step in steps)


def _months_by_their_start(raw: RawCandles, time_frame: TimeFrames) -> tuple[RawCandles, tuple[str, ...]]:
    if time_frame is not TimeFrames.ONE_MONTH or not time_grid.are_month_ends(raw.columns[0]):
        return raw, ()
    columns = raw.columns.copy()
    columns[0] = time_grid.bucket_starts(columns[0], time_frame)
    return replace(raw, columns=columns), (_MONTH_END_REMARK,)
