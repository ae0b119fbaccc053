# SPDX-License-Identifier: Apache-2.0
"""InstantFluctuationsEvaluator: prices and volumes that jump away from what they just were.

``docs/InstantFluctuationsEvaluator.md`` describes the rule for those who set it up; ``note_of`` is this rule.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_tentacles.evaluators.distances import percent_above
from octobot_tentacles.evaluators.realtime.averages_watcher import Averages, AveragesWatcher

#: Prices and volumes are compared with the averages of this many closed candles.
RECENT_CANDLES = 10
#: The note of a volume that jumps while the price does not: which way it goes is less certain.
VOLUME_NOTE = 0.5


class InstantFluctuationsEvaluator(AveragesWatcher):
    """Follows a price that jumps, and a jump of the volume; says nothing once it is over."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.candles_count = RECENT_CANDLES
        self.price_difference_threshold_percent = 1.0
        self.volume_difference_threshold_percent = 400.0

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.price_difference_threshold_percent = self.UI.user_input(
            "price_difference_threshold_percent",
            UserInputTypes.FLOAT,
            1,
            inputs,
            min_val=0,
            title="Price: how far from its recent average counts as a jump, in percent.",
        )
        self.volume_difference_threshold_percent = self.UI.user_input(
            "volume_difference_threshold_percent",
            UserInputTypes.FLOAT,
            400,
            inputs,
            min_val=0,
            title="Volume: how far above its recent average counts as a jump, in percent.",
        )
        self.register_time_frame(inputs)

    def note_of(self, price: float, volume: float, averages: Averages) -> float | None:
        """-1 (buy) or 1 for a price that jumped up or down, half of it where only the volume jumped; else None."""
        change = percent_above(price, averages.price)
        if abs(change) >= self.price_difference_threshold_percent:
            strength = 1.0
        elif volume > averages.volume * (1.0 + self.volume_difference_threshold_percent / 100.0) > 0.0:
            strength = VOLUME_NOTE
        else:
            return None
        return None if change == 0.0 else -strength if change > 0.0 else strength
