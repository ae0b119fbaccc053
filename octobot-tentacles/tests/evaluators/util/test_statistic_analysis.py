# SPDX-License-Identifier: Apache-2.0
"""StatisticAnalysis: hand-computed slopes, mirrored ones, and those that say nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.evaluators.util.statistic_analysis import StatisticAnalysis


@pytest.mark.parametrize(
    ("data", "change"),
    [
        pytest.param([4, 2, 0, 2, 4], 1.0, id="changes -2 -2, then 2 2: as sharp a turn as can be"),
        pytest.param([0, 2, 4, 2, 0], -1.0, id="the other way"),
        pytest.param([0, 1, 2, 4, 6], 0.25, id="1 1, then 2 2: (2 - 1) / (2 * 2)"),
        pytest.param([0, 1, 2, 3], 0.0, id="a straight line"),
        pytest.param([5, 5, 5], 0.0, id="nothing moves"),
        pytest.param([5, 6], 0.0, id="too few"),
        pytest.param([], 0.0, id="none"),
    ],
)
def test_hand_computed_changes(data: list[float], change: float) -> None:
    assert StatisticAnalysis.analyse_recent_trend_changes(data, float) == pytest.approx(change)
    rooted = math.copysign(math.sqrt(abs(change)), change)
    assert StatisticAnalysis.analyse_recent_trend_changes(data, np.sqrt) == pytest.approx(rooted)


@given(st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_bounds_and_mirror(data: list[float]) -> None:
    change = StatisticAnalysis.analyse_recent_trend_changes(data, lambda size: 3 * size)
    assert -1 <= change <= 1
    assert StatisticAnalysis.analyse_recent_trend_changes([-v for v in data], lambda size: 3 * size) == -change
