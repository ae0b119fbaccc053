# SPDX-License-Identifier: Apache-2.0
"""What evaluators ask about candles."""

from __future__ import annotations

from collections.abc import Sequence

from octobot_commons.enums import PriceIndexes, TimeFrames
from octobot_commons.time_frame_manager import bucket_end, get_seconds

_TIME = PriceIndexes.IND_PRICE_TIME.value
#: A month is no fixed number of seconds: it is left to the calendar.
_SECONDS: dict[str, int] = {
    member.value: get_seconds(member) for member in TimeFrames if member is not TimeFrames.ONE_MONTH
}


def get_eval_time(
    full_candle: Sequence[float] | None = None,
    time_frame: TimeFrames | str | None = None,
    partial_candle: Sequence[float] | None = None,
    kline: Sequence[float] | None = None,
) -> float:
    """The time an evaluation made from this candle stands for.

    It is the close time of a full candle (which needs ``time_frame``), the open time of a candle in construction.

    Raises:
        ValueError: there is no candle, or a full one without its time frame.
        TimeFrameError: unknown time frame.
    """
    if full_candle is not None:
        if time_frame is None:
            raise ValueError("the evaluation time of a full candle needs its time frame")
        seconds = _SECONDS.get(time_frame)
        return bucket_end(full_candle[_TIME], time_frame) if seconds is None else full_candle[_TIME] + seconds
    candle = kline if partial_candle is None else partial_candle
    if candle is None:
        raise ValueError("an evaluation time needs a full candle, a partial candle or a kline")
    return candle[_TIME]
