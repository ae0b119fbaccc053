# SPDX-License-Identifier: Apache-2.0
"""MACDMomentumEvaluator: histograms drawn by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.ta.macd_momentum import MACDMomentumEvaluator, histogram_note


@pytest.mark.parametrize(
    ("histogram", "note"),
    [
        # below zero since index 2: a V, three quarters of the way back from -8
        pytest.param([1, 2, -4, -8, -4, -2], -0.75 * 0.75, id="V below zero: buy"),
        # W: down, up, down, up; half way back from -8
        pytest.param([2, -8, -3, -8, -4], -1.0 * 0.5, id="W below zero: buy more"),
        pytest.param([-1, -2, 4, 8, 4, 2], 0.75 * 0.75, id="N above zero: sell"),
        pytest.param([-2, 8, 3, 8, 4], 0.5, id="M above zero: sell more"),
        pytest.param([2, -2, -4, -8], 0, id="still falling"),
        # changes its sign by a step of 4, mean size 14 / 4 = 3.5
        pytest.param([-8, -2, -2, 2], -4 / 7, id="rises above zero: buy"),
        pytest.param([8, 2, 2, -2], 4 / 7, id="falls below zero: sell"),
        pytest.param([-1, -1, -20, 30], -1, id="a step as large as a note can say"),
        pytest.param([0, 0, 0], 0, id="nothing"),
    ],
)
def test_histograms(histogram: list[float], note: float) -> None:
    assert histogram_note(np.array(histogram, dtype=float)) == pytest.approx(note)


@given(histogram=st.lists(st.integers(-50, 50).map(float), min_size=2, max_size=40), scale=st.sampled_from([0.01, 50]))
def test_notes_stay_within_their_bounds_mirror_and_have_no_scale(histogram: list[float], scale: float) -> None:
    values = np.array(histogram)
    note = histogram_note(values)
    assert -1 <= note <= 1
    assert histogram_note(-values) == pytest.approx(-note)
    assert histogram_note(values * scale) == pytest.approx(note)


def test_a_fall_that_turns_is_bought(make_evaluator: Any) -> None:
    evaluator = make_evaluator(MACDMomentumEvaluator)
    closes = np.concatenate((np.full(100, 100.0), np.linspace(100, 80, 15), np.linspace(80, 90, 15)))
    notes = [evaluator.note_of(closes[:end]) for end in range(100, len(closes) + 1)]
    assert min(notes) < -0.4
    mirrored = [evaluator.note_of(200 - closes[:end]) for end in range(100, len(closes) + 1)]
    assert mirrored == pytest.approx([-note for note in notes])


def test_the_fast_average_is_the_shorter_one(make_evaluator: Any) -> None:
    with pytest.raises(SettingError, match="short_period_length"):
        make_evaluator(MACDMomentumEvaluator, short_period_length=26)
