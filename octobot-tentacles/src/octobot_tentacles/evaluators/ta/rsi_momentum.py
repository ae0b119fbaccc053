# SPDX-License-Identifier: Apache-2.0
"""RSIMomentumEvaluator: the level of the RSI, or its turn away from an extreme.

``docs/RSIMomentumEvaluator.md`` describes the two rules for those who set it up; ``level_note`` and ``turn_note`` are
these rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray
from octobot_tentacles.indicators.momentum import known_rsi

#: How many RSI values back an extreme still counts, and how long its turn takes to fade.
TURN_CANDLES = 10
#: The turn is complete when the RSI has come back this part of the way from the extreme to the neutral level.
FULL_TURN = 0.5
#: Wilder's average forgets its start by (1 - 1 / period) a candle: after 20 periods 2e-9 of it are left.
WARM_UP_PERIODS = 20


def level_note(strength: float, long_threshold: float, short_threshold: float) -> float:
    """-1 at or below ``long_threshold``, 1 at or above ``short_threshold``, linear to 0 at the neutral level."""
    neutral = neutral_level(long_threshold, short_threshold)
    if strength <= neutral:
        return max(-1.0, (strength - neutral) / (neutral - long_threshold))
    return min(1.0, (strength - neutral) / (short_threshold - neutral))


def turn_note(strengths: Sequence[float], long_threshold: float, short_threshold: float) -> float:
    """How far the RSI has turned away from an extreme beyond its threshold, fading over ``TURN_CANDLES``.

    ``strengths``: the last ``TURN_CANDLES`` RSI values, newest last. A turn up from oversold is negative (buy).
    """
    neutral = neutral_level(long_threshold, short_threshold)
    note = 0.0
    lowest, highest = min(strengths), max(strengths)
    if lowest <= long_threshold:
        note -= _turn(strengths, lowest, neutral)
    if highest >= short_threshold:
        note += _turn(strengths, highest, neutral)
    return note


def neutral_level(long_threshold: float, short_threshold: float) -> float:
    """50, or the middle of thresholds that lie on one side of it."""
    return 50.0 if long_threshold < 50.0 < short_threshold else (long_threshold + short_threshold) / 2.0


def _turn(strengths: Sequence[float], extreme: float, neutral: float) -> float:
    age = next(age for age, strength in enumerate(reversed(strengths)) if strength == extreme)
    way_back = (strengths[-1] - extreme) / (neutral - extreme)
    return min(1.0, way_back / FULL_TURN) * (1.0 - age / len(strengths))


class RSIMomentumEvaluator(TAEvaluator):
    """Buys oversold and sells overbought markets, by default once the RSI has turned."""

    ohlcv_callback = notes(Column.CLOSE)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.period_length = 14
        self.is_trend_change_identifier = True
        self.short_threshold = 70.0
        self.long_threshold = 30.0

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings.

        Raises:
            SettingError: the buy threshold is not below the sell threshold.
        """
        self.period_length = self.UI.user_input(
            "period_length", UserInputTypes.INT, 14, inputs, min_val=1, title="Period: length of the RSI in candles."
        )
        self.is_trend_change_identifier = self.UI.user_input(
            "trend_change_identifier",
            UserInputTypes.BOOLEAN,
            True,
            inputs,
            title="Trend change identifier: note the RSI's turn away from an extreme instead of its level.",
        )
        self.short_threshold = self.UI.user_input(
            "short_threshold",
            UserInputTypes.FLOAT,
            70,
            inputs,
            min_val=0,
            max_val=100,
            title="Short threshold: RSI from which the market counts as overbought.",
        )
        self.long_threshold = self.UI.user_input(
            "long_threshold",
            UserInputTypes.FLOAT,
            30,
            inputs,
            min_val=0,
            max_val=100,
            title="Long threshold: RSI down to which the market counts as oversold.",
        )
        if self.long_threshold >= self.short_threshold:
            raise SettingError(
                f"{self.long_threshold} is not below short_threshold, {self.short_threshold}",
                file=self.UI.file,
                field="long_threshold",
                remedy="oversold has to be below overbought, as 30 is below 70",
            )

    @property
    def window(self) -> int:
        """How many closes it reads."""
        return self.period_length * WARM_UP_PERIODS + TURN_CANDLES + 1

    def note_of(self, closes: FloatArray) -> float | None:
        """The note of these closes, None when they are too few.

        Raises:
            IndicatorInputError: a close is no number.
        """
        needed = TURN_CANDLES if self.is_trend_change_identifier else 1
        if len(closes) < self.period_length + needed or closes[0] != closes[0]:
            return None
        strengths = known_rsi(closes, self.period_length)[-needed:].tolist()
        if self.is_trend_change_identifier:
            return turn_note(strengths, self.long_threshold, self.short_threshold)
        return level_note(strengths[-1], self.long_threshold, self.short_threshold)
