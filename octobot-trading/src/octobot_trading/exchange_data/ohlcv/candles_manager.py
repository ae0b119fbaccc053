# SPDX-License-Identifier: Apache-2.0
"""The candles of one symbol and time frame, as tentacles read them."""

from __future__ import annotations

from octobot_commons.enums import PriceIndexes, TimeFrames
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.exchange_data.ohlcv._candle_ring import CandleRing
from octobot_trading.util import FloatArray

_TIME, _OPEN, _HIGH, _LOW, _CLOSE, _VOLUME = (int(index) for index in PriceIndexes)


class CandlesManager:
    """Arrays of the last closed candles, oldest first; every array is fresh and may be changed.

    ``limit`` counts from the newest candle, -1 means all. The candle in construction comes last where asked for.
    """

    def __init__(self, time_frame: TimeFrames, capacity: int) -> None:
        self.time_frame = time_frame
        calendar = time_frame is TimeFrames.ONE_MONTH
        self.ring = CandleRing(0.0 if calendar else float(get_seconds(time_frame)), capacity)

    def __len__(self) -> int:
        return len(self.ring)

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
