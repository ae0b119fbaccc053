# SPDX-License-Identifier: Apache-2.0
"""What a candle that arrives must be."""

from __future__ import annotations

import math
from collections.abc import Sequence

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import bucket_start
from octobot_trading.util import LATEST_TIME

_COLUMNS = 6


def check_candle(candle: Sequence[float], time_frame: TimeFrames) -> list[float]:
    """A fresh [open time in seconds, open, high, low, close, volume] of floats.

    Raises:
        DataError: it is no candle, or none of this time frame.
    """
    if len(candle) != _COLUMNS:
        raise DataError(f"{list(candle)!r} has {len(candle)} numbers, a candle six", remedy="leave it out")
    try:
        row = [float(value) for value in candle]
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"{list(candle)!r} is no candle: {error}", remedy="leave it out") from error
    time, opens, high, low, close, volume = row
    if not (0.0 <= time < LATEST_TIME and 0.0 < low <= opens <= high < math.inf and low <= close <= high):
        raise DataError(f"{row!r} is no possible candle", remedy="leave it out")
    if not 0.0 <= volume < math.inf:
        raise DataError(f"{row!r} has no possible volume", remedy="leave it out")
    # Exchanges do not agree on which day a three-day candle opens.
    if bucket_start(time, time_frame) != time and time_frame is not TimeFrames.THREE_DAYS:
        raise DataError(f"no {time_frame.value} candle opens at {time!r}", remedy="leave it out")
    return row
