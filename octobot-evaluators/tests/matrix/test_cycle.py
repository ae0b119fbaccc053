# SPDX-License-Identifier: Apache-2.0
"""The compiled cycle against its plain-Python twin, and the rule it stands for."""

from __future__ import annotations

import math

import cycle_reference as reference
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot_evaluators.matrix._cycle import Cycle

HOUR = 3600.0

lengths = st.sampled_from([60.0, HOUR, 4 * HOUR, math.inf, None])
times = st.one_of(st.integers(0, 40).map(lambda n: n * 1800.0), st.floats(0, 5e9))
slots = st.integers(0, 11)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("add"), lengths, st.one_of(st.just(-math.inf), times)),
        st.tuples(st.just("evaluated"), slots, times, st.booleans()),
        st.tuples(st.just("remove"), slots),
        st.tuples(st.just("invalidate"), slots),
        st.tuples(st.just("expect"), st.lists(slots, max_size=3)),
    ),
    max_size=80,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(lengths, min_size=1, max_size=4), st.sampled_from([0.0, 10.0]), operations)
def test_the_same_operations_complete_the_same_cycles(cells, allowed_delta, operations):
    compiled, twin = Cycle(allowed_delta), reference.Cycle(allowed_delta)
    for seconds in cells:
        assert compiled.add(seconds) == twin.add(seconds)
    size = len(cells)
    for name, *arguments in operations:
        if name == "add":
            size += 1
        elif name == "expect":
            arguments = [[slot % size for slot in arguments[0]]]
        else:
            arguments[0] %= size
        assert getattr(compiled, name)(*arguments) == getattr(twin, name)(*arguments)
        assert len(compiled) == len(twin)
        assert compiled.is_complete == twin.is_complete
        assert compiled.latest_time == twin.latest_time
        assert compiled.fresh_until() == twin.fresh_until()


def test_complete_once_per_time_when_all_cells_are_there():
    cycle = Cycle()
    rsi, ema = cycle.add(HOUR), cycle.add(HOUR)
    assert [cycle.evaluated(rsi, HOUR), cycle.evaluated(ema, HOUR)] == [False, True]
    assert cycle.evaluated(ema, HOUR) is False
    assert [cycle.evaluated(ema, 2 * HOUR), cycle.evaluated(rsi, 2 * HOUR)] == [False, True]


def test_a_long_time_frame_counts_until_its_next_candle_closes():
    cycle = Cycle()
    hourly, long = cycle.add(HOUR), cycle.add(4 * HOUR)
    assert [cycle.evaluated(long, 4 * HOUR), cycle.evaluated(hourly, 4 * HOUR)] == [False, True]
    assert [cycle.evaluated(hourly, n * HOUR) for n in (5, 6, 7)] == [True, True, True]
    assert cycle.evaluated(hourly, 8 * HOUR) is False
    assert cycle.evaluated(long, 8 * HOUR) is True


def test_late_evaluations_belong_to_their_cycle_within_the_allowed_delta():
    cycle = Cycle(10.0)
    first, second = cycle.add(HOUR), cycle.add(HOUR)
    assert [cycle.evaluated(first, HOUR + 0.3), cycle.evaluated(second, HOUR + 0.5)] == [False, True]
    assert [cycle.evaluated(first, 2 * HOUR + 0.2), cycle.evaluated(second, 2 * HOUR + 2)] == [False, True]


def test_a_cell_that_was_not_told_or_failed_keeps_the_cycle_open():
    cycle = Cycle()
    first, second = cycle.add(HOUR), cycle.add(HOUR)
    assert cycle.evaluated(first, HOUR) is False
    cycle.invalidate(second)
    assert cycle.evaluated(first, HOUR) is False
    assert cycle.evaluated(second, HOUR) is True


def test_an_expected_cell_opens_the_cycle_again():
    cycle = Cycle()
    first, second = cycle.add(HOUR), cycle.add(4 * HOUR)
    cycle.evaluated(second, 4 * HOUR)
    assert cycle.evaluated(first, 5 * HOUR) is True
    cycle.expect([first, second])
    assert [cycle.evaluated(first, 5 * HOUR), cycle.evaluated(second, 4 * HOUR)] == [False, True]
    cycle.expect([second])
    assert cycle.evaluated(first, 6 * HOUR) is True, "a later candle ends the waiting"


def test_months_follow_the_calendar():
    january, february, march = 1704067200.0, 1706745600.0, 1709251200.0
    cycle = Cycle()
    monthly, daily = cycle.add(None), cycle.add(24 * HOUR)
    cycle.evaluated(monthly, january)
    assert cycle.evaluated(daily, february - 24 * HOUR) is True
    assert cycle.evaluated(daily, february) is False
    assert cycle.evaluated(monthly, february) is True
    assert cycle.evaluated(daily, march) is False


def test_an_unknown_slot_is_an_error():
    with pytest.raises(IndexError, match="slot 3"):
        Cycle().evaluated(3, 0.0)
