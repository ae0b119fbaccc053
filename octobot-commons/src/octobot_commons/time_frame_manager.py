# SPDX-License-Identifier: Apache-2.0
"""Time frames: their order, their length, and the buckets of time that their candles cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

from octobot_commons.constants import DAYS_TO_SECONDS, MINUTE_TO_SECONDS
from octobot_commons.enums import TimeFrames, TimeFramesMinutes
from octobot_commons.errors import TimeFrameError, did_you_mean

TimeFrameT = TypeVar("TimeFrameT", bound=str)

_SECONDS: dict[str, int] = {
    time_frame: minutes * MINUTE_TO_SECONDS for time_frame, minutes in TimeFramesMinutes.items()
}
# Texts, because looking a member up in its class costs more than the arithmetic below.
_WEEK = TimeFrames.ONE_WEEK.value
_MONTH = TimeFrames.ONE_MONTH.value
#: 1970-01-01 was a Thursday; the first Monday came four days later.
_FIRST_MONDAY = 4 * DAYS_TO_SECONDS


def parse_time_frame(text: str) -> TimeFrames:
    """The member of this value.

    Raises:
        TimeFrameError: unknown text.
    """
    try:
        return TimeFrames(text)
    except ValueError:
        raise _unknown(text) from None


def parse_time_frames(texts: Iterable[str]) -> list[TimeFrames]:
    """The members of these values, in the given order."""
    return [parse_time_frame(text) for text in texts]


def get_seconds(time_frame: TimeFrames | str) -> int:
    """The length in seconds; a month counts 30 days.

    Raises:
        TimeFrameError: unknown time frame.
    """
    try:
        return _SECONDS[time_frame]
    except KeyError:
        raise _unknown(time_frame) from None


def sort_time_frames(time_frames: Iterable[TimeFrameT], reverse: bool = False) -> list[TimeFrameT]:
    """The time frames from the shortest to the longest, or reversed; members and texts alike."""
    return sorted(time_frames, key=get_seconds, reverse=reverse)


def find_min_time_frame(time_frames: Iterable[TimeFrameT]) -> TimeFrameT:
    """The shortest of them; ValueError when there is none."""
    return min(time_frames, key=get_seconds)


def bucket_start(open_time: float, time_frame: TimeFrames | str) -> float:
    """When the candle of this time frame that covers ``open_time`` opens.

    Candles are aligned on the epoch, weeks on Monday 00:00 UTC, months on the calendar (UTC).
    """
    if time_frame == _MONTH:
        day = datetime.fromtimestamp(open_time, UTC)
        return datetime(day.year, day.month, 1, tzinfo=UTC).timestamp()
    seconds = get_seconds(time_frame)
    if time_frame == _WEEK:
        return float((open_time - _FIRST_MONDAY) // seconds * seconds + _FIRST_MONDAY)
    return float(open_time // seconds * seconds)


def bucket_end(start: float, time_frame: TimeFrames | str) -> float:
    """When the candle that opens at ``start`` closes, which is when the next one opens."""
    if time_frame == _MONTH:
        day = datetime.fromtimestamp(start, UTC)
        years, month = divmod(day.month, 12)
        return datetime(day.year + years, month + 1, 1, tzinfo=UTC).timestamp()
    return float(start + get_seconds(time_frame))


def _unknown(text: object) -> TimeFrameError:
    known = [member.value for member in TimeFrames]
    hint = f"known time frames: {' '.join(known)}"
    remedy = did_you_mean(text, known, hint) if isinstance(text, str) and text.strip() else hint
    return TimeFrameError(f"{text!r} is no time frame", remedy=remedy if remedy == hint else f"{remedy} {hint}")
