# SPDX-License-Identifier: Apache-2.0
"""ADXMomentumEvaluator: follows a strong trend, and expects its end once it tires.

``docs/ADXMomentumEvaluator.md`` describes the rule for those who set it up; ``trend_note`` is this rule.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray, adx, ema

#: The price is above or below this average.
EMA_PERIOD = 20
#: ADX up to which there is no trend (Wilder: 20 to 25), and from which on it is as strong as a note can say.
NO_TREND, FULL_TREND = 20.0, 40.0
#: A trend tires once the ADX falls from a peak of at least ``FULL_TREND``; with this part of the peak it is over.
FALL_OF_PEAK = 0.25
#: Wilder's averages forget their start by (1 - 1 / period) a candle; the ADX is an average of averages.
WARM_UP_PERIODS = 25


def trend_note(strengths: FloatArray, side: float) -> float:
    """The note of the newest ADX values (the last is now) while the price is on ``side`` of its average: 1 above it.

    Along the trend while the ADX holds, against it as far as the ADX has fallen from a high peak.
    """
    now, peak = float(strengths[-1]), float(strengths.max())
    strength = max(0.0, min(1.0, (now - NO_TREND) / (FULL_TREND - NO_TREND)))
    tired = min(1.0, (peak - now) / (FALL_OF_PEAK * peak)) if peak >= FULL_TREND else 0.0
    return -side * strength * (1.0 - 2.0 * tired)


class ADXMomentumEvaluator(TAEvaluator):
    """Buys in strong trends up and at the end of strong trends down; the mirror for sells."""

    ohlcv_callback = notes(Column.HIGH, Column.LOW, Column.CLOSE)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.period_length = 14

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.period_length = self.UI.user_input(
            "period_length", UserInputTypes.INT, 14, inputs, min_val=1, title="Period: length of the ADX in candles."
        )

    @property
    def window(self) -> int:
        """How many candles it reads."""
        return max(WARM_UP_PERIODS * self.period_length, WARM_UP_PERIODS * EMA_PERIOD // 2)

    def note_of(self, highs: FloatArray, lows: FloatArray, closes: FloatArray) -> float | None:
        """The note of these candles, None when they are too few for ``period_length`` values of the ADX.

        Raises:
            IndicatorInputError: a price is no number.
        """
        period = self.period_length
        if len(closes) < max(3 * period - 1, EMA_PERIOD) or closes[0] != closes[0]:
            return None
        strengths = adx(highs, lows, closes, period).adx[-period:]
        average, close = float(ema(closes, EMA_PERIOD)[-1]), float(closes[-1])
        return trend_note(strengths, float((close > average) - (close < average)))
