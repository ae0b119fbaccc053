# SPDX-License-Identifier: Apache-2.0
"""BBMomentumEvaluator: hand-computed positions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.ta.bb_momentum import BBMomentumEvaluator, position_note


@pytest.mark.parametrize(("close", "note"), [(90, -1), (96, -1), (98, -0.5), (100, 0), (101, 0.25), (104, 1), (110, 1)])
def test_the_place_between_the_bands(close: float, note: float) -> None:
    assert position_note(close, 96, 100, 104) == pytest.approx(note)


def test_bands_without_width_say_nothing() -> None:
    assert position_note(100, 100, 100, 100) == 0
    assert position_note(0.1, 0.1, 0.1, 0.1 + 1e-17) == 0


@pytest.mark.parametrize(
    ("closes", "note"),
    [
        # mean 12, deviation sqrt(2): the bands are 2 * sqrt(2) away
        pytest.param([10, 11, 12, 13, 14], 2 / (2 * 2**0.5), id="rising: sell"),
        pytest.param([14, 13, 12, 11, 10], -2 / (2 * 2**0.5), id="falling: buy"),
        pytest.param([10, 11, 13, 14, 12], 0, id="in the middle"),
        # mean 9, deviation 2: the lower band is at 5
        pytest.param([10, 10, 10, 10, 5], -1, id="at the lower band"),
    ],
)
def test_notes_of_closes(make_evaluator: Any, closes: list[float], note: float) -> None:
    evaluator = make_evaluator(BBMomentumEvaluator, period_length=5)
    assert evaluator.note_of(np.array(closes, dtype=float)) == pytest.approx(note)
    assert evaluator.note_of(np.array([1000.0, *closes])) == pytest.approx(note)


@given(closes=st.lists(st.floats(1, 1e6), min_size=20, max_size=20), scale=st.sampled_from([0.001, 1, 1000]))
def test_notes_do_not_depend_on_the_scale_and_mirror(closes: list[float], scale: float) -> None:
    evaluator = BBMomentumEvaluator(None)
    evaluator.load_config()
    array = np.array(closes)
    note = evaluator.note_of(array)
    assert note is not None
    assert evaluator.note_of(array * scale) == pytest.approx(note, abs=1e-6)
    assert evaluator.note_of(2e6 - array) == pytest.approx(-note, abs=1e-3)


def test_a_period_has_two_candles_at_least(make_evaluator: Any) -> None:
    with pytest.raises(SettingError, match="period_length"):
        make_evaluator(BBMomentumEvaluator, period_length=1)
