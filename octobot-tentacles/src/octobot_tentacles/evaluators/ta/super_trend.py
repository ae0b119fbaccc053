# SPDX-License-Identifier: Apache-2.0
"""SuperTrendEvaluator: the direction of the SuperTrend, or its turns.

``docs/SuperTrendEvaluator.md`` describes the rule for those who set it up; ``note_of`` is this rule.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray, supertrend

#: Wilder's average forgets its start by (1 - 1 / period) a candle: after 20 periods 2e-9 of it are left.
WARM_UP_PERIODS = 20
#: A band starts anew with each turn, and turns are rarer the wider it is: 2 more periods for each unit of the factor.
TURN_PERIODS = 2


class SuperTrendEvaluator(TAEvaluator):
    """Buys while the SuperTrend rises and sells while it falls, or only when it turns."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.factor = 3.0
        self.length = 10
        self.reversals_only = False

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.factor = self.UI.user_input(
            "factor",
            UserInputTypes.FLOAT,
            3,
            inputs,
            min_val=0.01,
            title="Factor: half the width of the band in average true ranges.",
        )
        self.length = self.UI.user_input(
            "length", UserInputTypes.INT, 10, inputs, min_val=1, title="Length: of the average true range in candles."
        )
        self.reversals_only = self.UI.user_input(
            "reversals_only",
            UserInputTypes.BOOLEAN,
            False,
            inputs,
            title="Reversals only: note the candles that turn the trend, and 0 for all others.",
        )

    ohlcv_callback = notes(Column.HIGH, Column.LOW, Column.CLOSE)

    @property
    def window(self) -> int:
        """How many candles it reads."""
        return ceil(self.length * (WARM_UP_PERIODS + TURN_PERIODS * self.factor)) + 1

    def note_of(self, highs: FloatArray, lows: FloatArray, closes: FloatArray) -> float | None:
        """The note of these candles, None when they are too few.

        Raises:
            IndicatorInputError: one of the prices is no number.
        """
        if len(closes) < self.length + 2 or np.isnan(highs[0] + lows[0] + closes[0]):
            return None
        line, trend = supertrend(highs, lows, closes, self.length, self.factor)
        is_neutral = trend[-1] == trend[-2] if self.reversals_only else line[-1] == closes[-1]
        return 0.0 if is_neutral else -float(trend[-1])
