# SPDX-License-Identifier: Apache-2.0
"""Which candles of a span are missing, on the grid of the exchange.

Not every exchange opens its weeks on Monday or its days at midnight UTC. Where candles are stored their grid is known;
where none are, the exchange's own answers tell it. What is in construction is told by when a candle closes, never by
our grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import bucket_end, bucket_start, get_seconds
from octobot_trading.history import Gap
from octobot_trading.history.candle_series import find_gaps
from octobot_trading.history.validation import format_time
from octobot_trading.util import FloatArray


@dataclass(frozen=True, slots=True)
class AskedSpan:
    """Candles that open from ``start_time`` on and before ``end_time``, and have closed at ``now``; Unix seconds."""

    time_frame: TimeFrames
    start_time: float
    end_time: float
    now: float

    def __post_init__(self) -> None:
        if not self.may_hold_from(self.start_time):
            raise DataError(
                f"no candle of {self.time_frame.value} opens at {format_time(self.start_time)} or later and closed"
                f" before {format_time(min(self.now, self.end_time))}",
                field="start",
                remedy="choose an earlier start",
            )

    @classmethod
    def until(cls, time_frame: TimeFrames, start_time: float, end_time: float | None, now: float) -> AskedSpan:
        """A span that ends at ``end_time``, by default and at the latest now.

        Raises:
            DataError: no candle can lie within.
        """
        return cls(time_frame, start_time, now if end_time is None else min(end_time, now), now)

    def may_hold_from(self, time: float) -> bool:
        """Whether a candle that opens at this time or later can be within."""
        return time < self.end_time and after(time, 1, self.time_frame) <= self.now

    def missing(self, stored: FloatArray) -> list[tuple[float, float]]:
        """From when to when nothing is stored of what may be there, ``stored`` being the stored open times within."""
        if not len(stored):
            return [(self.start_time, self.end_time)]
        first, last = float(stored[0]), bucket_end(float(stored[-1]), self.time_frame)
        spans = [(gap.start_time, gap.end_time) for gap in find_gaps(stored, self.time_frame)]
        if _before(first, self.time_frame) >= self.start_time:
            spans.insert(0, (self.start_time, first))
        if self._closed_from(last):
            spans.append((last, self.end_time))
        return spans

    def gaps(self, stored: FloatArray) -> tuple[Gap, ...]:
        """What is missing from the first stored candle to the end."""
        if not len(stored):
            return ()
        gaps = find_gaps(stored, self.time_frame)
        last = bucket_end(float(stored[-1]), self.time_frame)
        missing = self._closed_from(last)
        return (*gaps, Gap(last, after(last, missing, self.time_frame), missing)) if missing else gaps

    def _closed_from(self, begin: float) -> int:
        """How many candles of a grid with one at ``begin`` open before the end and have closed."""
        if self.time_frame is TimeFrames.ONE_MONTH:
            count = 0
            while begin < self.end_time and (begin := bucket_end(begin, self.time_frame)) <= self.now:
                count += 1
            return count
        seconds = get_seconds(self.time_frame)
        return max(0, min(math.ceil((self.end_time - begin) / seconds), math.floor((self.now - begin) / seconds)))


def count_candles(start_time: float, end_time: float, time_frame: TimeFrames) -> int:
    """How many candles open in a span, by which progress is told; months count as of thirty days."""
    return max(0, int((end_time - start_time) // get_seconds(time_frame)))


def after(begin: float, candles: int, time_frame: TimeFrames) -> float:
    """When the candles have passed of which the first opens at ``begin``."""
    if time_frame is not TimeFrames.ONE_MONTH:
        return begin + candles * get_seconds(time_frame)
    for _ in range(candles):
        begin = bucket_end(begin, time_frame)
    return begin


def _before(open_time: float, time_frame: TimeFrames) -> float:
    if time_frame is TimeFrames.ONE_MONTH:
        return bucket_start(open_time - 1, time_frame)
    return open_time - get_seconds(time_frame)
