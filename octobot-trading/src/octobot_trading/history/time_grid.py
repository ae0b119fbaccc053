# SPDX-License-Identifier: Apache-2.0
"""The grid of open times of a time frame, for whole columns: the vectorised twin of commons' time_frame_manager."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from octobot_commons import time_frame_manager
from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_commons.enums import TimeFrames
from octobot_trading.util import FloatArray

IntArray = NDArray[np.int64]

#: 1970-01-05, the first Monday.
_FIRST_MONDAY = 4 * DAYS_TO_SECONDS
_MONTH_DAYS = (28, 29, 30, 31)


def close_times(open_times: FloatArray, time_frame: TimeFrames) -> FloatArray:
    """When the candles that open at these times close."""
    if time_frame is TimeFrames.ONE_MONTH:
        return _month_starts(_months(open_times) + 1)
    return open_times + float(time_frame_manager.get_seconds(time_frame))


def bucket_starts(open_times: FloatArray, time_frame: TimeFrames) -> FloatArray:
    """When the candles of this time frame that cover these times open."""
    if time_frame is TimeFrames.ONE_MONTH:
        return _month_starts(_months(open_times))
    seconds = time_frame_manager.get_seconds(time_frame)
    offset = _FIRST_MONDAY if time_frame is TimeFrames.ONE_WEEK else 0
    return np.floor((open_times - offset) / seconds) * seconds + offset


def grid_positions(open_times: FloatArray, time_frame: TimeFrames) -> tuple[IntArray, FloatArray]:
    """How many candles after the first each one opens, and by how many seconds it misses that place.

    The grid starts at the first candle, as exchanges align three-day candles differently; months are the calendar's.
    """
    if not len(open_times):
        return np.zeros(0, np.int64), np.zeros(0)
    if time_frame is TimeFrames.ONE_MONTH:
        months = _months(open_times)
        return months - months[0], open_times - _month_starts(months)
    seconds = float(time_frame_manager.get_seconds(time_frame))
    elapsed = open_times - open_times[0]
    positions = np.rint(elapsed / seconds)
    return positions.astype(np.int64), elapsed - positions * seconds


def is_off_grid(first: float, other: float, time_frame: TimeFrames) -> bool:
    """Whether a candle that opens at ``other`` misses the grid of one that opens at ``first``."""
    _, misses = grid_positions(np.array([first, other]), time_frame)
    return bool(misses.any())


def missing_between(first: float, last: float, count: int, time_frame: TimeFrames) -> int:
    """How many places of the grid from ``first`` to ``last``, both taken, are empty where ``count`` are taken."""
    positions, _ = grid_positions(np.array([first, last]), time_frame)
    return int(positions[1]) + 1 - count


def most_frequent_step(open_times: FloatArray) -> float | None:
    """The most frequent difference of ascending times, the shorter of two equally frequent; None for one candle."""
    if len(open_times) < 2:
        return None
    steps, counts = np.unique(np.diff(open_times), return_counts=True)
    return float(steps[np.argmax(counts)])


def time_frame_of_step(step: float) -> TimeFrames | None:
    """The time frame whose candles follow each other after this many seconds."""
    if step / DAYS_TO_SECONDS in _MONTH_DAYS:
        return TimeFrames.ONE_MONTH
    return next((member for member in TimeFrames if time_frame_manager.get_seconds(member) == step), None)


def are_month_ends(open_times: FloatArray) -> bool:
    """Whether every time is midnight of a month's last day."""
    return bool(np.all(open_times + DAYS_TO_SECONDS == _month_starts(_months(open_times) + 1)))


def _months(times: FloatArray) -> IntArray:
    return np.floor(times).astype(np.int64).astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)


def _month_starts(months: IntArray) -> FloatArray:
    return months.astype("datetime64[M]").astype("datetime64[s]").astype(np.int64).astype(np.float64)
