# SPDX-License-Identifier: Apache-2.0
"""ADXMomentumEvaluator: hand-computed notes, and trends that are made for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.evaluators.ta.adx_momentum import ADXMomentumEvaluator, trend_note
from octobot_tentacles.indicators import FloatArray


@pytest.mark.parametrize(
    ("strengths", "note"),
    [
        pytest.param([10, 15], 0, id="no trend"),
        pytest.param([20, 30], -0.5, id="half a trend up: buy"),
        pytest.param([45, 50], -1, id="a strong one that holds"),
        # (50 - 44) / 12.5 = 0.48 tired
        pytest.param([50, 44], -0.04, id="it tires"),
        # strength 0.9, (50 - 38) / 12.5 = 0.96 tired
        pytest.param([50, 38], 0.828, id="it is over: sell"),
        # strength 0.5, as tired as can be
        pytest.param([60, 30], 0.5, id="long over"),
        pytest.param([39, 30], -0.5, id="never so strong that its fall says anything"),
    ],
)
def test_trends(strengths: list[float], note: float) -> None:
    assert trend_note(np.array(strengths, dtype=float), 1.0) == pytest.approx(note)
    assert trend_note(np.array(strengths, dtype=float), -1.0) == pytest.approx(-note)
    assert trend_note(np.array(strengths, dtype=float), 0.0) == 0


@given(strengths=st.lists(st.floats(0, 100), min_size=1, max_size=14))
def test_notes_stay_within_their_bounds(strengths: list[float]) -> None:
    assert -1 <= trend_note(np.array(strengths), 1.0) <= 1


def note_of(evaluator: Any, closes: FloatArray) -> float:
    return float(evaluator.note_of(closes + 0.5, closes - 0.5, closes))


def test_a_steady_rise_is_bought_and_a_steady_fall_sold(make_evaluator: Any) -> None:
    evaluator = make_evaluator(ADXMomentumEvaluator)
    rise = np.linspace(100, 200, 200)
    # every move is one up: the directional index is 100
    assert note_of(evaluator, rise) == -1
    assert note_of(evaluator, 300 - rise) == 1


def test_a_price_that_goes_to_and_fro_has_no_trend(make_evaluator: Any) -> None:
    evaluator = make_evaluator(ADXMomentumEvaluator)
    assert abs(note_of(evaluator, 100 + np.tile([0.0, 1.0], 200))) < 0.05


def test_the_end_of_a_rise_is_sold(make_evaluator: Any) -> None:
    evaluator = make_evaluator(ADXMomentumEvaluator)
    notes = [
        note_of(evaluator, np.concatenate((np.linspace(100, 200, 200), np.linspace(200, 190, 40)[:count])))
        for count in range(1, 20)
    ]
    assert notes[0] == -1
    assert max(notes) > 0.5
