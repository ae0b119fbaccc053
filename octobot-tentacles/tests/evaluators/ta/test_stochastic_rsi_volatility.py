# SPDX-License-Identifier: Apache-2.0
"""StochasticRSIVolatilityEvaluator: extremes only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.ta.stochastic_rsi_volatility import StochasticRSIVolatilityEvaluator
from octobot_tentacles.indicators import FloatArray, stoch_rsi

#: An RSI(2) that has been at every level: ups and downs of 1, then a move.
_TO_AND_FRO = [100.0, 101, 100, 101, 100, 101, 100, 101]


@pytest.mark.parametrize(
    ("moves", "note"),
    [
        pytest.param([102, 103], 1.0, id="the highest RSI of its range: sell"),
        pytest.param([100, 99, 98], -1.0, id="the lowest RSI of its range: buy"),
        pytest.param([102, 101.5], 0.0, id="between"),
    ],
)
def test_extremes(make_evaluator: Any, moves: list[float], note: float) -> None:
    evaluator = make_evaluator(StochasticRSIVolatilityEvaluator, period=4)
    assert evaluator.note_of(np.array([*_TO_AND_FRO, *moves])) == note


def test_levels_are_part_of_the_extremes(make_evaluator: Any) -> None:
    closes = np.array([*_TO_AND_FRO, 102, 101.5])
    assert make_evaluator(StochasticRSIVolatilityEvaluator, period=4, low_level=0, high_level=1).note_of(closes) == 1.0
    assert (
        make_evaluator(StochasticRSIVolatilityEvaluator, period=4, low_level=99, high_level=100).note_of(closes) == -1.0
    )


@pytest.mark.parametrize(
    "settings", [{"low_level": 98}, {"low_level": -1}, {"high_level": 101}, {"period": 1}], ids=str
)
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        make_evaluator(StochasticRSIVolatilityEvaluator, **settings)


def test_the_level_is_that_of_the_indicator(make_evaluator: Any, recorded_closes: FloatArray) -> None:
    evaluator = make_evaluator(StochasticRSIVolatilityEvaluator, low_level=20, high_level=80)
    levels = stoch_rsi(recorded_closes[:1500], 14, 14).stoch_rsi
    for end in range(1000, 1500):
        level = float(levels[end - 1])
        expected = float((level >= 80) - (level <= 20))
        assert evaluator.note_of(recorded_closes[end - evaluator.window : end]) == expected
