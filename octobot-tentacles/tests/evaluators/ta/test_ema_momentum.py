# SPDX-License-Identifier: Apache-2.0
"""EMAMomentumEvaluator: hand-computed notes, mirrored prices, recorded candles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.ta.ema_momentum import EMAMomentumEvaluator
from octobot_tentacles.indicators import FloatArray, ema

WINDOW = 21 * 11


@pytest.mark.parametrize(
    ("last", "note"),
    [
        # an EMA(3) at 100 that gets a last close c comes to (100 + c) / 2, so c is 100 (c - 100) / (c + 100) % above
        pytest.param(104.0, 0.0, id="400 / 204 = 1.96 %"),
        pytest.param(104.1, 1.0, id="410 / 204.1 = 2.01 %"),
        pytest.param(96.1, 0.0, id="-390 / 196.1 = -1.99 %"),
        pytest.param(96.0, -1.0, id="-400 / 196 = -2.04 %"),
        pytest.param(100.0, 0.0, id="on it"),
    ],
)
async def test_hand_computed_notes(make_evaluator: Any, make_feed: Any, last: float, note: float) -> None:
    closes = [*[100.0] * 30, last]
    evaluator = make_evaluator(EMAMomentumEvaluator, period_length=3)
    assert (await make_feed(evaluator).close(*closes))[-1] == note
    reversed_one = make_evaluator(EMAMomentumEvaluator, period_length=3, reverse_signal=True)
    assert (await make_feed(reversed_one).close(*closes))[-1] == -note


@given(
    steps=st.lists(st.floats(-5, 5), min_size=21, max_size=60),
    threshold=st.floats(0, 5),
    is_reversed=st.booleans(),
)
def test_bounds_and_mirror(steps: list[float], threshold: float, is_reversed: bool) -> None:
    """Prices mirrored at their EMA have the opposite note."""
    evaluator = EMAMomentumEvaluator(None)
    evaluator.price_threshold_percent, evaluator.reverse_signal = threshold, is_reversed
    closes = 1000.0 + np.cumsum(steps)
    percent = 100.0 * (closes[-1] / ema(closes, 21)[-1] - 1.0)
    expected = 0.0 if abs(percent) <= threshold else float(np.sign(percent))
    note = evaluator.note_of(closes)
    if abs(abs(percent) - threshold) > 1e-7:
        assert note == (-expected if is_reversed else expected)
        evaluator.reverse_signal = not is_reversed
        assert evaluator.note_of(closes) == -note


async def test_too_little_data_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(EMAMomentumEvaluator)).close(*[100.0] * 20, 120.0)
    assert notes == [START_PENDING_EVAL_NOTE] * 20 + [1.0]


@pytest.mark.parametrize("threshold", [0, 2])
@pytest.mark.parametrize("price", [0.1, 43_210.98])
async def test_a_constant_price_is_neutral(make_evaluator: Any, make_feed: Any, price: float, threshold: int) -> None:
    evaluator = make_evaluator(EMAMomentumEvaluator, price_threshold_percent=threshold)
    assert set((await make_feed(evaluator).close(*[price] * 60))[20:]) == {0.0}


async def test_a_close_that_is_no_number_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    evaluator = make_evaluator(EMAMomentumEvaluator, period_length=3)
    notes = await make_feed(evaluator).close(*[100.0] * 10, float("nan"), *[100.0] * 33)
    assert notes[9] == 0.0
    assert notes[10:43] == [START_PENDING_EVAL_NOTE] * 33  # the window is 11 * 3
    assert notes[43] == 0.0
    assert evaluator.failures == 0


def test_recorded_columns_give_the_notes_of_the_whole_history(make_evaluator: Any, recorded_closes: FloatArray) -> None:
    evaluator = make_evaluator(EMAMomentumEvaluator, price_threshold_percent=1)
    closes = recorded_closes[:3000]
    percents = 100.0 * (closes / ema(closes, 21) - 1.0)
    expected = np.where(np.abs(percents) > 1.0, np.sign(percents), 0.0)
    notes = [evaluator.note_of(closes[max(0, end - WINDOW) : end]) for end in range(21, 3001)]
    assert notes == expected[20:].tolist()
    assert (notes.count(-1.0), notes.count(0.0), notes.count(1.0)) == KNOWN_COUNTS


async def test_the_channel_gives_the_documented_window(
    make_evaluator: Any, make_feed: Any, recorded_closes: FloatArray
) -> None:
    evaluator = make_evaluator(EMAMomentumEvaluator, price_threshold_percent=0.1)
    seen: list[FloatArray] = []
    rule = evaluator.note_of
    evaluator.note_of = lambda closes: seen.append(closes) or rule(closes)
    await make_feed(evaluator).close(*recorded_closes[:300])
    assert seen[-1].tolist() == recorded_closes[300 - WINDOW : 300].tolist()


async def test_the_candle_in_construction_counts_when_asked_for(make_evaluator: Any, make_feed: Any) -> None:
    feed = make_feed(make_evaluator(EMAMomentumEvaluator))
    assert (await feed.close(*[100.0] * 30))[-1] == 0.0
    assert await feed.under_construction(90.0) == -1.0


@pytest.mark.parametrize("settings", [{"period_length": 0}, {"price_threshold_percent": -1}, {"reverse_signal": "yes"}])
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        make_evaluator(EMAMomentumEvaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    config = make_evaluator(EMAMomentumEvaluator).specific_config
    assert config == {"period_length": 21, "price_threshold_percent": 2, "reverse_signal": False}


KNOWN_COUNTS = (295, 2230, 455)
