# SPDX-License-Identifier: Apache-2.0
"""The settings that both evaluators of the Klinger oscillator have, and what they read of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from octobot_commons.enums import UserInputTypes
from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.indicators import FloatArray, klinger

#: An exponential average forgets its start by (1 - 2 / (period + 1)) a candle: 1e-7 of it are left after these periods.
WARM_UP_PERIODS = 8
#: The oscillator's usual distance from its signal is taken over this many candles.
SCALE_CANDLES = 100


class KlingerPeriods(NamedTuple):
    """Lengths of the averages, in candles."""

    short: int = 35
    long: int = 55
    signal: int = 13

    @property
    def window(self) -> int:
        """How many candles are enough: what lies further back changes nothing that shows."""
        return WARM_UP_PERIODS * (max(self.short, self.long) + self.signal) + SCALE_CANDLES


def register(ui: UserInputs, inputs: dict[str, Any]) -> KlingerPeriods:
    """Register the settings."""
    titles = {
        "short_period": "Short period: fast average of the volume force, in candles.",
        "long_period": "Long period: slow average of the volume force, in candles.",
        "ema_signal_period": "Signal period: average of the oscillator, in candles.",
    }
    return KlingerPeriods(
        *(
            ui.user_input(name, UserInputTypes.INT, default, inputs, min_val=1, title=title)
            for (name, title), default in zip(titles.items(), KlingerPeriods(), strict=True)
        )
    )


def distances(
    periods: KlingerPeriods, highs: FloatArray, lows: FloatArray, closes: FloatArray, volumes: FloatArray
) -> FloatArray:
    """``oscillator - signal``, newest last, from where the long average has seen as many candles as it is long.

    Raises:
        IndicatorInputError: a value is no number.
    """
    line = klinger(highs, lows, closes, volumes, *periods)
    known = max(periods.long, periods.short) + periods.signal
    return (line.oscillator - line.signal)[known:]
