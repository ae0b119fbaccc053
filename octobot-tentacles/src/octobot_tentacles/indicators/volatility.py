# SPDX-License-Identifier: Apache-2.0
"""Volatility: true range and the bands that are built from ranges or deviations."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from octobot_tentacles.indicators._support import FloatArray, aligned, check_period, prepare, unknown, windows
from octobot_tentacles.indicators.moving_averages import ema, wilders


class Bands(NamedTuple):
    """An upper band, the line in the middle and a lower band."""

    upper: FloatArray
    middle: FloatArray
    lower: FloatArray


def tr(high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    """True range: the candle's range, extended to the close before it. Known from index 1.

    (J. W. Wilder, New Concepts in Technical Trading Systems, 1978.)
    """
    length = len(close)
    _, (high, low, close) = prepare(high, low, close)
    before = close[:-1]
    return aligned(length, np.maximum(high[1:], before) - np.minimum(low[1:], before))


def atr(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Average true range: :func:`tr` with Wilder's smoothing. Known from index ``period``."""
    return wilders(tr(high, low, close), period)


def bollinger(values: FloatArray, period: int = 20, deviations: float = 2.0) -> Bands:
    """Mean of ``period`` values, and the mean plus and minus ``deviations`` population standard deviations.

    Known from index ``period - 1``. The deviation is taken around each window's own mean: tulipy's difference of
    sums of squares loses all its digits where the price is high and the spread is small.
    """
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    if len(used) < period:
        return Bands(unknown(length), unknown(length), unknown(length))
    window = windows(used, period)
    middle = window.mean(axis=1)
    spread = window - middle[:, None]
    width = deviations * np.sqrt(np.einsum("ij,ij->i", spread, spread) / period)
    return Bands(aligned(length, middle + width), aligned(length, middle), aligned(length, middle - width))


def newest_bollinger(
    values: FloatArray, period: int = 20, deviations: float = 2.0
) -> tuple[float, float, float] | None:
    """Upper band, middle and lower band at the newest value, None where there are too few: the end of ``bollinger``
    alone, for those who ask at every candle."""
    check_period(period)
    _, (used,) = prepare(values[-period:])
    if len(used) < period:
        return None
    middle = float(np.add.reduce(used)) / period
    spread = used - middle
    width = deviations * sqrt(float(spread.dot(spread)) / period)
    return middle + width, middle, middle - width


def donchian(high: FloatArray, low: FloatArray, period: int = 20) -> Bands:
    """Highest high and lowest low of the ``period`` candles *before* each candle, and their middle.

    The candle itself is left out, so that a close can break through the channel. Known from index ``period``.
    """
    check_period(period)
    length = len(high)
    _, (high, low) = prepare(high, low)
    if len(high) <= period:
        return Bands(unknown(length), unknown(length), unknown(length))
    upper = windows(high[:-1], period).max(axis=1)
    lower = windows(low[:-1], period).min(axis=1)
    return Bands(aligned(length, upper), aligned(length, (upper + lower) / 2.0), aligned(length, lower))


def keltner(
    high: FloatArray,
    low: FloatArray,
    close: FloatArray,
    period: int = 20,
    multiplier: float = 2.0,
    atr_period: int = 10,
) -> Bands:
    """EMA of the close, plus and minus ``multiplier`` average true ranges.

    Known from index ``max(period - 1, atr_period)``.
    """
    middle = ema(close, period)
    width = multiplier * atr(high, low, close, atr_period)
    return Bands(middle + width, middle + 0.0 * width, middle - width)
