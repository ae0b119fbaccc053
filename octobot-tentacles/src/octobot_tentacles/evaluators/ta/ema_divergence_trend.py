# SPDX-License-Identifier: Apache-2.0
"""EMADivergenceTrendEvaluator: a price that leaves its exponential average behind.

``docs/EMADivergenceTrendEvaluator.md`` describes the rule for those who set it up; ``note_of`` is this rule.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.ema_distance import ema_window, percent_above_ema
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray

#: The thresholds, as files of OctoBot 2 may name them.
_OLD_NAMES = {"long_value": "long", "short_value": "short"}


class EMADivergenceTrendEvaluator(TAEvaluator):
    """Buys a price that is well above its EMA and sells one that is well below it."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.size = 50
        self.long_value = 2
        self.short_value = -2

    @classmethod
    def get_file_settings(cls) -> tuple[str, ...]:
        """The thresholds' other names."""
        return (*super().get_file_settings(), *_OLD_NAMES.values())

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings.

        Raises:
            SettingError: the buy threshold is below the sell threshold.
        """
        self.size = self.UI.user_input(
            "size", UserInputTypes.INT, 50, inputs, min_val=1, title="Size: length of the EMA in candles."
        )
        self.long_value = self._threshold(inputs, "long_value", 2, "Long: percent above the EMA from which to buy.")
        self.short_value = self._threshold(
            inputs, "short_value", -2, "Short: percent above the EMA, usually below 0, down from which to sell."
        )
        if self.short_value > self.long_value:
            raise SettingError(
                f"{self.short_value} is above the threshold for buying, {self.long_value}",
                file=self.UI.file,
                field=self._stored_name("short_value"),
                remedy="prices fall before they are sold: -2 is below 2",
            )

    def _threshold(self, inputs: dict[str, Any], name: str, default: int, title: str) -> int:
        value: int = self.UI.user_input(self._stored_name(name), UserInputTypes.INT, default, inputs, title=title)
        return value

    def _stored_name(self, name: str) -> str:
        """The key of its file that counts: the other name where that is the only one there."""
        old = _OLD_NAMES[name]
        return old if old in self.specific_config and name not in self.specific_config else name

    ohlcv_callback = notes(Column.CLOSE)

    @property
    def window(self) -> int:
        """How many closes it reads."""
        return ema_window(self.size)

    def note_of(self, closes: FloatArray) -> float | None:
        """The note of these closes, None when they are too few.

        Raises:
            IndicatorInputError: a close is no number.
        """
        percent = percent_above_ema(closes, self.size)
        if percent is None:
            return None
        return float((percent < self.short_value) - (percent > self.long_value))
