# SPDX-License-Identifier: Apache-2.0
"""DoubleMovingAverageTrendEvaluator: follows the trend that two moving averages show.

``docs/DoubleMovingAverageTrendEvaluator.md`` describes the rule for those who set it up; ``trend_note`` is this rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray
from octobot_tentacles.indicators.moving_averages import known_sma_difference

#: The usual distance of the averages is taken over this many times the long period.
SCALE_PERIODS = 4
#: Share of the note that a fresh crossing gives; the distance of the averages gives the rest.
CROSSING_SHARE = 0.5
#: The averages are as far apart as a note can say at this multiple of their usual distance.
FULL_DISTANCE = 2.0
#: Distances below this part of the price are rounding errors of equal averages.
NO_DISTANCE = 1e-10


def trend_note(distances: FloatArray, long_period: int) -> float:
    """The note of ``short average - long average``, newest last: negative (buy) while the short one is above.

    Half of it comes from how fresh the crossing is, half from how wide apart the averages are, compared with what is
    usual, and whether they still are as wide apart as they were since the crossing.
    """
    values: list[float] = distances.tolist()
    now = values[-1]
    since_crossing, widest = 0, 0.0
    for value in reversed(values):
        distance = value if now > 0.0 else -value
        if distance <= 0.0:
            break
        since_crossing += 1
        if distance > widest:
            widest = distance
    usual = float(np.add.reduce(np.abs(distances))) / len(values)
    freshness = max(0.0, 1.0 - (since_crossing - 1) / long_period)
    width = min(1.0, abs(now) / (FULL_DISTANCE * usual))
    pace = abs(now) / widest
    strength = CROSSING_SHARE * freshness + (1.0 - CROSSING_SHARE) * width * pace
    return -strength if now > 0.0 else strength


class DoubleMovingAverageTrendEvaluator(TAEvaluator):
    """Buys when the short average crosses above the long one, sells when it crosses below."""

    ohlcv_callback = notes(Column.CLOSE)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.long_period_length = 10
        self.short_period_length = 5

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.long_period_length = self.UI.user_input(
            "long_period_length",
            UserInputTypes.INT,
            10,
            inputs,
            min_val=1,
            title="Slow moving average: its length in candles.",
        )
        self.short_period_length = self.UI.user_input(
            "short_period_length",
            UserInputTypes.INT,
            5,
            inputs,
            min_val=1,
            title="Fast moving average: its length in candles.",
        )

    @property
    def window(self) -> int:
        """How many closes it reads."""
        return (1 + SCALE_PERIODS) * max(self.long_period_length, self.short_period_length) - 1

    def note_of(self, closes: FloatArray) -> float | None:
        """The note of these closes, None when they are too few: fewer than two long averages.

        Raises:
            IndicatorInputError: a close is no number.
        """
        short_period, long_period = self.short_period_length, self.long_period_length
        if short_period > long_period:
            short_period, long_period = long_period, short_period
        if len(closes) < 2 * long_period or closes[0] != closes[0]:
            return None
        distances = known_sma_difference(closes, short_period, long_period)
        if abs(distances[-1]) <= NO_DISTANCE * abs(closes[-1]):
            return 0.0
        return trend_note(distances, long_period)
