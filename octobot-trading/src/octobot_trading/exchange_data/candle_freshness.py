# SPDX-License-Identifier: Apache-2.0
"""When candles are overdue."""

from __future__ import annotations

from octobot_commons.time_frame_manager import bucket_end
from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager


def candles_stale_reason(candles: CandlesManager, now: float, delay_seconds: float) -> StaleReason | None:
    """Why the candles of a time frame must not be relied on, None when they may.

    SILENT from ``delay_seconds`` after the next candle should have closed: the one in construction, or the one after
    the newest. A venue that sends no candle where nothing is traded is silent then, too.
    """
    ring = candles.ring
    construction = ring.construction()
    if construction is not None:
        due_time = bucket_end(construction[0], candles.time_frame)
    elif len(ring):
        due_time = bucket_end(bucket_end(ring.last(0), candles.time_frame), candles.time_frame)
    else:
        return StaleReason.NO_DATA
    return StaleReason.SILENT if now > due_time + delay_seconds else None
