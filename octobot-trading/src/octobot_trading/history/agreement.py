# SPDX-License-Identifier: Apache-2.0
"""Whether longer candles are what the shorter ones of the same symbol add up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_commons.enums import TimeFrames
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.history import time_grid
from octobot_trading.history.candle_series import COLUMNS, CandleSeries
from octobot_trading.history.resampling import resample
from octobot_trading.util import FloatArray

#: Sums of volumes are rounded differently by whoever adds them up.
_VOLUME_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """A longer candle and what the shorter ones say about one of its columns."""

    open_time: float
    column: str
    recorded: float
    derived: float


def can_be_compared(shorter: TimeFrames, longer: TimeFrames) -> bool:
    """Whether candles of one time frame consist of whole candles of the other."""
    if longer is TimeFrames.ONE_MONTH:
        return shorter is not longer and DAYS_TO_SECONDS % get_seconds(shorter) == 0
    return get_seconds(shorter) < get_seconds(longer) and get_seconds(longer) % get_seconds(shorter) == 0


def compare(shorter: CandleSeries, longer: CandleSeries) -> tuple[int, list[Difference]]:
    """How many longer candles could be compared, and the first column that differs of each that differs.

    Only those are compared whose shorter candles are all there. Prices have to be equal, volumes to a billionth.
    """
    if not _is_aligned(shorter, longer.time_frame) or not _overlaps(shorter, longer):
        return 0, []
    derived = resample(shorter, longer.time_frame)
    whole = _whole(shorter, derived.open_times, longer.time_frame)
    _, mine, theirs = np.intersect1d(longer.open_times, derived.open_times[whole], return_indices=True)
    recorded = np.array(longer.columns())[1:, mine]
    expected = np.array(derived.columns())[1:, whole][:, theirs]
    differ = recorded != expected
    differ[-1] = np.abs(recorded[-1] - expected[-1]) > _VOLUME_TOLERANCE * np.maximum(recorded[-1], expected[-1])
    (places,) = np.nonzero(differ.any(axis=0))
    first = np.argmax(differ, axis=0)
    return len(mine), [
        Difference(
            float(longer.open_times[mine[place]]),
            COLUMNS[1 + first[place]],
            float(recorded[first[place], place]),
            float(expected[first[place], place]),
        )
        for place in places
    ]


def _is_aligned(shorter: CandleSeries, time_frame: TimeFrames) -> bool:
    start = time_grid.bucket_starts(shorter.open_times[:1], time_frame)
    return not ((shorter.open_times[:1] - start) % get_seconds(shorter.time_frame)).any()


def _overlaps(shorter: CandleSeries, longer: CandleSeries) -> bool:
    """Whether at least one whole longer candle may lie within the shorter ones."""
    starts = time_grid.bucket_starts(shorter.open_times, longer.time_frame)
    ends = time_grid.close_times(starts, longer.time_frame)
    return bool(np.any((starts >= shorter.open_times[0]) & (ends <= shorter.close_times[-1])))


def _whole(
    shorter: CandleSeries, starts: FloatArray, time_frame: TimeFrames
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    ends = time_grid.close_times(starts, time_frame)
    present = np.searchsorted(shorter.open_times, ends) - np.searchsorted(shorter.open_times, starts)
    whole: np.ndarray[tuple[int], np.dtype[np.bool_]] = present * get_seconds(shorter.time_frame) == ends - starts
    return whole
