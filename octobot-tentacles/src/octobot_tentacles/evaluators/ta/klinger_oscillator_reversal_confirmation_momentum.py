# SPDX-License-Identifier: Apache-2.0
"""KlingerOscillatorReversalConfirmationMomentumEvaluator: whether volume has just confirmed a turn up.

``docs/KlingerOscillatorReversalConfirmationMomentumEvaluator.md`` describes the rule; ``is_confirmed`` is this rule.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta import klinger
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray

#: The two candles of a confirmation, and the one before them.
NEEDED = 3


def is_confirmed(before: float, crossed: float, now: float) -> bool:
    """Whether the oscillator, given as its last three distances from its signal, has crossed above it one candle ago
    and has gone on rising away from it since."""
    return before <= 0.0 < crossed < now


class KlingerOscillatorReversalConfirmationMomentumEvaluator(TAEvaluator):
    """True for the one candle that confirms that the Klinger oscillator has crossed above its signal."""

    ohlcv_callback = notes(Column.HIGH, Column.LOW, Column.CLOSE, Column.VOLUME)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.periods = klinger.KlingerPeriods()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.periods = klinger.register(self.UI, inputs)

    @staticmethod
    def get_eval_type() -> type:
        """Its notes are no numbers."""
        return bool

    @property
    def window(self) -> int:
        """How many candles it reads."""
        return self.periods.window

    def note_of(self, highs: FloatArray, lows: FloatArray, closes: FloatArray, volumes: FloatArray) -> bool | None:
        """Whether these candles end with a confirmation, None when they are too few.

        Raises:
            IndicatorInputError: a value is no number.
        """
        if closes.size and closes[0] != closes[0]:
            return None
        distances = klinger.distances(self.periods, highs, lows, closes, volumes)
        if len(distances) < NEEDED:
            return None
        return is_confirmed(*distances[-NEEDED:].tolist())
