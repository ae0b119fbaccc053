# SPDX-License-Identifier: Apache-2.0
"""KlingerOscillatorMomentumEvaluator: volume that turns.

``docs/KlingerOscillatorMomentumEvaluator.md`` describes the rule, which is that of two averages that cross.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta import klinger
from octobot_tentacles.evaluators.ta.double_moving_average_trend import trend_note
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray

#: Distances below this part of the volume are rounding errors: the force of a candle is up to 100 times its volume.
NO_DISTANCE = 1e-9


class KlingerOscillatorMomentumEvaluator(TAEvaluator):
    """Buys when the Klinger oscillator crosses above its signal, sells when it crosses below."""

    ohlcv_callback = notes(Column.HIGH, Column.LOW, Column.CLOSE, Column.VOLUME)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.periods = klinger.KlingerPeriods()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.periods = klinger.register(self.UI, inputs)

    @property
    def window(self) -> int:
        """How many candles it reads."""
        return self.periods.window

    def note_of(self, highs: FloatArray, lows: FloatArray, closes: FloatArray, volumes: FloatArray) -> float | None:
        """The note of these candles, None when they are too few.

        Raises:
            IndicatorInputError: a value is no number.
        """
        if closes.size and closes[0] != closes[0]:
            return None
        distances = klinger.distances(self.periods, highs, lows, closes, volumes)
        if len(distances) < self.periods.signal:
            return None
        if abs(distances[-1]) <= NO_DISTANCE * float(np.max(volumes)):
            return 0.0
        return trend_note(distances[-klinger.SCALE_CANDLES :], self.periods.signal)
