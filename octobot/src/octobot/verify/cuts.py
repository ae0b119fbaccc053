# SPDX-License-Identifier: Apache-2.0
"""Where data are cut, so that each time frame is cut at the close of a candle and in the middle of one."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import numpy as np

from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.history import CandleSeries
from octobot_trading.util import FloatArray

#: The first part of the data is left to evaluators that need it.
_FIRST_SHARE = 0.25


class Cut(msgspec.Struct, frozen=True, order=True):
    """A time, and which candle it is the close or the middle of."""

    time: float
    time_frame: str
    is_close: bool


def choose_cuts(series: Sequence[CandleSeries], start_time: float | None, rounds: int, seed: int) -> list[Cut]:
    """For each time frame ``rounds`` closes and as many middles of candles, in order of time; the same for a seed.

    Raises:
        DataError: the data are too short for it.
    """
    rng = random.Random(seed)
    first, last = _span(series, start_time)
    chosen: dict[float, Cut] = {}
    frames = {one.time_frame: one for one in reversed(series)}
    for time_frame, one in frames.items():
        longer = [other for other in frames.values() if get_seconds(other.time_frame) > get_seconds(time_frame)]
        closes = one.close_times
        own_closes = _outside(closes, longer)
        middles = (one.open_times + closes) / 2.0
        for times, is_close in ((own_closes, True), (middles, False)):
            within = [time for time in times.tolist() if first <= time < last and time not in chosen]
            if not within:
                raise _too_short(one)
            for time in rng.sample(within, min(rounds, len(within))):
                chosen[time] = Cut(time, time_frame.value, is_close)
    return sorted(chosen.values())


def _span(series: Sequence[CandleSeries], start_time: float | None) -> tuple[float, float]:
    """When every series has a closed candle and the first part is over, and when the last candle opens."""
    begin = max(float(one.close_times[0]) for one in series)
    begin = begin if start_time is None else max(begin, start_time)
    end = max(float(one.open_times[-1]) for one in series)
    return begin + _FIRST_SHARE * (end - begin), end


def _outside(closes: FloatArray, longer: Sequence[CandleSeries]) -> FloatArray:
    """The closes at which no longer candle closes, where there are such."""
    own = closes
    for other in longer:
        own = own[~np.isin(own, other.close_times)]
    return own if len(own) else closes


def _too_short(one: CandleSeries) -> DataError:
    return DataError(
        f"there are too few candles of {one.symbol} {one.time_frame.value} to cut them anywhere",
        file=one.source,
        remedy="give more data, or fewer time frames with --time-frame",
    )
