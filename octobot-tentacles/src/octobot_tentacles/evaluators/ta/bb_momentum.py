# SPDX-License-Identifier: Apache-2.0
"""BBMomentumEvaluator: where the close stands between its Bollinger bands.

``docs/BBMomentumEvaluator.md`` describes the rule for those who set it up; ``position_note`` is this rule.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray
from octobot_tentacles.indicators.volatility import newest_bollinger

#: Bands narrower than this part of the price are rounding errors of prices that do not move.
NO_WIDTH = 1e-10


def position_note(close: float, lower: float, middle: float, upper: float) -> float:
    """-1 at or below the lower band, 1 at or above the upper one, in a straight line between; 0 without any width."""
    width = upper - middle
    if width <= NO_WIDTH * abs(middle):
        return 0.0
    return max(-1.0, min(1.0, (close - middle) / width))


class BBMomentumEvaluator(TAEvaluator):
    """Buys at the lower and sells at the upper Bollinger band."""

    ohlcv_callback = notes(Column.CLOSE)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.period_length = 20

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.period_length = self.UI.user_input(
            "period_length",
            UserInputTypes.INT,
            20,
            inputs,
            min_val=2,
            title="Period: length of the moving average and of the deviation, in candles.",
        )

    @property
    def window(self) -> int:
        """How many closes it reads."""
        return self.period_length

    def note_of(self, closes: FloatArray) -> float | None:
        """The note of these closes, None when they are too few.

        Raises:
            IndicatorInputError: a close is no number.
        """
        bands = newest_bollinger(closes, self.period_length)
        if bands is None:
            return None
        upper, middle, lower = bands
        return position_note(float(closes[-1]), lower, middle, upper)
