# SPDX-License-Identifier: Apache-2.0
"""Moving averages: simple, exponential, Wilder's, weighted by age or volume, regression, Hull's."""

from __future__ import annotations

from functools import lru_cache
from math import isqrt

import numpy as np

from octobot_tentacles.indicators._support import FloatArray, aligned, check_period, prepare, tulipy, unknown


def sma(values: FloatArray, period: int) -> FloatArray:
    """Simple moving average: the mean of the last ``period`` values. Known from index ``period - 1``."""
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    if len(used) < period:
        return unknown(length)
    return aligned(length, tulipy().sma(used, period))


def sma_difference(values: FloatArray, short_period: int, long_period: int) -> FloatArray:
    """``sma(short_period) - sma(long_period)`` as one weighted sum, faster than both and exactly 0 for equal periods.

    Known from index ``max(short_period, long_period) - 1``.
    """
    return aligned(len(values), known_sma_difference(values, short_period, long_period))


def known_sma_difference(values: FloatArray, short_period: int, long_period: int) -> FloatArray:
    """The end of ``sma_difference``: its known values only, none where there are too few."""
    check_period(short_period, "short_period")
    check_period(long_period, "long_period")
    _, (used,) = prepare(values)
    if len(used) < max(short_period, long_period):
        return used[:0]
    differences: FloatArray = np.correlate(used, _difference_weights(short_period, long_period), "valid")
    return differences


@lru_cache(maxsize=64)
def _difference_weights(short_period: int, long_period: int) -> FloatArray:
    """The weight of each value, oldest first."""
    weights = np.zeros(max(short_period, long_period))
    weights[-short_period:] += 1.0 / short_period
    weights[-long_period:] -= 1.0 / long_period
    return weights


def wma(values: FloatArray, period: int) -> FloatArray:
    """Weighted moving average: weights 1, 2 … ``period``, the newest value counts most. Known from ``period - 1``."""
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    if len(used) < period:
        return unknown(length)
    return aligned(length, tulipy().wma(used, period))


def vwma(values: FloatArray, volume: FloatArray, period: int) -> FloatArray:
    """Volume weighted moving average ``sum(values * volume) / sum(volume)``, their mean where nothing was traded.

    Known from index ``period - 1``.
    """
    check_period(period)
    length = len(values)
    _, (used, traded) = prepare(values, volume)
    if len(used) < period:
        return unknown(length)
    ones = np.ones(period)
    total = np.correlate(traded, ones, "valid")
    result = np.correlate(used * traded, ones, "valid")
    np.divide(result, total, out=result, where=total != 0.0)
    if not total.all():
        result[total == 0.0] = np.correlate(used, ones / period, "valid")[total == 0.0]
    return aligned(length, result)


def lsma(values: FloatArray, period: int) -> FloatArray:
    """Least squares moving average: where the regression line through the last ``period`` values ends.

    Known from index ``period - 1``. (Also called end point moving average; ``linreg`` of charting programs.)
    """
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    if len(used) < period:
        return unknown(length)
    return aligned(length, np.correlate(used, _regression_weights(period), "valid"))


@lru_cache(maxsize=64)
def _regression_weights(period: int) -> FloatArray:
    """What each value, oldest first, adds to the end of the line; a line of one value has no slope."""
    offsets = np.arange(period) - (period - 1) / 2.0
    weights: FloatArray = 1.0 / period + offsets * (offsets[-1] / max(1.0, offsets.dot(offsets)))
    return weights


def hma(values: FloatArray, period: int) -> FloatArray:
    """Hull's moving average: ``wma(2 wma(period / 2) - wma(period), sqrt(period))``, lengths rounded down.

    Known from index ``period + isqrt(period) - 2``. (A. Hull, 2005.)
    """
    half = max(1, check_period(period) // 2)
    return wma(2.0 * wma(values, half) - wma(values, period), isqrt(period))


def wilders(values: FloatArray, period: int) -> FloatArray:
    """Wilder's smoothing: the mean of the first ``period`` values, then ``y += (x - y) / period``.

    Known from index ``period - 1``. (J. W. Wilder, New Concepts in Technical Trading Systems, 1978.)
    """
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    if len(used) < period:
        return unknown(length)
    return aligned(length, tulipy().wilders(used, period))


def ema(values: FloatArray, period: int) -> FloatArray:
    """Exponential moving average: the mean of the first ``period`` values, then ``y += (x - y) * 2 / (period + 1)``.

    Known from index ``period - 1``.
    """
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    if len(used) < period:
        return unknown(length)
    return aligned(length, smoothed_from(used[:period].mean(), used[period:], period))


def dema(values: FloatArray, period: int) -> FloatArray:
    """Double exponential moving average ``2 a - b``, a = ema(values), b = ema of a, both seeded with the first mean.

    Known from index ``period - 1``. (P. Mulloy, Stocks & Commodities 12:1, 1994; the seed is that of
    Skender.Stock.Indicators: no second warm-up, so the value exists as early as the EMA's.)
    """
    once, twice, _ = _chained_emas(values, period)
    return 2.0 * once - twice


def tema(values: FloatArray, period: int) -> FloatArray:
    """Triple exponential moving average ``3 a - 3 b + c``, seeded as :func:`dema`. Known from index ``period - 1``."""
    once, twice, thrice = _chained_emas(values, period)
    return 3.0 * once - 3.0 * twice + thrice


def smoothed_from(seed: float, values: FloatArray, period: int) -> FloatArray:
    """The exponential average that starts at ``seed``: one value more than ``values``, the first is the seed."""
    # tulipy.ema takes its first input for the first average, which makes a seed easy to hand over
    smoothed: FloatArray = tulipy().ema(np.concatenate(((seed,), values)), period)
    return smoothed


def _chained_emas(values: FloatArray, period: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    if len(used) < period:
        return unknown(length), unknown(length), unknown(length)
    once = smoothed_from(used[:period].mean(), used[period:], period)
    twice = smoothed_from(once[0], once[1:], period)
    thrice = smoothed_from(twice[0], twice[1:], period)
    return aligned(length, once), aligned(length, twice), aligned(length, thrice)
