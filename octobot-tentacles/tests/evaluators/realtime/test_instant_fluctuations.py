# SPDX-License-Identifier: Apache-2.0
"""InstantFluctuationsEvaluator: hand-computed notes, what takes them back, and a replay of recorded minutes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.realtime.averages_watcher import Averages
from octobot_tentacles.evaluators.realtime.instant_fluctuations import RECENT_CANDLES, InstantFluctuationsEvaluator
from octobot_tentacles.indicators import FloatArray, sma

PENDING = START_PENDING_EVAL_NOTE
CLOSES = [98.0, 102.0] * 5  # their mean is 100


@pytest.mark.parametrize(
    ("price", "volume", "note"),
    [
        pytest.param(101.2, 0.0, -1.0, id="jumped up"),
        pytest.param(98.8, 0.0, 1.0, id="jumped down"),
        pytest.param(100.9, 30.0, None, id="neither"),
        pytest.param(100.3, 101.0, -0.5, id="more than five times 20, above the average"),
        pytest.param(99.7, 101.0, 0.5, id="the same below it"),
        pytest.param(100.3, 100.0, None, id="five times 20 is not above 400 %"),
        pytest.param(100.0, 500.0, None, id="a volume without a side"),
        pytest.param(101.2, 500.0, -1.0, id="both: the price counts"),
    ],
)
async def test_hand_computed_notes(make_watch: Any, price: float, volume: float, note: float | None) -> None:
    watch = await make_watch(InstantFluctuationsEvaluator)
    await watch.closed(*CLOSES, volume=20.0)
    assert await watch.price(price, volume) == note


async def test_the_story_of_the_page(make_watch: Any) -> None:
    watch = await make_watch(InstantFluctuationsEvaluator)
    await watch.closed(*CLOSES, volume=20.0)
    for price, volume in ((100.9, 30.0), (101.2, 60.0), (101.3, 70.0), (100.3, 105.0)):
        await watch.price(price, volume)
    await watch.closed(100.3, volume=105.0)
    await watch.price(100.3, 1.0)
    assert [note for _, _, note in watch.notes] == [-1.0, -0.5, PENDING]


async def test_a_note_ends_when_the_averages_have_caught_up(make_watch: Any) -> None:
    watch = await make_watch(InstantFluctuationsEvaluator)
    await watch.closed(*[100.0] * 10)
    # means of ten closes before each: 100, 100.2, 100.4 … 101 (0.99 % below 102, after five of them)
    noted = [await watch.closed(102.0) for _ in range(7)]
    assert noted == [-1.0] * 5 + [PENDING] * 2


async def test_too_little_data_says_nothing(make_watch: Any) -> None:
    watch = await make_watch(InstantFluctuationsEvaluator)
    await watch.closed(*CLOSES[:9])
    assert await watch.price(150.0) is None
    await watch.closed(CLOSES[9])
    assert await watch.price(150.0) == -1.0


@pytest.mark.parametrize("settings", [{}, {"price_difference_threshold_percent": 0}])
async def test_a_constant_price_says_nothing(make_watch: Any, settings: dict[str, Any]) -> None:
    watch = await make_watch(InstantFluctuationsEvaluator, **settings)
    await watch.closed(*[0.1] * 12)
    assert await watch.price(0.1, 1000.0) is None
    assert watch.notes == []


async def test_volumes_are_not_compared_where_nothing_was_traded(make_watch: Any) -> None:
    watch = await make_watch(InstantFluctuationsEvaluator)
    await watch.closed(*CLOSES, volume=0.0)
    assert await watch.price(100.5, 10.0) is None
    assert await watch.price(101.5, 10.0) == -1.0


percents = st.floats(0, 90)


@given(change=st.floats(-0.9, 0.9), volume=st.floats(0, 100), price_threshold=percents, volume_threshold=percents)
def test_bounds_and_mirror(change: float, volume: float, price_threshold: float, volume_threshold: float) -> None:
    evaluator = InstantFluctuationsEvaluator(None)
    evaluator.price_difference_threshold_percent = price_threshold
    evaluator.volume_difference_threshold_percent = volume_threshold
    averages = Averages(64.0, 16.0, 0.0)
    note = evaluator.note_of(64.0 * (1 + change), volume, averages)
    assert note in (-1.0, -0.5, None, 0.5, 1.0)
    if note is not None:
        assert note * change < 0
    if abs(100 * abs(change) - price_threshold) > 1e-6:
        mirrored = evaluator.note_of(64.0 * (1 - change), volume, averages)
        assert mirrored == (None if note is None else -note)


async def test_known_notes_of_a_replay(make_watch: Any, recorded_minutes: dict[str, FloatArray]) -> None:
    """The notes that change, computed once more from the whole history at once."""
    watch = await make_watch(InstantFluctuationsEvaluator, price_difference_threshold_percent=0.3)
    notes = await watch.replay(recorded_minutes)
    closes, volumes = recorded_minutes["close"][10:], recorded_minutes["volume"][10:]
    changes = 100.0 * (closes / sma(recorded_minutes["close"], RECENT_CANDLES)[9:-1] - 1.0)
    jumps = volumes > 5.0 * sma(recorded_minutes["volume"], RECENT_CANDLES)[9:-1]
    sizes = np.where(np.abs(changes) >= 0.3, 1.0, np.where(jumps, 0.5, 0.0))
    expected = [-sign * size if size else PENDING for sign, size in zip(np.sign(changes), sizes, strict=True)]
    changed = [note for before, note in zip([PENDING, *expected], expected, strict=False) if note != before]
    assert notes == changed
    assert dict(Counter(notes)) == KNOWN_COUNTS
    assert watch.evaluator.failures == 0


@pytest.mark.parametrize(
    "settings",
    [
        {"price_difference_threshold_percent": -1},
        {"volume_difference_threshold_percent": -1},
        {"time_frame": "7m"},
    ],
)
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        make_evaluator(InstantFluctuationsEvaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    assert make_evaluator(InstantFluctuationsEvaluator).specific_config == {
        "price_difference_threshold_percent": 1,
        "volume_difference_threshold_percent": 400,
        "time_frame": "1m",
    }


KNOWN_COUNTS = {-1.0: 50, -0.5: 34, 0.5: 45, 1.0: 46, PENDING: 168}
