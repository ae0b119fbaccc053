# SPDX-License-Identifier: Apache-2.0
"""The candles of one symbol and time frame: as tentacles read them, and as they arrive live."""

from __future__ import annotations

import math
from collections.abc import Sequence

from octobot_commons.enums import PriceIndexes, TimeFrames
from octobot_commons.time_frame_manager import bucket_end, get_seconds
from octobot_trading.exchange_data.ohlcv._candle_ring import CandleRing
from octobot_trading.exchange_data.ohlcv.candle_check import check_candle
from octobot_trading.util import FloatArray

_TIME, _OPEN, _HIGH, _LOW, _CLOSE, _VOLUME = (int(index) for index in PriceIndexes)


class CandlesManager:
    """Arrays of the last closed candles, oldest first; every array is fresh and may be changed.

    ``limit`` counts from the newest candle, -1 means all. The candle in construction comes last where asked for.

    Live candles come in through ``add_closed`` and ``update``, whose rules are those of ``candle_builder``, but that a
    closed candle that comes again with other numbers replaces the newest one, as whoever reads later should see it.
    A backtest writes into ``ring`` itself; what it gives is not counted here.
    """

    def __init__(self, time_frame: TimeFrames, capacity: int) -> None:
        self.time_frame = time_frame
        calendar = time_frame is TimeFrames.ONE_MONTH
        self.ring = CandleRing(0.0 if calendar else float(get_seconds(time_frame)), capacity)
        #: When the newest value was received, in Unix seconds; None before the first.
        self.received_time: float | None = None
        #: Closed candles that came again: equal to the newest one, or with other numbers.
        self.duplicates = self.corrected = 0
        #: Updates older than the candle in construction or than what has closed.
        self.late_updates = 0
        #: Candles missing between two closed ones, and in how many places.
        self.missing = self.gaps = 0

    def __len__(self) -> int:
        return len(self.ring)

    @property
    def late(self) -> int:
        """Closed candles and updates that came too late and were left out."""
        return self.ring.late + self.late_updates

    def age(self, current_time: float) -> float:
        """Seconds since the newest value was received, or since the newest candle closed where none was received live.

        Infinite before the first.
        """
        if self.received_time is not None:
            return current_time - self.received_time
        if not len(self.ring):
            return math.inf
        return current_time - bucket_end(self.ring.last(_TIME), self.time_frame)

    def add_closed(self, candle: Sequence[float], received_time: float) -> bool:
        """A candle that closed, received at a time in Unix seconds; whether it is new.

        Raises:
            DataError: it is no candle of this time frame; nothing was changed.
        """
        row = check_candle(candle, self.time_frame)
        ring = self.ring
        if len(ring):
            last = ring.candle()
            if row[0] == last[0]:
                if row == last:
                    self.duplicates += 1
                else:
                    self.corrected += 1
                    ring.append(*row)
                    self.received_time = received_time
                return False
            self._count_missing(last[0], row[0])
        if not ring.append(*row):
            return False
        self.received_time = received_time
        return True

    def update(self, candle: Sequence[float], received_time: float) -> list[float] | None:
        """A candle that may still change, from an exchange that never says that one closed.

        One with the open time of the candle in construction replaces it, one with a later open time closes it: the
        closed one is returned. That of the newest closed candle is a duplicate or corrects it, an older one is late.

        Raises:
            DataError: it is no candle of this time frame; nothing was changed.
        """
        row = check_candle(candle, self.time_frame)
        ring = self.ring
        if len(ring) and row[0] == ring.last(_TIME):
            self.add_closed(row, received_time)
            return None
        before = ring.construction()
        if before is None or row[0] <= before[0]:
            if ring.set_construction(*row):
                self.received_time = received_time
            else:
                self.late_updates += 1
            return None
        closed = before if self.add_closed(before, received_time) else None
        ring.set_construction(*row)
        self.received_time = received_time
        return closed

    def _count_missing(self, last_time: float, time: float) -> None:
        if self.ring.seconds:
            missing = round((time - last_time) / self.ring.seconds) - 1
        else:
            missing, end = 0, bucket_end(last_time, self.time_frame)
            while end < time:
                end = bucket_end(end, self.time_frame)
                missing += 1
        if missing > 0:
            self.missing += missing
            self.gaps += 1

    def get_symbol_time_candles(self, limit: int = -1, include_in_construction: bool = False) -> FloatArray:
        """Open times in seconds."""
        return self.ring.column(_TIME, limit, include_in_construction)

    def get_symbol_open_candles(self, limit: int = -1, include_in_construction: bool = False) -> FloatArray:
        """Opens."""
        return self.ring.column(_OPEN, limit, include_in_construction)

    def get_symbol_high_candles(self, limit: int = -1, include_in_construction: bool = False) -> FloatArray:
        """Highs."""
        return self.ring.column(_HIGH, limit, include_in_construction)

    def get_symbol_low_candles(self, limit: int = -1, include_in_construction: bool = False) -> FloatArray:
        """Lows."""
        return self.ring.column(_LOW, limit, include_in_construction)

    def get_symbol_close_candles(self, limit: int = -1, include_in_construction: bool = False) -> FloatArray:
        """Closes."""
        return self.ring.column(_CLOSE, limit, include_in_construction)

    def get_symbol_volume_candles(self, limit: int = -1, include_in_construction: bool = False) -> FloatArray:
        """Volumes, in the base asset."""
        return self.ring.column(_VOLUME, limit, include_in_construction)
