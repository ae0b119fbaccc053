# SPDX-License-Identifier: Apache-2.0
"""InstantMAEvaluator: hand-computed notes, mirrored prices, and a replay of recorded minutes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.realtime.averages_watcher import Averages
from octobot_tentacles.evaluators.realtime.instant_ma import InstantMAEvaluator
from octobot_tentacles.indicators import FloatArray, sma

CLOSES = [100.0, 101.0, 102.0, 101.0, 100.0, 102.0]  # their mean is 101; half a percent of it is 0.505


@pytest.mark.parametrize(
    ("price", "note"),
    [(101.506, -1.0), (101.504, 0.0), (101.0, 0.0), (100.496, 0.0), (100.494, 1.0), (50.0, 1.0), (200.0, -1.0)],
)
async def test_hand_computed_notes(make_watch: Any, price: float, note: float) -> None:
    watch = await make_watch(InstantMAEvaluator)
    await watch.closed(*CLOSES)
    assert await watch.price(price) == note


async def test_the_threshold_itself_is_far_enough(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator, threshold=25, period=2)
    await watch.closed(7.0, 9.0)
    assert [await watch.price(price) for price in (10.0, 9.99, 6.01, 6.0)] == [-1.0, 0.0, 0.0, 1.0]


async def test_a_closed_candle_is_compared_with_those_before_it(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator, period=3)
    # means of three: 100, 101, 102.33
    assert await watch.closed(100.0, 100.0, 100.0, 103.0) == -1.0
    assert await watch.closed(104.0) == -1.0
    assert await watch.closed(102.0) == 0.0


async def test_too_little_data_says_nothing(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator)
    await watch.closed(*CLOSES[:5])
    assert await watch.price(150.0) is None
    await watch.closed(CLOSES[5])
    assert await watch.price(150.0) == -1.0


@pytest.mark.parametrize("settings", [{}, {"threshold": 0}])
async def test_a_constant_price_is_neutral(make_watch: Any, settings: dict[str, Any]) -> None:
    watch = await make_watch(InstantMAEvaluator, **settings)
    await watch.closed(*[0.1] * 8)
    assert await watch.price(0.1) == 0.0
    assert {note for _, _, note in watch.notes} == {0.0}


@given(average=st.floats(0.01, 1e6), change=st.floats(-0.9, 0.9), threshold=st.floats(0, 50))
def test_bounds_and_mirror(average: float, change: float, threshold: float) -> None:
    evaluator = InstantMAEvaluator(None)
    evaluator.threshold = threshold
    averages = Averages(average, 1.0, 0.0)
    note = evaluator.note_of(average * (1 + change), 1.0, averages)
    assert note in (-1.0, 0.0, 1.0)
    if abs(100 * abs(change) - threshold) > 1e-6:
        assert evaluator.note_of(average * (1 - change), 1.0, averages) == -note
        assert (note == 0.0) == (100 * abs(change) < threshold)


async def test_known_notes_of_a_replay(make_watch: Any, recorded_minutes: dict[str, FloatArray]) -> None:
    """The notes that change, computed once more from the whole history at once."""
    watch = await make_watch(InstantMAEvaluator)
    notes = await watch.replay(recorded_minutes)
    closes = recorded_minutes["close"]
    changes = 100.0 * (closes[6:] / sma(closes, 6)[5:-1] - 1.0)
    expected = np.where(changes >= 0.5, -1.0, np.where(changes <= -0.5, 1.0, 0.0)).tolist()
    changed = [note for before, note in zip([None, *expected], expected, strict=False) if note != before]
    assert notes == changed
    assert dict(Counter(notes)) == KNOWN_COUNTS
    assert watch.evaluator.failures == 0


@pytest.mark.parametrize("settings", [{"period": 0}, {"threshold": -1}, {"time_frame": "7m"}, {"threshold": "much"}])
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        make_evaluator(InstantMAEvaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    config = make_evaluator(InstantMAEvaluator).specific_config
    assert config == {"period": 6, "time_frame": "1m", "threshold": 0.5}


KNOWN_COUNTS = {0.0: 10, 1.0: 6, -1.0: 3}
