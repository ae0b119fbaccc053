# SPDX-License-Identifier: Apache-2.0
"""MACDMomentumEvaluator: the histogram's change of sign, and the letter that it draws before.

``docs/MACDMomentumEvaluator.md`` describes the rule for those who set it up; ``histogram_note`` is this rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.evaluators.util.pattern_analyser import PatternAnalyser
from octobot_tentacles.evaluators.util.trend_analysis import TrendAnalysis
from octobot_tentacles.indicators import FloatArray, macd

#: An exponential average forgets its start by (1 - 2 / (period + 1)) a candle: 1e-7 of it are left after these periods.
WARM_UP_PERIODS = 8
#: The histogram's usual size is taken over this many candles more.
SCALE_CANDLES = 100
#: Histograms below this part of the price are rounding errors of averages that are equal.
NO_HISTOGRAM = 1e-10
#: Letters that say that a move below zero turns up, and above zero down.
_TURNS_UP, _TURNS_DOWN = ("W", "V"), ("M", "N")


def histogram_note(histogram: FloatArray) -> float:
    """The note of a histogram of at least two values, newest last, whose mean size is that of all of them.

    A change of sign at the newest value: its step in units of twice the usual size, at most 1, negative (buy) upwards.
    Else the letter since the last change: as strong as its pattern, times the part of the way back to zero.
    """
    usual = float(np.add.reduce(np.abs(histogram))) / len(histogram)
    if not usual:
        return 0.0
    now, before = float(histogram[-1]), float(histogram[-2])
    crossings = TrendAnalysis.get_threshold_change_indexes(histogram, 0.0)
    if crossings and crossings[-1] == len(histogram) - 1:
        return max(-1.0, min(1.0, (before - now) / (2.0 * usual)))
    move = histogram[crossings[-1] :] if crossings else histogram
    pattern = PatternAnalyser.get_pattern(np.concatenate(((0.0,), move)))
    strength = PatternAnalyser.get_pattern_strength(pattern)
    if now < 0.0 and pattern in _TURNS_UP:
        return -strength * (1.0 - now / float(move.min()))
    if now > 0.0 and pattern in _TURNS_DOWN:
        return strength * (1.0 - now / float(move.max()))
    return 0.0


class MACDMomentumEvaluator(TAEvaluator):
    """Buys when the MACD's histogram turns up below zero or rises above it; the mirror for sells."""

    ohlcv_callback = notes(Column.CLOSE)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.short_period_length = 12
        self.long_period_length = 26
        self.signal_period_length = 9

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings.

        Raises:
            SettingError: the short period is not below the long one.
        """
        self.short_period_length = self._period("short_period_length", 12, "Short period: the fast average.", inputs)
        self.long_period_length = self._period("long_period_length", 26, "Long period: the slow average.", inputs)
        self.signal_period_length = self._period("signal_period_length", 9, "Signal period: the signal line.", inputs)
        if self.short_period_length >= self.long_period_length:
            raise SettingError(
                f"{self.short_period_length} is not below long_period_length, {self.long_period_length}",
                file=self.UI.file,
                field="short_period_length",
                remedy="the fast average has to be the shorter one, as 12 is below 26",
            )

    @property
    def window(self) -> int:
        """How many closes it reads."""
        return WARM_UP_PERIODS * (self.long_period_length + self.signal_period_length) + SCALE_CANDLES

    def note_of(self, closes: FloatArray) -> float | None:
        """The note of these closes, None when they are too few for two values of the histogram.

        Raises:
            IndicatorInputError: a close is no number.
        """
        first = self.long_period_length + self.signal_period_length - 2
        if len(closes) < first + 2 or closes[0] != closes[0]:
            return None
        lines = macd(closes, self.short_period_length, self.long_period_length, self.signal_period_length)
        histogram = lines.histogram[first:][-SCALE_CANDLES:]
        return histogram_note(np.where(np.abs(histogram) <= NO_HISTOGRAM * abs(closes[-1]), 0.0, histogram))

    def _period(self, name: str, default: int, title: str, inputs: dict[str, Any]) -> int:
        return int(self.UI.user_input(name, UserInputTypes.INT, default, inputs, min_val=1, title=title))
