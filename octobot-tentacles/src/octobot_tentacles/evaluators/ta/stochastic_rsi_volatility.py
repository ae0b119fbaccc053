# SPDX-License-Identifier: Apache-2.0
"""StochasticRSIVolatilityEvaluator: the extremes of the stochastic RSI.

``docs/StochasticRSIVolatilityEvaluator.md`` describes the rule for those who set it up.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray
from octobot_tentacles.indicators.momentum import known_rsi

#: Wilder's average forgets its start by (1 - 1 / period) a candle: after 20 periods 2e-9 of it are left.
WARM_UP_PERIODS = 20
#: Of an RSI that has not moved.
FLAT_LEVEL = 50.0


class StochasticRSIVolatilityEvaluator(TAEvaluator):
    """Buys where the RSI is at the bottom of its own range, sells where it is at the top."""

    ohlcv_callback = notes(Column.CLOSE)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.period = 14
        self.low_level = 1.0
        self.high_level = 98.0

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings.

        Raises:
            SettingError: the low level is not below the high level.
        """
        self.period = self.UI.user_input(
            "period",
            UserInputTypes.INT,
            14,
            inputs,
            min_val=2,
            title="Period: length of the RSI and of its range, in candles.",
        )
        self.low_level = self._level("low_level", 1, "Low level: stochastic RSI down to which it buys.", inputs)
        self.high_level = self._level("high_level", 98, "High level: stochastic RSI from which on it sells.", inputs)
        if self.low_level >= self.high_level:
            raise SettingError(
                f"{self.low_level} is not below high_level, {self.high_level}",
                file=self.UI.file,
                field="low_level",
                remedy="the low level has to be below the high one, as 1 is below 98",
            )

    @property
    def window(self) -> int:
        """How many closes it reads."""
        return (WARM_UP_PERIODS + 1) * self.period

    def note_of(self, closes: FloatArray) -> float | None:
        """-1 at or below the low level, 1 at or above the high one, else 0; None when the closes are too few.

        Raises:
            IndicatorInputError: a close is no number.
        """
        if len(closes) < 2 * self.period or closes[0] != closes[0]:
            return None
        # The end of ``stoch_rsi`` alone, at an eighth of its cost.
        strengths = known_rsi(closes, self.period)[-self.period :]
        lowest, highest = float(strengths.min()), float(strengths.max())
        level = 100.0 * (float(strengths[-1]) - lowest) / (highest - lowest) if highest > lowest else FLAT_LEVEL
        return float((level >= self.high_level) - (level <= self.low_level))

    def _level(self, name: str, default: float, title: str, inputs: dict[str, Any]) -> float:
        return float(
            self.UI.user_input(name, UserInputTypes.FLOAT, default, inputs, min_val=0, max_val=100, title=title)
        )
