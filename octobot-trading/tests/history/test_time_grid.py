# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons import time_frame_manager
from octobot_commons.enums import TimeFrames
from octobot_trading.history import time_grid

frames = st.sampled_from(list(TimeFrames))
times = st.lists(st.integers(0, 5_000_000_000).map(float), min_size=1, max_size=20)


@given(frames, times)
def test_buckets_are_those_of_commons(frame, open_times):
    starts = time_grid.bucket_starts(np.array(open_times), frame)
    assert starts.tolist() == [time_frame_manager.bucket_start(time, frame) for time in open_times]
    ends = time_grid.close_times(starts, frame)
    assert ends.tolist() == [time_frame_manager.bucket_end(start, frame) for start in starts.tolist()]


@given(frames, st.integers(0, 4_000_000_000), st.lists(st.integers(1, 40), max_size=12))
def test_positions_count_candles_from_the_first(frame, start, steps):
    open_times = [time_frame_manager.bucket_start(start, frame)]
    positions = [0]
    for step in steps:
        time = open_times[-1]
        for _ in range(step):
            time = time_frame_manager.bucket_end(time, frame)
        open_times.append(time)
        positions.append(positions[-1] + step)
    found, misses = time_grid.grid_positions(np.array(open_times), frame)
    assert found.tolist() == positions
    assert not misses.any()


def test_a_time_beside_the_grid_is_told():
    _, misses = time_grid.grid_positions(np.array([30.0, 90.0, 150.026, 195.0]), TimeFrames.ONE_MINUTE)
    assert misses == pytest.approx([0.0, 0.0, 0.026, -15.0])


def test_the_most_frequent_step_is_the_shorter_of_two():
    assert time_grid.most_frequent_step(np.array([0.0, 60.0, 180.0])) == 60.0
    assert time_grid.most_frequent_step(np.array([0.0])) is None


@pytest.mark.parametrize("days", [28, 29, 30, 31])
def test_a_step_of_a_month_is_a_month(days):
    assert time_grid.time_frame_of_step(days * 86400.0) is TimeFrames.ONE_MONTH


def test_a_step_of_no_time_frame():
    assert time_grid.time_frame_of_step(61.0) is None
    assert time_grid.time_frame_of_step(60.0) is TimeFrames.ONE_MINUTE


def test_nothing_has_no_position():
    positions, misses = time_grid.grid_positions(np.zeros(0), TimeFrames.ONE_HOUR)
    assert len(positions) == len(misses) == 0
