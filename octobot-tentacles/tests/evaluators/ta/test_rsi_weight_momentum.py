# SPDX-License-Identifier: Apache-2.0
"""RSIWeightMomentumEvaluator: which entry counts, and what closes weigh."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.ta.rsi_weight_momentum import RSIWeightMomentumEvaluator, weights_of


@pytest.mark.parametrize(
    ("slow", "fast", "price", "volume"),
    [
        (29, 19, 2, 2), (29, 30, 1, 1), (30, 20, 2, 2), (33, 18, 3, 3), (33, 34, 1, 1), (29, 34, 1, 1), (40, 39, 2, 1),
        (50, 44, 1, 1), (50, 48, 3, 2), (60, 58, 2, 1), (68, 50, 3, 2), (68, 69, 2, 2), (71, 10, 0, 0), (68, 71, 0, 0),
    ],
)  # fmt: skip
def test_the_deepest_entry_counts(make_evaluator: Any, slow: float, fast: float, price: int, volume: int) -> None:
    dips = make_evaluator(RSIWeightMomentumEvaluator).dips
    assert weights_of(slow, fast, dips) == {"price": price, "volume": volume}


@given(slow=st.floats(0, 100), fast=st.floats(0, 100))
def test_whatever_is_weighed_fits(slow: float, fast: float) -> None:
    evaluator = RSIWeightMomentumEvaluator(None)
    evaluator.load_config()
    weights = weights_of(slow, fast, evaluator.dips)
    fitting = [dip for dip in evaluator.dips if slow <= dip.slow_threshold and fast <= dip.fast_threshold]
    assert weights == (fitting[0].weights if fitting else {"price": 0, "volume": 0})
    assert all(dip[:2] >= fitting[0][:2] for dip in fitting)


def test_a_fall_is_a_dip_and_a_rise_is_none(make_evaluator: Any) -> None:
    evaluator = make_evaluator(RSIWeightMomentumEvaluator)
    fall = np.linspace(200, 100, 60)
    # nothing but losses: an RSI of 0
    assert evaluator.note_of(fall) == {"price": 2, "volume": 2}
    assert evaluator.note_of(300 - fall) == {"price": 0, "volume": 0}


def test_notes_can_be_changed_by_whoever_gets_them(make_evaluator: Any) -> None:
    evaluator = make_evaluator(RSIWeightMomentumEvaluator)
    fall = np.linspace(200, 100, 60)
    evaluator.note_of(fall)["price"] = 99
    assert evaluator.note_of(fall) == {"price": 2, "volume": 2}


def test_entries_of_ones_own(make_evaluator: Any) -> None:
    entry = {"slow_threshold": 90, "fast_thresholds": [{"fast_threshold": 80, "weights": {"price": 3, "volume": 1}}]}
    evaluator = make_evaluator(RSIWeightMomentumEvaluator, RSI_to_weight=[entry])
    assert [tuple(dip) for dip in evaluator.dips] == [(90, 80, {"price": 3, "volume": 1})]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"period": 0}, "period"),
        ({"RSI_to_weight": [{"slow_threshold": 101, "fast_thresholds": []}]}, r"RSI_to_weight\[0\].slow_threshold"),
        (
            {"RSI_to_weight": [{"slow_threshold": 1, "fast_thresholds": [{"weights": {"price": 4}}]}]},
            r"RSI_to_weight\[0\].fast_thresholds\[0\].weights.price",
        ),
    ],
)
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingError, match=named):
        make_evaluator(RSIWeightMomentumEvaluator, **settings)
