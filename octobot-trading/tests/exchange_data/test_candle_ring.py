# SPDX-License-Identifier: Apache-2.0
"""The compiled candle ring against its plain twin, and its written rules."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import bucket_start, get_seconds
from octobot_trading.exchange_data.ohlcv._candle_ring import CandleRing
from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))
from candle_ring_reference import CandleRingReference

Steps = list[tuple[str, int, tuple[float, ...]]]
# Tiny and huge ones too.
_prices = st.one_of(st.floats(1e-9, 1e9), st.sampled_from([5e-324, 1e-12, 1e15, 1e308]))
_row = st.tuples(_prices, _prices, _prices, _prices, st.floats(0, 1e9))
_steps = st.lists(
    st.tuples(st.sampled_from(["append", "append", "append", "set", "merge"]), st.integers(-2, 3), _row), max_size=120
)


def check_alike(twin_class: type[CandleRingReference], capacity: int, steps: Steps) -> None:
    ring, twin = CandleRing(3600.0, capacity), twin_class("1h", capacity)
    hour = 0
    for kind, move, row in steps:
        hour = max(0, hour + move)
        if kind == "merge":
            time = hour * 3600.0 + 600.0 * (move % 6)
            assert ring.merge_construction(time, *row) == twin.merge_construction(time, *row)
        elif kind == "set":
            assert ring.set_construction(hour * 3600.0, *row) == twin.set_construction(hour * 3600.0, *row)
        else:
            assert ring.append(hour * 3600.0, *row) == twin.append(hour * 3600.0, *row)
        assert (len(ring), ring.late) == (len(twin), twin.late)
        assert ring.construction() == twin.construction_row
        for index in range(6):
            for limit in (-1, 0, 1, 3, capacity + 2):
                for also in (False, True):
                    mine, expected = ring.column(index, limit, also), twin.column(index, limit, also)
                    assert np.array_equal(mine, expected)
        if len(twin):
            assert ring.candle() == twin.rows[-1]
            assert ring.candle(0) == twin.rows[0]
            assert ring.last(4) == twin.rows[-1][4]


@given(st.integers(1, 9), _steps)
def test_like_its_twin(capacity: int, steps: Steps) -> None:
    check_alike(CandleRingReference, capacity, steps)


class KeepsLateOnes(CandleRingReference):
    def append(self, *row: float) -> bool:
        if self.rows and row[0] < self.rows[-1][0]:
            self.rows.append(list(row))
        return super().append(*row)


class KeepsOneMore(CandleRingReference):
    def __init__(self, time_frame: str, capacity: int) -> None:
        super().__init__(time_frame, capacity + 1)


class TakesTheLastVolume(CandleRingReference):
    def merge_construction(self, *row: float) -> int:
        taken = super().merge_construction(*row)
        if taken and self.construction_row:
            self.construction_row[5] = row[5]
        return taken


@pytest.mark.parametrize("twin", [KeepsLateOnes, KeepsOneMore, TakesTheLastVolume])
def test_a_bug_planted_into_the_twin_is_found(twin: type[CandleRingReference]) -> None:
    """So the steps do meet what they are to compare; test_mutations.py plants bugs into the ring itself."""

    @settings(max_examples=400, deadline=None, phases=[Phase.generate], report_multiple_bugs=False)
    @given(st.integers(1, 9), _steps)
    def compare(capacity: int, steps: Steps) -> None:
        check_alike(twin, capacity, steps)

    with pytest.raises(AssertionError):
        compare()


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(0, 700))
def test_the_newest_stay_while_the_room_grows_and_moves(capacity: int, count: int) -> None:
    ring = CandleRing(60.0, capacity)
    for number in range(count):
        assert ring.append(60.0 * number, *(float(number + column) for column in range(1, 6)))
    kept = range(max(0, count - capacity), count)
    assert ring.column(0).tolist() == [60.0 * number for number in kept]
    assert ring.column(5).tolist() == [float(number + 5) for number in kept]


@pytest.mark.parametrize("column", range(6))
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1.0, 1e300])
def test_what_is_no_candle_is_refused_before_the_ring(column: int, value: float) -> None:
    manager = CandlesManager(TimeFrames.ONE_MINUTE, 5)
    manager.add_closed([60.0, 2.0, 4.0, 1.0, 3.0, 9.0], 120.0)
    candle = [120.0, 2.0, 4.0, 1.0, 3.0, 9.0]
    candle[column] = value
    if value == 1e300 and column in (2, 5):  # a high price and a large volume are possible
        assert manager.add_closed(candle, 180.0)
        assert manager.ring.candle() == candle
        return
    with pytest.raises(DataError):
        manager.add_closed(candle, 180.0)
    with pytest.raises(DataError):
        manager.update(candle, 180.0)
    assert (len(manager.ring), manager.ring.construction()) == (1, None)


@pytest.mark.parametrize("time_frame", list(TimeFrames))
@settings(max_examples=60)
@given(milliseconds=st.integers(-(10**12), 4 * 10**12))
def test_buckets_are_those_of_the_time_frame(time_frame: TimeFrames, milliseconds: int) -> None:
    time = milliseconds / 1000
    seconds = 0.0 if time_frame is TimeFrames.ONE_MONTH else float(get_seconds(time_frame))
    assert CandleRing(seconds, 1).bucket_start(time) == bucket_start(time, time_frame)


def test_a_candle_in_construction_lies_on_the_grid_of_the_closed_ones() -> None:
    day = 86_400.0
    ring = CandleRing(3 * day, 5)
    for number in range(1, 4):
        ring.merge_construction(number * day, 1, 1, 1, 1, 1)
    ring.append(day, 1, 1, 1, 1, 3)
    assert ring.construction() is None  # what opened on the third day was within
    for number in range(4, 7):
        ring.merge_construction(number * day, 1, 1, 1, 1, 1)
        assert ring.construction() == [4 * day, 1, 1, 1, 1, number - 3]
    assert ring.bucket_start(7 * day) == 7 * day


def test_arrays_are_fresh_and_may_be_changed() -> None:
    ring = CandleRing(60.0, 10)
    ring.append(0.0, 1, 2, 0.5, 1.5, 7)
    column = ring.column(4)
    column[0] = 99.0
    assert column.flags.writeable
    assert ring.column(4).tolist() == [1.5]


def test_a_late_candle_is_counted_and_left_out_and_a_repeated_one_replaces() -> None:
    ring = CandleRing(60.0, 10)
    assert ring.append(60.0, 1, 1, 1, 1, 1)
    assert ring.append(120.0, 2, 2, 2, 2, 2)
    assert not ring.append(120.0, 3, 3, 3, 3, 3)
    assert not ring.append(60.0, 4, 4, 4, 4, 4)
    assert ring.column(1).tolist() == [1.0, 3.0]
    assert ring.late == 1


def test_a_stale_candle_in_construction_is_refused() -> None:
    ring = CandleRing(3600.0, 10)
    ring.append(0.0, 1, 1, 1, 1, 1)
    assert not ring.set_construction(0.0, 2, 2, 2, 2, 2)
    assert ring.construction() is None
    assert ring.set_construction(7200.0, 3, 3, 3, 3, 3)
    assert not ring.set_construction(3600.0, 4, 4, 4, 4, 4)
    assert not ring.merge_construction(5400.0, 5, 5, 5, 5, 5)
    assert ring.construction() == [7200.0, 3, 3, 3, 3, 3]


def test_shorter_candles_merge_until_their_own_is_closed() -> None:
    ring = CandleRing(3600.0, 10)
    assert ring.merge_construction(0.0, 10, 12, 9, 11, 1)
    assert ring.merge_construction(1800.0, 11, 15, 10, 14, 2)
    assert ring.construction() == [0.0, 10, 15, 9, 14, 3]
    assert ring.column(4, -1, True).tolist() == [14.0]
    assert ring.append(0.0, 10, 15, 9, 14, 3)
    assert ring.construction() is None
    assert not ring.merge_construction(3599.0, 1, 1, 1, 1, 1)
    assert ring.merge_construction(3600.0, 14, 16, 13, 15, 1)
    assert ring.column(4, 1, True).tolist() == [15.0]


def test_what_is_not_there_is_an_error() -> None:
    ring = CandleRing(60.0, 2)
    with pytest.raises(IndexError):
        ring.last(4)
    with pytest.raises(IndexError):
        ring.candle()
    with pytest.raises(IndexError):
        ring.column(6)
    with pytest.raises(ValueError, match="capacity"):
        CandleRing(60.0, 0)
    assert ring.column(0).tolist() == []


def test_the_manager_names_the_columns() -> None:
    manager = CandlesManager(TimeFrames.ONE_MINUTE, 5)
    manager.ring.append(60.0, 1.0, 4.0, 0.5, 2.0, 9.0)
    manager.ring.set_construction(120.0, 2.0, 2.0, 2.0, 2.0, 1.0)
    columns = (
        manager.get_symbol_time_candles,
        manager.get_symbol_open_candles,
        manager.get_symbol_high_candles,
        manager.get_symbol_low_candles,
        manager.get_symbol_close_candles,
        manager.get_symbol_volume_candles,
    )
    assert [column(1)[0] for column in columns] == [60.0, 1.0, 4.0, 0.5, 2.0, 9.0]
    assert [column(-1, True)[-1] for column in columns] == [120.0, 2.0, 2.0, 2.0, 2.0, 1.0]
