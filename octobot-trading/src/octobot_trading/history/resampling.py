# SPDX-License-Identifier: Apache-2.0
"""Longer candles from shorter ones."""

from __future__ import annotations

import numpy as np

from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import get_seconds, parse_time_frame
from octobot_trading.history import time_grid
from octobot_trading.history.candle_series import CandleSeries, SeriesQuality, count_zero, find_gaps


def resample(series: CandleSeries, time_frame: TimeFrames | str) -> CandleSeries:
    """The candles of a longer time frame, aligned as ``time_frame_manager.bucket_start`` says.

    A first candle whose beginning and a last one whose end are not recorded are left out and counted as
    ``quality.incomplete``. Candles missing inside a longer one are allowed; where all are missing there is a gap. What
    results is known at its own close time, not before. ``quality.rows_read`` counts the shorter candles.

    Raises:
        DataError: the longer candles do not consist of whole shorter ones, or no complete one results.
    """
    target = parse_time_frame(time_frame)
    if target is series.time_frame:
        return series
    _check_divisible(series, target)
    buckets = time_grid.bucket_starts(series.open_times, target)
    starts = np.flatnonzero(np.diff(buckets, prepend=-np.inf))
    columns = np.array(
        [
            buckets[starts],
            series.open[starts],
            np.maximum.reduceat(series.high, starts),
            np.minimum.reduceat(series.low, starts),
            series.close[np.append(starts[1:], len(series)) - 1],
            np.add.reduceat(series.volume, starts),
        ]
    )
    first = int(series.open_times[0] != columns[0, 0])
    last_close = time_grid.close_times(columns[0, -1:], target)
    last = columns.shape[1] - int(series.close_times[-1] != last_close[0])
    if first >= last:
        raise DataError(
            f"{len(series)} candles of {series.time_frame.value} do not fill one of {target.value}",
            file=series.source,
            remedy="use a shorter time frame or more data",
        )
    incomplete = columns.shape[1] - (last - first)
    times, opens, high, low, close, volume = (np.ascontiguousarray(column) for column in columns[:, first:last])
    quality = SeriesQuality(
        rows_read=len(series),
        duplicates=series.quality.duplicates,
        gaps=find_gaps(times, target),
        zero_volume=count_zero(volume),
        derived_from=series.quality.derived_from or series.time_frame.value,
        incomplete=incomplete,
        remarks=series.quality.remarks,
    )
    return CandleSeries(
        series.exchange_name,
        series.symbol,
        target,
        times,
        opens,
        high,
        low,
        close,
        volume,
        series.source,
        series.sha256,
        quality,
    )


def _check_divisible(series: CandleSeries, target: TimeFrames) -> None:
    remedy = "choose a longer time frame that is a multiple of the data's"
    if not len(series):
        raise DataError("there is no candle to resample", file=series.source, remedy="give data with candles")
    source_seconds = get_seconds(series.time_frame)
    whole = DAYS_TO_SECONDS if target is TimeFrames.ONE_MONTH else get_seconds(target)
    if get_seconds(target) < source_seconds or whole % source_seconds:
        raise DataError(
            f"candles of {target.value} do not consist of whole candles of {series.time_frame.value}",
            file=series.source,
            remedy=remedy,
        )
    start = time_grid.bucket_starts(series.open_times[:1], target)
    if ((series.open_times[:1] - start) % source_seconds).any():
        raise DataError(
            f"its {series.time_frame.value} candles do not open where those of {target.value} do",
            file=series.source,
            remedy="use the data's own time frame",
        )
