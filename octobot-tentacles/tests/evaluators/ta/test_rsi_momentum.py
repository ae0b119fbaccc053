# SPDX-License-Identifier: Apache-2.0
"""RSIMomentumEvaluator: hand-computed notes, recorded candles, and what must not depend on anything else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.ta.rsi_momentum import (
    TURN_CANDLES,
    WARM_UP_PERIODS,
    RSIMomentumEvaluator,
    level_note,
    neutral_level,
    turn_note,
)
from octobot_tentacles.indicators import FloatArray, rsi


@pytest.mark.parametrize(
    ("strength", "note"),
    [(0, -1), (30, -1), (40, -0.5), (50, 0), (60, 0.5), (70, 1), (100, 1)],
)
def test_level_is_linear_between_the_thresholds(strength: float, note: float) -> None:
    assert level_note(strength, 30, 70) == pytest.approx(note)


def test_the_neutral_level_is_50_or_lies_between_the_thresholds() -> None:
    assert neutral_level(20, 70) == 50
    assert neutral_level(60, 80) == 70
    assert level_note(65, 60, 80) == pytest.approx(-0.5)


STEADY = [50.0] * TURN_CANDLES


@pytest.mark.parametrize(
    ("last", "note"),
    [
        pytest.param([50.0], 0.0, id="nothing extreme"),
        pytest.param([31.0, 40.0], 0.0, id="not beyond the threshold"),
        pytest.param([20.0], 0.0, id="still falling"),
        pytest.param([20.0, 35.0], -0.9, id="half way back: the whole turn, one candle old"),
        pytest.param([20.0, 27.5], -0.45, id="a quarter of the way back: half the turn"),
        pytest.param([20.0, 50.0, 50.0, 50.0, 50.0, 50.0], -0.5, id="half faded"),
        pytest.param([80.0, 65.0], 0.9, id="turned down"),
        pytest.param([80.0], 0.0, id="still rising"),
        pytest.param([80.0, 20.0, 35.0], 0.8 - 0.9, id="the older turn weighs less"),
        pytest.param([20.0, 20.0, 35.0], -0.9, id="of equal extremes the newest counts"),
    ],
)
def test_turns(last: list[float], note: float) -> None:
    strengths = [*STEADY[: TURN_CANDLES - len(last)], *last]
    assert turn_note(strengths, 30, 70) == pytest.approx(note)


@given(strengths=st.lists(st.integers(0, 100).map(float), min_size=TURN_CANDLES, max_size=TURN_CANDLES))
def test_notes_stay_within_their_bounds_and_mirror(strengths: list[float]) -> None:
    note = turn_note(strengths, 30, 70)
    assert -1 <= note <= 1
    assert turn_note([100 - strength for strength in strengths], 30, 70) == pytest.approx(-note, abs=1e-9)
    assert level_note(strengths[-1], 30, 70) == pytest.approx(-level_note(100 - strengths[-1], 30, 70))


def fall_and_turn() -> list[float]:
    return [*np.linspace(100, 99, 30), *np.linspace(98, 80, 15), 83.0, 85.0]


async def test_a_clear_buy(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(RSIMomentumEvaluator)).close(*fall_and_turn())
    assert notes[44] == 0.0  # oversold and still falling
    assert notes[45] < -0.5
    assert notes[46] < -0.7


async def test_a_clear_sell(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(RSIMomentumEvaluator)).close(*(200 - close for close in fall_and_turn()))
    assert notes[44] == 0.0
    assert notes[46] > 0.7


async def test_levels_buy_while_oversold(make_evaluator: Any, make_feed: Any) -> None:
    evaluator = make_evaluator(RSIMomentumEvaluator, trend_change_identifier=False)
    notes = await make_feed(evaluator).close(*fall_and_turn())
    assert notes[13] == START_PENDING_EVAL_NOTE
    assert notes[14] == notes[44] == -1.0


async def test_too_little_data_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(RSIMomentumEvaluator)).close(*range(1, 26))
    assert notes[:23] == [START_PENDING_EVAL_NOTE] * 23
    assert notes[23:] == [0.0, 0.0]


async def test_a_constant_price_is_neutral(make_evaluator: Any, make_feed: Any) -> None:
    for is_trend_change in (True, False):
        evaluator = make_evaluator(RSIMomentumEvaluator, trend_change_identifier=is_trend_change)
        assert (await make_feed(evaluator).close(*[0.1] * 40))[-1] == 0.0


async def test_a_close_that_is_no_number_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    evaluator = make_evaluator(RSIMomentumEvaluator)
    notes = await make_feed(evaluator).close(*range(1, 40), float("nan"), *range(40, 45))
    assert notes[38] == 0.0
    assert notes[39:] == [START_PENDING_EVAL_NOTE] * 6
    assert evaluator.failures == 0


def notes_of(evaluator: RSIMomentumEvaluator, closes: FloatArray, window: int) -> list[float | None]:
    return [evaluator.note_of(closes[max(0, end - window) : end]) for end in range(1, len(closes) + 1)]


def test_recorded_columns_give_the_notes_of_the_whole_history(make_evaluator: Any, recorded_closes: FloatArray) -> None:
    """The window is long enough: notes are those of an RSI that never forgot anything, to 1e-6."""
    evaluator = make_evaluator(RSIMomentumEvaluator)
    closes = recorded_closes[:3000]
    notes = notes_of(evaluator, closes, 14 * WARM_UP_PERIODS + TURN_CANDLES + 1)
    strengths = rsi(closes, 14)
    for end in range(1000, 3000):
        whole = turn_note(strengths[end - TURN_CANDLES + 1 : end + 1].tolist(), 30, 70)
        assert notes[end] == pytest.approx(whole, abs=1e-6)


def test_known_notes_of_recorded_columns(make_evaluator: Any, recorded_closes: FloatArray) -> None:
    notes = notes_of(make_evaluator(RSIMomentumEvaluator), recorded_closes[:2000], 291)
    assert notes[:23] == [None] * 23
    known = [note for note in notes if note is not None]
    assert (min(known), max(known), sum(known)) == pytest.approx(KNOWN_TURNS, abs=1e-9)
    level = make_evaluator(RSIMomentumEvaluator, trend_change_identifier=False)
    assert [level.note_of(recorded_closes[:end]) for end in (500, 1000, 1500)] == pytest.approx(KNOWN_LEVELS, abs=1e-9)


async def test_the_channel_gives_the_documented_window(
    make_evaluator: Any, make_feed: Any, recorded_closes: FloatArray
) -> None:
    evaluator = make_evaluator(RSIMomentumEvaluator)
    notes = await make_feed(evaluator).close(*recorded_closes[:700])
    window = 14 * WARM_UP_PERIODS + TURN_CANDLES + 1
    assert notes[-1] == evaluator.note_of(recorded_closes[700 - window : 700])


async def test_the_candle_in_construction_counts_when_asked_for(make_evaluator: Any, make_feed: Any) -> None:
    evaluator = make_evaluator(RSIMomentumEvaluator)
    feed = make_feed(evaluator)
    await feed.close(*fall_and_turn()[:-1])
    before = evaluator.eval_note
    feed.ring.set_construction(feed.time, 83.0, 90.0, 83.0, 90.0, 1.0)
    last_closed = [feed.time - 3600.0, 83.0, 83.0, 83.0, 83.0, 1.0]
    await evaluator.ohlcv_callback("binance", "exchange", "Bitcoin", "BTC/USDT", "1h", last_closed, True)
    assert evaluator.eval_note < before


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"long_threshold": 70, "short_threshold": 70}, "oversold has to be below overbought"),
        ({"period_length": 0}, "period_length"),
        ({"long_threshold": -1}, "long_threshold"),
    ],
)
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any], match: str) -> None:
    with pytest.raises(SettingError, match=match):
        make_evaluator(RSIMomentumEvaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    assert make_evaluator(RSIMomentumEvaluator).specific_config == {
        "period_length": 14,
        "trend_change_identifier": True,
        "short_threshold": 70,
        "long_threshold": 30,
    }


KNOWN_TURNS = (-0.7, 0.9, 71.77069219594496)
KNOWN_LEVELS = [1.0, -0.05610138618929561, -0.4115528190105092]
