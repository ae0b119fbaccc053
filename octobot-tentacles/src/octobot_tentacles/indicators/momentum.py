# SPDX-License-Identifier: Apache-2.0
"""Momentum: how far and how fast prices move, without regard to their level."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from octobot_tentacles.indicators._support import (
    FloatArray,
    aligned,
    check_period,
    is_finite,
    prepare,
    tulipy,
    unknown,
    windows,
)
from octobot_tentacles.indicators.moving_averages import smoothed_from

CCI_SCALE = 0.015
FLAT_RSI = 50.0


class Macd(NamedTuple):
    """Moving average convergence divergence: three arrays."""

    macd: FloatArray
    signal: FloatArray
    histogram: FloatArray


def rsi(values: FloatArray, period: int = 14) -> FloatArray:
    """Relative strength index in [0, 100], Wilder's smoothing seeded with the mean of the first ``period`` changes.

    ``100 * gain / (gain + loss)``; 50 where there was neither. Known from index ``period``.
    (J. W. Wilder, New Concepts in Technical Trading Systems, 1978.)
    """
    return aligned(len(values), known_rsi(values, period))


def known_rsi(values: FloatArray, period: int = 14) -> FloatArray:
    """The end of ``rsi``: its known values only, none where there are too few."""
    check_period(period)
    _, (used,) = prepare(values)
    if len(used) <= period:
        return used[:0]
    result: FloatArray = tulipy().rsi(used, period)
    if not is_finite(result):  # no gain and no loss at all: 0 / 0
        result[result != result] = FLAT_RSI
    return result


def momentum(values: FloatArray, period: int) -> FloatArray:
    """``values[i] - values[i - period]``. Known from index ``period``."""
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    return aligned(length, used[period:] - used[:-period])


def roc(values: FloatArray, period: int) -> FloatArray:
    """Rate of change in percent of the value ``period`` earlier; NaN where that was zero. Known from ``period``."""
    check_period(period)
    length = len(values)
    _, (used,) = prepare(values)
    before = used[:-period]
    change = np.full(len(before), np.nan)
    np.divide(used[period:] - before, before, out=change, where=before != 0.0)
    return aligned(length, 100.0 * change)


def macd(values: FloatArray, fast_period: int = 12, slow_period: int = 26, signal_period: int = 9) -> Macd:
    """``ema(fast) - ema(slow)``, its own EMA as signal, and their difference; every EMA starts from its first mean.

    The line is known from index ``slow_period - 1``, the signal from ``slow_period + signal_period - 2``.
    tulipy's own macd is not used: it has other smoothing factors for 12 and 26 than the EMA of that length.
    """
    check_period(fast_period, "fast_period")
    check_period(slow_period, "slow_period")
    check_period(signal_period, "signal_period")
    if fast_period > slow_period:
        fast_period, slow_period = slow_period, fast_period
    length = len(values)
    _, (used,) = prepare(values)
    if len(used) < slow_period:
        return Macd(unknown(length), unknown(length), unknown(length))
    fast = smoothed_from(used[:fast_period].mean(), used[fast_period:], fast_period)
    slow = smoothed_from(used[:slow_period].mean(), used[slow_period:], slow_period)
    line = fast[slow_period - fast_period :] - slow
    signal = unknown(length)
    if len(line) >= signal_period:
        seed = line[:signal_period].mean()
        signal = aligned(length, smoothed_from(seed, line[signal_period:], signal_period))
    aligned_line = aligned(length, line)
    return Macd(aligned_line, signal, aligned_line - signal)


def cci(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 20) -> FloatArray:
    """Commodity channel index: typical price against its mean in units of 0.015 mean absolute deviations.

    0 where the typical price did not move. Known from index ``period - 1``. (D. Lambert, 1980.)
    """
    check_period(period)
    length = len(close)
    _, (high, low, close) = prepare(high, low, close)
    if len(close) < period:
        return unknown(length)
    typical = (high + low + close) / 3.0
    window = windows(typical, period)
    mean = window.mean(axis=1)
    deviation = np.abs(window - mean[:, None]).mean(axis=1)
    result = np.zeros(len(mean))
    # a mean of equal values differs from them by rounding: compare with the spread, which is exactly zero then
    moved = window.max(axis=1) > window.min(axis=1)
    np.divide(typical[period - 1 :] - mean, CCI_SCALE * deviation, out=result, where=moved)
    return aligned(length, result)
