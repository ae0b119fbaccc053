# SPDX-License-Identifier: Apache-2.0
"""InstantMAEvaluator: the price of the moment beyond its moving average.

``docs/InstantMAEvaluator.md`` describes the rule for those who set it up; ``note_of`` is this rule.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_tentacles.evaluators.distances import percent_above
from octobot_tentacles.evaluators.realtime.averages_watcher import Averages, AveragesWatcher


class InstantMAEvaluator(AveragesWatcher):
    """Buys above the moving average and sells below it, from a distance on."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.threshold = 0.5

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.candles_count = self.UI.user_input(
            "period",
            UserInputTypes.INT,
            6,
            inputs,
            min_val=1,
            title="Period: length of the moving average in closed candles.",
        )
        self.register_time_frame(inputs)
        self.threshold = self.UI.user_input(
            "threshold",
            UserInputTypes.FLOAT,
            0.5,
            inputs,
            min_val=0,
            title="Threshold: how far from the moving average the price has to be, in percent.",
        )

    def note_of(self, price: float, volume: float, averages: Averages) -> float | None:
        """-1 (buy) for a price above the average by the threshold or more, 1 for one below it, 0 between."""
        change = percent_above(price, averages.price)
        if abs(change) < self.threshold or change == 0.0:
            return 0.0
        return -1.0 if change > 0.0 else 1.0
