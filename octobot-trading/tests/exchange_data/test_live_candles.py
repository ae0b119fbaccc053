# SPDX-License-Identifier: Apache-2.0
"""Candles that arrive live in a candle manager: late, twice, with gaps; and how old a value is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.clock import SimulatedClock
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager

MINUTE = TimeFrames.ONE_MINUTE


def flat(time: float, price: float = 1.0, volume: float = 1.0) -> list[float]:
    """A candle of one price."""
    return [time, price, price, price, price, volume]


def test_closed_candles_late_twice_and_with_gaps():
    manager = CandlesManager(MINUTE, 10)
    assert manager.add_closed(flat(60.0), 121.0)
    assert manager.add_closed(flat(120.0), 181.0)
    assert not manager.add_closed(flat(120.0), 182.0)
    assert not manager.add_closed(flat(60.0, 9.0), 183.0)
    assert (manager.duplicates, manager.late, manager.missing) == (1, 1, 0)
    assert manager.add_closed(flat(300.0), 361.0)
    assert (manager.missing, manager.gaps) == (2, 1)
    assert not manager.add_closed(flat(300.0, 2.0), 362.0)
    assert manager.corrected == 1
    assert manager.get_symbol_time_candles().tolist() == [60.0, 120.0, 300.0]
    assert manager.get_symbol_close_candles().tolist() == [1.0, 1.0, 2.0]


def test_an_update_with_a_new_open_time_closes_the_one_before():
    manager = CandlesManager(MINUTE, 10)
    assert manager.update(flat(60.0), 70.0) is None
    assert manager.update(flat(60.0, 2.0), 80.0) is None
    assert len(manager) == 0
    assert manager.get_symbol_close_candles(-1, True).tolist() == [2.0]
    assert manager.update(flat(180.0, 3.0), 181.0) == flat(60.0, 2.0)
    assert manager.update(flat(60.0, 2.0), 182.0) is None
    assert manager.update(flat(60.0, 2.5), 182.0) is None
    assert (manager.duplicates, manager.corrected) == (1, 1)
    assert manager.update(flat(120.0, 9.0), 182.0) is None
    assert manager.update(flat(0.0, 9.0), 182.0) is None
    assert manager.late == 2
    assert manager.update(flat(240.0, 4.0), 241.0) == flat(180.0, 3.0)
    assert (manager.missing, manager.gaps) == (1, 1)
    assert manager.get_symbol_close_candles(-1, True).tolist() == [2.5, 3.0, 4.0]


def test_a_value_has_an_age():
    clock = SimulatedClock(1_000.0)
    manager = CandlesManager(MINUTE, 10)
    assert manager.age(clock.time) == math.inf
    manager.ring.append(*flat(900.0))  # as a backtest does: it was known when it closed
    assert manager.age(clock.time) == 40.0
    manager.update(flat(960.0), clock.time)
    assert manager.age(clock.time) == 0.0
    assert manager.age(1_030.0) == 30.0
    manager.update(flat(840.0), 1_040.0)
    assert manager.age(1_040.0) == 40.0, "what is late makes nothing younger"


def test_months_are_counted_by_the_calendar():
    manager = CandlesManager(TimeFrames.ONE_MONTH, 10)
    manager.add_closed(flat(1_704_067_200.0), 0.0)  # January 2024
    manager.add_closed(flat(1_706_745_600.0), 0.0)  # February
    assert manager.missing == 0
    manager.add_closed(flat(1_714_521_600.0), 0.0)  # May
    assert (manager.missing, manager.gaps) == (2, 1)


@pytest.mark.parametrize("candle", [flat(61.0), flat(60.0, math.nan), flat(60.0, 1.0, -1.0), flat(math.nan), [60.0]])
def test_what_is_no_candle_changes_nothing(candle):
    manager = CandlesManager(MINUTE, 10)
    for arrive in (manager.add_closed, manager.update):
        with pytest.raises(DataError):
            arrive(candle, 100.0)
    assert (len(manager), manager.ring.construction(), manager.received_time) == (0, None, None)


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3), st.integers(1, 3)), max_size=60))
def test_every_candle_is_kept_or_counted(steps):
    manager = CandlesManager(MINUTE, 1000)
    minute = 100
    new = arrived = 0
    for closed, move, price in steps:
        candle = flat(60.0 * (minute + move), float(price))
        minute = max(minute, minute + move)
        if closed:
            arrived += 1
            new += manager.add_closed(candle, 0.0)
        else:
            arrived += len(manager) > 0 and candle[0] == manager.ring.last(0)
            made = manager.update(candle, 0.0)
            new += made is not None
            arrived += made is not None
    late_closed = manager.ring.late
    assert arrived == new + manager.duplicates + manager.corrected + late_closed
    assert new == len(manager)
    times = manager.get_symbol_time_candles().tolist()
    assert manager.missing == (round((times[-1] - times[0]) / 60.0) + 1 - len(times) if times else 0)
