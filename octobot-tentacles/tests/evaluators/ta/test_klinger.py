# SPDX-License-Identifier: Apache-2.0
"""Both evaluators of the Klinger oscillator: volume that turns, and turns that hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from octobot_tentacles.evaluators.ta import klinger
from octobot_tentacles.evaluators.ta.double_moving_average_trend import trend_note
from octobot_tentacles.evaluators.ta.klinger_oscillator_momentum import KlingerOscillatorMomentumEvaluator
from octobot_tentacles.evaluators.ta.klinger_oscillator_reversal_confirmation_momentum import (
    KlingerOscillatorReversalConfirmationMomentumEvaluator,
    is_confirmed,
)
from octobot_tentacles.indicators import FloatArray

Columns = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def trend(*legs: tuple[int, float]) -> Columns:
    """Candles of legs of (count, step); volume goes with the first leg's direction at first, then with the others'."""
    closes = 1000.0 + np.cumsum(np.concatenate([np.full(count, step) for count, step in legs]))
    widths = 1.0 + 0.5 * np.sin(np.arange(len(closes)))
    return closes + widths, closes - widths, closes, np.full(len(closes), 10.0)


@pytest.mark.parametrize(
    ("distances", "confirmed"),
    [((-3, 2, 5), True), ((0, 2, 5), True), ((-3, 2, 1), False), ((-3, 2, 2), False), ((1, 2, 3), False),
     ((-3, -2, 5), False), ((3, -2, -5), False)],
)  # fmt: skip
def test_a_turn_is_confirmed_once(distances: tuple[float, float, float], confirmed: bool) -> None:
    assert is_confirmed(*distances) is confirmed


def test_a_turn_up_is_bought_and_a_turn_down_sold(make_evaluator: Any) -> None:
    evaluator = make_evaluator(KlingerOscillatorMomentumEvaluator)
    fall_then_rise, rise_then_fall = ((300, -1.0), (30, 1.0)), ((300, 1.0), (30, -1.0))
    for legs, sign in ((fall_then_rise, -1), (rise_then_fall, 1)):
        columns = trend(*legs)
        notes = [evaluator.note_of(*(column[:end] for column in columns)) for end in range(296, 331)]
        strongest = min(notes) if sign < 0 else max(notes)
        assert sign * strongest > 0.6
        # It fades while nothing new happens.
        assert abs(notes[-1]) < abs(strongest)


def test_the_note_is_that_of_two_lines_that_cross(make_evaluator: Any) -> None:
    evaluator = make_evaluator(KlingerOscillatorMomentumEvaluator, short_period=3, long_period=5, ema_signal_period=4)
    columns = trend((40, 1.0), (10, -1.0), (7, 1.0))
    distances = klinger.distances(evaluator.periods, *columns)
    assert len(distances) == len(columns[0]) - 9
    assert evaluator.note_of(*columns) == trend_note(distances, 4)


def test_the_confirmation_comes_two_candles_after_the_crossing(make_evaluator: Any) -> None:
    confirmation = make_evaluator(KlingerOscillatorReversalConfirmationMomentumEvaluator)
    columns = trend((300, -1.0), (30, 1.0))
    ends = range(296, 331)
    notes = [confirmation.note_of(*(column[:end] for column in columns)) for end in ends]
    distances = [klinger.distances(confirmation.periods, *(column[:end] for column in columns))[-1] for end in ends]
    crossed = next(index for index, value in enumerate(distances) if value > 0)
    assert notes.index(True) == crossed + 1
    assert notes.count(True) == 1


def test_turns_down_are_never_confirmed(make_evaluator: Any) -> None:
    confirmation = make_evaluator(KlingerOscillatorReversalConfirmationMomentumEvaluator)
    columns = trend((300, 1.0), (30, -1.0))
    assert not any(confirmation.note_of(*(column[:end] for column in columns)) for end in range(301, 331))


def test_periods_may_stand_in_either_order(make_evaluator: Any) -> None:
    columns = trend((200, 1.0), (20, -1.0))
    notes = {
        make_evaluator(KlingerOscillatorMomentumEvaluator, short_period=short, long_period=long).note_of(*columns)
        for short, long in ((35, 55), (55, 35))
    }
    assert len(notes) == 1
