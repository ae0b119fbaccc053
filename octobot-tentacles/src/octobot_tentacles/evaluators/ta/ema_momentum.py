# SPDX-License-Identifier: Apache-2.0
"""EMAMomentumEvaluator: a price that has gone too far from its exponential average.

``docs/EMAMomentumEvaluator.md`` describes the rule for those who set it up; ``note_of`` is this rule.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.ema_distance import ema_window, percent_above_ema
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray


class EMAMomentumEvaluator(TAEvaluator):
    """Buys far below the EMA and sells far above it, or the other way around."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.period_length = 21
        self.price_threshold_percent = 2.0
        self.reverse_signal = False

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.period_length = self.UI.user_input(
            "period_length", UserInputTypes.INT, 21, inputs, min_val=1, title="Period: length of the EMA in candles."
        )
        self.price_threshold_percent = self.UI.user_input(
            "price_threshold_percent",
            UserInputTypes.FLOAT,
            2,
            inputs,
            min_val=0,
            title="Price threshold: how far from the EMA the price has to be, in percent.",
        )
        self.reverse_signal = self.UI.user_input(
            "reverse_signal",
            UserInputTypes.BOOLEAN,
            False,
            inputs,
            title="Reverse: buy above the EMA and sell below it, which follows the move instead of its end.",
        )

    ohlcv_callback = notes(Column.CLOSE)

    @property
    def window(self) -> int:
        """How many closes it reads."""
        return ema_window(self.period_length)

    def note_of(self, closes: FloatArray) -> float | None:
        """The note of these closes, None when they are too few.

        Raises:
            IndicatorInputError: a close is no number.
        """
        percent = percent_above_ema(closes, self.period_length)
        if percent is None:
            return None
        if abs(percent) <= self.price_threshold_percent:
            return 0.0
        return 1.0 if (percent > 0.0) is not self.reverse_signal else -1.0
