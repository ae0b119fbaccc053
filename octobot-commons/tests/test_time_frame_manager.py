# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.enums import TimeFrames, TimeFramesMinutes
from octobot_commons.errors import TimeFrameError
from octobot_commons.time_frame_manager import (
    bucket_end,
    bucket_start,
    find_min_time_frame,
    get_seconds,
    parse_time_frame,
    parse_time_frames,
    sort_time_frames,
)

ANY_TIME_FRAME = st.sampled_from(list(TimeFrames))
#: 1971 to 2100.
ANY_TIME = st.integers(31_536_000, 4_102_444_800).map(float)


def unix(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()


def test_members_and_values_are_interchangeable_keys() -> None:
    assert {member.value for member in TimeFrames} == set(TimeFramesMinutes)
    assert get_seconds("4h") == get_seconds(TimeFrames.FOUR_HOURS) == 14400
    assert get_seconds("1M") == 30 * 86400


def test_sorting_keeps_what_it_was_given() -> None:
    assert sort_time_frames(["1d", "1h", "1M", "1m"]) == ["1m", "1h", "1d", "1M"]
    members = [TimeFrames.ONE_DAY, TimeFrames.ONE_MINUTE]
    assert sort_time_frames(members)[0] is TimeFrames.ONE_MINUTE
    assert sort_time_frames(members, reverse=True)[0] is TimeFrames.ONE_DAY
    assert sort_time_frames([]) == []
    assert find_min_time_frame(members) is TimeFrames.ONE_MINUTE


def test_parsing() -> None:
    assert parse_time_frame("1M") is TimeFrames.ONE_MONTH
    assert parse_time_frame("1m") is TimeFrames.ONE_MINUTE
    assert parse_time_frames(["4h", TimeFrames.ONE_HOUR]) == [TimeFrames.FOUR_HOURS, TimeFrames.ONE_HOUR]


@pytest.mark.parametrize("ask", [parse_time_frame, get_seconds])
def test_unknown_text_is_an_error_that_lists_the_known_ones(ask: object) -> None:
    known = "known time frames: 1m 3m 5m 15m 30m 1h 2h 3h 4h 6h 8h 12h 1d 3d 1w 1M"
    with pytest.raises(TimeFrameError) as caught:
        ask("1 h")
    assert str(caught.value) == f"'1 h' is no time frame (did you mean 1h? {known})"
    with pytest.raises(ValueError, match=r"'' is no time frame \(known time frames") as caught:
        ask("")
    with pytest.raises(TimeFrameError, match=r"None is no time frame"):
        ask(None)


@pytest.mark.parametrize(
    ("time_frame", "inside", "start", "end"),
    [
        ("5m", (2023, 5, 4, 13, 7), (2023, 5, 4, 13, 5), (2023, 5, 4, 13, 10)),
        ("1d", (2023, 5, 4, 13, 7), (2023, 5, 4), (2023, 5, 5)),
        # 2023-05-04 is a Thursday.
        ("1w", (2023, 5, 4, 13, 7), (2023, 5, 1), (2023, 5, 8)),
        ("1w", (2023, 5, 1), (2023, 5, 1), (2023, 5, 8)),
        ("1w", (2023, 5, 7, 23, 59), (2023, 5, 1), (2023, 5, 8)),
        ("1M", (2024, 2, 29, 23, 59), (2024, 2, 1), (2024, 3, 1)),
        ("1M", (2023, 12, 31), (2023, 12, 1), (2024, 1, 1)),
        # Three days count from 1970-01-01.
        ("3d", (1970, 1, 6, 5), (1970, 1, 4), (1970, 1, 7)),
    ],
)
def test_buckets(time_frame: str, inside: tuple[int, ...], start: tuple[int, ...], end: tuple[int, ...]) -> None:
    assert bucket_start(unix(*inside), time_frame) == unix(*start)
    assert bucket_end(unix(*start), time_frame) == unix(*end)


@given(ANY_TIME, ANY_TIME_FRAME)
def test_buckets_cover_all_time_without_overlap(moment: float, time_frame: TimeFrames) -> None:
    start = bucket_start(moment, time_frame)
    end = bucket_end(start, time_frame)
    assert start <= moment < end
    assert bucket_start(start, time_frame) == start
    assert bucket_start(end, time_frame) == end
    assert bucket_start(end - 1, time_frame) == start
    if time_frame is not TimeFrames.ONE_MONTH:
        assert end - start == get_seconds(time_frame)
    if time_frame is TimeFrames.ONE_WEEK:
        assert datetime.fromtimestamp(start, UTC).weekday() == 0
