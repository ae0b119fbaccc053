# SPDX-License-Identifier: Apache-2.0
"""DoubleMovingAverageTrendEvaluator: hand-computed notes, an independent computation, recorded candles."""

from __future__ import annotations

from statistics import fmean
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_tentacles.evaluators.ta.double_moving_average_trend import (
    SCALE_PERIODS,
    DoubleMovingAverageTrendEvaluator,
    trend_note,
)
from octobot_tentacles.indicators import FloatArray

WINDOW = (1 + SCALE_PERIODS) * 10 - 1


@pytest.mark.parametrize(
    ("distances", "note"),
    [
        # usual distance 1, long period 10: freshness (10 - age) / 10, width |now| / 2, pace |now| / widest
        pytest.param([-1, -1, -1, 1], -(0.5 * 1.0 + 0.5 * 0.5 * 1.0), id="crossed up just now"),
        pytest.param([1, 1, 1, -1], 0.5 * 1.0 + 0.5 * 0.5 * 1.0, id="crossed down just now"),
        pytest.param([-1, -1, 1, 1], -(0.5 * 0.9 + 0.5 * 0.5), id="one candle ago"),
        pytest.param([1.0] * 40, -0.25, id="long ago, usual distance"),
        pytest.param([*[0.5] * 39, 20.5], -0.5, id="long ago, as wide as can be said"),
        pytest.param([2.0] * 20 + [0.0] * 10 + [-2.0] * 9 + [-1.0], 0.5 * 0.1 + 0.5 * (1 / 2.95) * 0.5, id="narrowing"),
        pytest.param([0, 0, 0, 1], -(0.5 + 0.5), id="out of nothing"),
    ],
)
def test_hand_computed_notes(distances: list[float], note: float) -> None:
    assert trend_note(np.array(distances, dtype=float), 10) == pytest.approx(note)


def slow_note(closes: list[float], short: int = 5, long: int = 10) -> float | None:
    """The documented rule once more, in plain Python."""
    if len(closes) < 2 * long:
        return None
    ends = range(long, len(closes) + 1)
    distances = [fmean(closes[end - short : end]) - fmean(closes[end - long : end]) for end in ends]
    now = distances[-1]
    if abs(now) <= 1e-10 * abs(closes[-1]):
        return 0.0
    since = 0
    for distance in reversed(distances):
        if distance * now <= 0:
            break
        since += 1
    freshness = max(0.0, 1 - (since - 1) / long)
    width = min(1.0, abs(now) / (2 * fmean(map(abs, distances))))
    pace = abs(now) / max(map(abs, distances[-since:]))
    return -(0.5 * freshness + 0.5 * width * pace) * (1 if now > 0 else -1)


walks = st.lists(st.floats(-5, 5), min_size=20, max_size=WINDOW).map(lambda steps: 1000 + np.cumsum(steps))


@given(closes=walks)
def test_agrees_with_a_plain_computation(closes: FloatArray) -> None:
    note = DoubleMovingAverageTrendEvaluator(None).note_of(closes)
    expected = slow_note(closes.tolist())
    # where averages touch, rounding decides between a crossing and none
    if not any(abs(d) < 1e-9 for d in distances_of(closes)):
        assert note == pytest.approx(expected, abs=1e-6)
    assert note is not None
    assert -1 <= note <= 1


def distances_of(closes: FloatArray) -> list[float]:
    return [
        fmean(closes[end - 5 : end].tolist()) - fmean(closes[end - 10 : end].tolist())
        for end in range(10, len(closes) + 1)
    ]


async def test_a_clear_buy_and_a_clear_sell(make_evaluator: Any, make_feed: Any) -> None:
    closes = [*np.linspace(100, 90, 30), *np.linspace(90.5, 100, 20)]
    notes = await make_feed(make_evaluator(DoubleMovingAverageTrendEvaluator)).close(*closes)
    assert notes[29] > 0.2  # falling
    crossing = next(index for index in range(30, 50) if notes[index] < 0)
    assert crossing <= 36
    assert notes[crossing] <= -0.5
    assert notes[49] < -0.2
    mirrored = await make_feed(make_evaluator(DoubleMovingAverageTrendEvaluator)).close(*(200 - c for c in closes))
    assert mirrored[19:] == pytest.approx([-note for note in notes[19:]])


async def test_too_little_data_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(DoubleMovingAverageTrendEvaluator)).close(*range(1, 22))
    assert notes[:19] == [START_PENDING_EVAL_NOTE] * 19
    assert notes[19] < 0


@pytest.mark.parametrize("price", [0.1, 43_210.98])
async def test_a_constant_price_is_neutral(make_evaluator: Any, make_feed: Any, price: float) -> None:
    notes = await make_feed(make_evaluator(DoubleMovingAverageTrendEvaluator)).close(*[price] * 40)
    assert notes[-1] == 0.0


async def test_a_close_that_is_no_number_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    evaluator = make_evaluator(DoubleMovingAverageTrendEvaluator)
    notes = await make_feed(evaluator).close(*range(1, 40), float("nan"), *range(40, 100))
    assert notes[39 : 39 + WINDOW] == [START_PENDING_EVAL_NOTE] * WINDOW
    assert notes[39 + WINDOW] < 0  # the window has left it behind
    assert evaluator.failures == 0


async def test_only_the_documented_window_matters(
    make_evaluator: Any, make_feed: Any, recorded_closes: FloatArray
) -> None:
    evaluator = make_evaluator(DoubleMovingAverageTrendEvaluator)
    notes = await make_feed(evaluator).close(*recorded_closes[:300])
    assert notes[-1] == evaluator.note_of(recorded_closes[300 - WINDOW : 300])


def test_known_notes_of_recorded_columns(make_evaluator: Any, recorded_closes: FloatArray) -> None:
    evaluator = make_evaluator(DoubleMovingAverageTrendEvaluator)
    notes = [evaluator.note_of(recorded_closes[end - WINDOW : end]) for end in range(WINDOW, 2000)]
    assert notes == pytest.approx(
        [slow_note(recorded_closes[end - WINDOW : end].tolist()) for end in range(WINDOW, 2000)], abs=1e-9
    )
    assert (min(notes), max(notes), sum(notes)) == pytest.approx(KNOWN_NOTES, abs=1e-9)


def test_swapped_lengths_mean_the_same(make_evaluator: Any) -> None:
    closes = 100 + np.cumsum(np.random.default_rng(3).normal(size=WINDOW))
    straight = make_evaluator(DoubleMovingAverageTrendEvaluator)
    swapped = make_evaluator(DoubleMovingAverageTrendEvaluator, long_period_length=5, short_period_length=10)
    assert straight.note_of(closes) == swapped.note_of(closes)


def test_equal_lengths_say_nothing(make_evaluator: Any) -> None:
    evaluator = make_evaluator(DoubleMovingAverageTrendEvaluator, long_period_length=5)
    assert evaluator.note_of(np.arange(1.0, 40.0)) == 0.0


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    config = make_evaluator(DoubleMovingAverageTrendEvaluator).specific_config
    assert config == {"long_period_length": 10, "short_period_length": 5}


KNOWN_NOTES = (-1.0, 1.0, -44.02363181521471)
