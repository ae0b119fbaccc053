# SPDX-License-Identifier: Apache-2.0
"""One time frame of a candle builder: its candle in construction, and what became of those before."""

from __future__ import annotations

from dataclasses import dataclass

from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_commons.enums import TimeFrames
from octobot_commons.time_frame_manager import bucket_end, bucket_start, get_seconds

#: [open time in seconds, open, high, low, close, volume], the form of candles and klines in channels.
Candle = list[float]
#: A candle that closed and its time frame.
Closed = tuple[TimeFrames, Candle]


@dataclass(slots=True)
class FrameCounts:
    """What a time frame has seen. No candle is invented for a missing one, unless it was ``filled``."""

    closed: int = 0
    #: Candles left out because only a part of their time was seen.
    incomplete: int = 0
    #: Places between two candles where nothing was traded.
    missing: int = 0
    #: How many of the missing ones were made up on demand.
    filled: int = 0


class CandleFrame:
    """The candle in construction of one time frame, fed by trades or by the closed candles of ``parent``."""

    def __init__(self, time_frame: TimeFrames, parent: CandleFrame | None, fill_limit: int) -> None:
        self.time_frame = time_frame
        self.parent = parent
        self.children: list[CandleFrame] = []
        if parent is not None:
            parent.children.append(self)
        self.candle: Candle | None = None
        #: When the candle in construction closes.
        self.end = 0.0
        self.counts = FrameCounts()
        # Longer candles are the sum of the shorter ones, so only the shortest are made up; so many in a row.
        self._fill_limit = fill_limit if parent is None else 0
        self._flat = 0
        self._first_time = self._last_time = 0.0
        # When the newest closed candle ended, and at which price.
        self._closed_end: float | None = None
        self._closed_price = 0.0

    def open_at(self, time: float, closed: list[Closed], start_time: float) -> None:
        """Begin the candle that covers ``time``, the ones between left out or filled; it has no price yet."""
        start = bucket_start(time, self.time_frame)
        self.fill_until(start, closed, start_time)
        self.candle = [start, 0.0, 0.0, 0.0, 0.0, 0.0]
        self.end = bucket_end(start, self.time_frame)
        self._first_time, self._last_time = self.end, start

    def fill_until(self, start: float, closed: list[Closed], start_time: float) -> None:
        """Count, and where that is asked for make up, the candles that are missing before the one that opens then."""
        if self._closed_end is None or start <= self._closed_end:
            return
        missing = self._count_missing(start)
        self.counts.missing += missing
        price = self._closed_price
        for _ in range(min(missing, self._fill_limit - self._flat)):
            self._flat += 1
            self.counts.filled += 1
            self.candle = [self._closed_end, price, price, price, price, 0.0]
            self.end = bucket_end(self._closed_end, self.time_frame)
            self._close(closed, start_time)
        self._closed_end = start

    def add_trade(self, time: float, price: float, amount: float) -> None:
        """A trade within the candle in construction; earlier ones open it and later ones close it, in any order."""
        candle = self.candle
        assert candle is not None, "opened before"
        if candle[2] == 0.0:
            candle[2] = candle[3] = price
        elif price > candle[2]:
            candle[2] = price
        elif price < candle[3]:
            candle[3] = price
        if time < self._first_time:
            candle[1] = price
            self._first_time = time
        if time >= self._last_time:
            candle[4] = price
            self._last_time = time
        candle[5] += amount

    def add_candle(self, shorter: Candle, shorter_end: float, closed: list[Closed], start_time: float) -> None:
        """A closed candle of the parent, later than all before; the last one of a candle closes it."""
        candle = self.candle
        if candle is None:
            self.open_at(shorter[0], closed, start_time)
            candle = self.candle
            assert candle is not None
        self.candle = _merged(candle, shorter)
        if shorter_end >= self.end:
            self.close(closed, start_time)

    def close(self, closed: list[Closed], start_time: float) -> None:
        """End the candle in construction: tell of it, unless it began before ``start_time``, and feed longer ones."""
        self._flat = 0
        self._close(closed, start_time)

    def kline(self) -> Candle | None:
        """The candle in construction, the parent's included; fresh."""
        part = None if self.parent is None else self.parent.kline()
        if self.candle is None:
            return None if part is None else [bucket_start(part[0], self.time_frame), *part[1:]]
        return list(self.candle) if part is None else _merged(self.candle, part)

    def _close(self, closed: list[Closed], start_time: float) -> None:
        candle = self.candle
        assert candle is not None, "there is one to close"
        self.candle = None
        self._closed_end, self._closed_price = self.end, candle[4]
        if candle[0] < start_time:
            self.counts.incomplete += 1
        else:
            self.counts.closed += 1
            closed.append((self.time_frame, candle))
        for child in self.children:
            child.add_candle(candle, self.end, closed, start_time)

    def _count_missing(self, start: float) -> int:
        assert self._closed_end is not None
        if self.time_frame is not TimeFrames.ONE_MONTH:
            return round((start - self._closed_end) / get_seconds(self.time_frame))
        count, end = 0, self._closed_end
        while end < start:
            end = bucket_end(end, self.time_frame)
            count += 1
        return count


def consists_of(longer: TimeFrames, shorter: TimeFrames) -> bool:
    """Whether candles of the one are made of whole candles of the other, both aligned as ``bucket_start`` says."""
    whole = DAYS_TO_SECONDS if longer is TimeFrames.ONE_MONTH else get_seconds(longer)
    seconds = get_seconds(shorter)
    return seconds < get_seconds(longer) and whole % seconds == 0 and shorter is not TimeFrames.ONE_MONTH


def _merged(candle: Candle, later: Candle) -> Candle:
    start, opens, high, low, _, volume = candle
    if high == 0.0:  # it has no price yet
        return [start, *later[1:]]
    return [start, opens, max(high, later[2]), min(low, later[3]), later[4], volume + later[5]]
