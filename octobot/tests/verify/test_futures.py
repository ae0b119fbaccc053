# SPDX-License-Identifier: Apache-2.0
"""What is known at a cut stays to the last digit, what comes later does not, and it is possible market data."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot.verify.cuts import choose_cuts
from octobot.verify.futures import cut, with_history, with_other_future
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.history import CandleSeries, resample, series_from_arrays

_HOUR = 3600.0
_START = 1_546_300_800.0  # 2019-01-01


def _hours(count: int, seed: int = 0, missing: float = 0.0) -> CandleSeries:
    rng = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, count)))
    opens = close * np.exp(rng.normal(0.0, 0.005, count))
    high = np.maximum(opens, close) * 1.01
    low = np.minimum(opens, close) * 0.99
    kept = rng.random(count) >= missing
    kept[0] = True
    columns = (_START + _HOUR * np.arange(count), opens, high, low, close, rng.random(count))
    return series_from_arrays(*(column[kept] for column in columns), symbol="BTC/USDT", time_frame="1h")


def _with_longer(hours: CandleSeries) -> list[CandleSeries]:
    return [hours, resample(hours, "4h"), resample(hours, "1d")]


def _known(series: CandleSeries, time: float) -> list[list[float]]:
    count = int(np.searchsorted(series.close_times, time, side="right"))
    return [column[:count].tolist() for column in series.columns()]


_TIMES = st.integers(26 * 4, 199 * 4).map(lambda quarter: _START + quarter * 900.0)
_SEEDS = st.integers(0, 50)


@given(time=_TIMES, seed=_SEEDS, missing=st.sampled_from([0.0, 0.2]))
def test_the_past_and_the_open_stay_and_the_rest_is_gone_or_another(time: float, seed: int, missing: float) -> None:
    whole = _with_longer(_hours(200, seed, missing))
    for changed in (cut(whole, time), with_other_future(whole, time, seed)):
        for before, after in zip(whole, changed, strict=True):
            assert _known(before, time) == _known(after, time)
            assert (np.diff(after.open_times) > 0).all()
            assert ((after.low <= np.minimum(after.open, after.close)) & (after.low > 0)).all()
            assert (np.maximum(after.open, after.close) <= after.high).all()
        opened = whole[0].open_times <= time
        assert changed[0].open[opened[: len(changed[0])].nonzero()[0]].tolist() == whole[0].open[opened].tolist()


@given(time=_TIMES, seed=_SEEDS)
def test_a_cut_leaves_nothing_but_the_open(time: float, seed: int) -> None:
    hours, *longer = cut(_with_longer(_hours(200, seed)), time)
    assert hours.open_times[-1] <= time
    if hours.close_times[-1] > time:
        assert len({float(getattr(hours, name)[-1]) for name in ("open", "high", "low", "close")}) == 1
    assert all(one.close_times[-1] <= time for one in longer)


@given(time=_TIMES, seed=_SEEDS)
def test_another_future_is_as_long_and_the_same_on_all_time_frames(time: float, seed: int) -> None:
    whole = _with_longer(_hours(200, seed))
    changed = with_other_future(whole, time, seed)
    assert changed[0].open_times.tolist() == whole[0].open_times.tolist()
    later = changed[0].close_times > time
    assert not np.isin(changed[0].close[later], whole[0].close).any()
    for one in changed[1:]:
        made = resample(changed[0], one.time_frame)
        assert made.same_candles(one)


def test_what_does_not_consist_of_the_shortest_ends_at_the_cut() -> None:
    """Three hours are no two."""
    two = series_from_arrays(
        *(column[:90] for column in resample(_hours(200), "2h").columns()), symbol="BTC/USDT", time_frame="2h"
    )
    three = resample(_hours(180), "3h")
    time = float(three.close_times[20])
    assert with_other_future([two, three], time, 0)[1].close_times[-1] == time


@given(time=_TIMES, count=st.integers(1, 300))
def test_a_short_history_has_so_many_closed_candles_of_each(time: float, count: int) -> None:
    whole = _with_longer(_hours(200))
    for before, after in zip(whole, with_history(whole, time, count), strict=True):
        closed = len(_known(before, time)[0])
        assert len(_known(after, time)[0]) == min(count, closed)
        assert after.close[-1] == before.close[-1]


@given(seed=_SEEDS, rounds=st.integers(1, 3))
def test_each_time_frame_is_cut_at_closes_and_in_the_middle(seed: int, rounds: int) -> None:
    series = _with_longer(_hours(400))
    cuts = choose_cuts(series, None, rounds, seed)
    assert cuts == choose_cuts(series, None, rounds, seed)
    assert len({one.time for one in cuts}) == len(cuts) == 6 * rounds
    for number, one in enumerate(series):
        closes, middle = one.close_times, get_seconds(one.time_frame) / 2
        own = [each for each in cuts if each.time_frame == one.time_frame]
        assert sum(each.is_close for each in own) == rounds
        for each in own:
            assert each.is_close == bool(np.isin(each.time, closes))
            assert each.is_close or bool(np.isin(each.time, one.open_times + middle))
            if each.is_close:
                assert not any(np.isin(each.time, longer.close_times) for longer in series[number + 1 :])


def test_cuts_lie_where_every_symbol_has_candles_and_after_the_start() -> None:
    early, late = _hours(300), replace(_hours(300), symbol="ETH/USDT")
    late = late.slice(_START + 200 * _HOUR, None)
    cuts = choose_cuts([early, late], None, 5, random.Random(1).randrange(99))
    assert min(one.time for one in cuts) > _START + 200 * _HOUR
    assert min(one.time for one in choose_cuts([early], _START + 250 * _HOUR, 5, 0)) > _START + 250 * _HOUR


def test_too_few_candles_are_refused() -> None:
    with pytest.raises(DataError, match="too few candles of BTC/USDT 1h"):
        choose_cuts([_hours(2)], None, 1, 0)
