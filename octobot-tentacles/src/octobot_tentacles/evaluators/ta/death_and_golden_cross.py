# SPDX-License-Identifier: Apache-2.0
"""DeathAndGoldenCrossEvaluator: the candle at which two moving averages cross.

``docs/DeathAndGoldenCrossEvaluator.md`` describes the rule for those who set it up; ``note_of`` is this rule.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.distances import percent_above
from octobot_tentacles.evaluators.ta.moving_average_types import MOVING_AVERAGES
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray


class DeathAndGoldenCrossEvaluator(TAEvaluator):
    """Buys when the fast average crosses above the slow one (golden cross), sells when it falls below (death cross)."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.fast_length, self.slow_length = 50, 200
        self.fast_ma_type = self.slow_ma_type = "SMA"

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.fast_length = self._length("fast_length", 50, inputs, "Fast moving average: its length in candles.")
        self.slow_length = self._length("slow_length", 200, inputs, "Slow moving average: its length in candles.")
        self.slow_ma_type = self._type("slow_ma_type", inputs, "Slow moving average: its kind.")
        self.fast_ma_type = self._type("fast_ma_type", inputs, "Fast moving average: its kind.")

    def _length(self, name: str, default: int, inputs: dict[str, Any], title: str) -> int:
        value: int = self.UI.user_input(name, UserInputTypes.INT, default, inputs, min_val=1, title=title)
        return value

    def _type(self, name: str, inputs: dict[str, Any], title: str) -> str:
        options = list(MOVING_AVERAGES)
        value: str = self.UI.user_input(name, UserInputTypes.OPTIONS, "SMA", inputs, options=options, title=title)
        return value

    ohlcv_callback = notes(Column.CLOSE, Column.VOLUME)

    @property
    def window(self) -> int:
        """How many candles it reads."""
        return max(
            MOVING_AVERAGES[self.fast_ma_type].window(self.fast_length) + 1,
            MOVING_AVERAGES[self.slow_ma_type].window(self.slow_length) + 1,
        )

    def note_of(self, closes: FloatArray, volumes: FloatArray) -> float | None:
        """The note of these candles, None when they are too few.

        Raises:
            IndicatorInputError: a close is no number, or a volume that an average needs.
        """
        if not len(closes) or closes[0] != closes[0]:
            return None
        fast = self._last_two(self.fast_ma_type, self.fast_length, closes, volumes)
        slow = self._last_two(self.slow_ma_type, self.slow_length, closes, volumes)
        if len(fast) < 2 or len(slow) < 2 or fast[0] != fast[0] or slow[0] != slow[0]:
            return None
        before, now = percent_above(fast[0], slow[0]), percent_above(fast[1], slow[1])
        return float((now < 0.0 <= before) - (now > 0.0 >= before))

    def _last_two(self, kind: str, length: int, closes: FloatArray, volumes: FloatArray) -> list[float]:
        average = MOVING_AVERAGES[kind]
        window = average.window(length) + 1
        values: list[float] = average.compute(closes[-window:], volumes[-window:], length)[-2:].tolist()
        return values
