# SPDX-License-Identifier: Apache-2.0
"""OverallStateAnalyser: weighted means, refreshed or not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.evaluators.util.overall_state_analyser import OverallStateAnalyser


def test_the_weighted_mean() -> None:
    analyser = OverallStateAnalyser()
    assert analyser.get_overall_state_after_refresh() == 0
    analyser.add_evaluation(-1, 1)
    assert analyser.overall_state == -1
    analyser.add_evaluation(0.5, 3)
    assert analyser.get_overall_state_after_refresh() == pytest.approx((-1 + 3 * 0.5) / 4)


def test_nothing_changes_without_a_refresh() -> None:
    analyser = OverallStateAnalyser()
    analyser.add_evaluation(1, 2, refresh_overall_state=False)
    assert analyser.get_overall_state_after_refresh(False) == 0
    assert analyser.get_overall_state_after_refresh() == 1
    analyser.add_evaluation(-1, 2, refresh_overall_state=False)
    assert analyser.get_overall_state_after_refresh(refresh_overall_state=False) == 1
    assert analyser.get_overall_state_after_refresh() == 0


def test_evaluations_without_weight_say_nothing() -> None:
    analyser = OverallStateAnalyser()
    analyser.add_evaluation(1, 0)
    assert analyser.overall_state == 0


@given(st.lists(st.tuples(st.floats(-1, 1), st.integers(0, 10)), max_size=20))
def test_it_lies_between_the_evaluations(pairs: list[tuple[float, int]]) -> None:
    analyser = OverallStateAnalyser()
    for evaluation, weight in pairs:
        analyser.add_evaluation(evaluation, weight)
    weighty = [evaluation for evaluation, weight in pairs if weight] or [0.0]
    assert min(weighty) - 1e-9 <= analyser.overall_state <= max(weighty) + 1e-9


@pytest.mark.parametrize(("evaluation", "weight"), [(math.nan, 1), (1, math.inf), (1, -1)])
def test_what_is_no_evaluation_is_refused(evaluation: float, weight: float) -> None:
    with pytest.raises(ValueError, match="cannot add"):
        OverallStateAnalyser().add_evaluation(evaluation, weight)
