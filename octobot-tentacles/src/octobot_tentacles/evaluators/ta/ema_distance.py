# SPDX-License-Identifier: Apache-2.0
"""The distance of the price from its exponential average, for the evaluators that are made of it."""

from __future__ import annotations

from octobot_tentacles.evaluators.distances import percent_above
from octobot_tentacles.indicators import FloatArray, ema

#: An EMA forgets its start by (1 - 2 / (period + 1)) a candle: after 10 periods 2e-9 of it are left.
WARM_UP_PERIODS = 10


def ema_window(period: int) -> int:
    """How many closes the EMA of the newest one is made of: its start and what lets it be forgotten."""
    return period * (1 + WARM_UP_PERIODS)


def percent_above_ema(closes: FloatArray, period: int) -> float | None:
    """How far the last close is above its EMA, in percent of the EMA; None with fewer than ``period`` closes.

    Raises:
        IndicatorInputError: a close is no number.
    """
    if len(closes) < period or closes[0] != closes[0]:
        return None
    return percent_above(float(closes[-1]), float(ema(closes, period)[-1]))
