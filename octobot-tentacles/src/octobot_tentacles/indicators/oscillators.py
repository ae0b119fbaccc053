# SPDX-License-Identifier: Apache-2.0
"""Oscillators: where the last price stands within the range of the past ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from octobot_tentacles.indicators._support import FloatArray, aligned, check_period, prepare, ratio, unknown, windows
from octobot_tentacles.indicators.momentum import rsi
from octobot_tentacles.indicators.moving_averages import sma

FLAT_POSITION = 50.0


class Stochastic(NamedTuple):
    """Stochastic oscillator: %K, its average %D (the signal), and %J = 3 %K - 2 %D."""

    k: FloatArray
    d: FloatArray
    j: FloatArray


class StochasticRsi(NamedTuple):
    """Stochastic RSI and its average."""

    stoch_rsi: FloatArray
    signal: FloatArray


def stoch(
    high: FloatArray,
    low: FloatArray,
    close: FloatArray,
    period: int = 14,
    signal_period: int = 3,
    smooth_period: int = 3,
) -> Stochastic:
    """Position of the close in the range of ``period`` candles, 0 to 100 (50 in a range of no height), averaged twice.

    %K is the SMA over ``smooth_period``, %D the SMA of %K over ``signal_period``.
    %K is known from index ``period + smooth_period - 2``, %D ``signal_period - 1`` later. (G. Lane.)
    """
    check_period(period)
    k = sma(_position(high, low, close, period), check_period(smooth_period, "smooth_period"))
    d = sma(k, check_period(signal_period, "signal_period"))
    return Stochastic(k, d, 3.0 * k - 2.0 * d)


def stoch_rsi(
    values: FloatArray,
    rsi_period: int = 14,
    stoch_period: int = 14,
    signal_period: int = 3,
    smooth_period: int = 1,
) -> StochasticRsi:
    """Position of the RSI in its own range, 0 to 100 (50 where it did not move), and its average.

    Known from index ``rsi_period + stoch_period + smooth_period - 2``. (T. Chande, S. Kroll, 1994.)
    """
    strength = rsi(values, rsi_period)
    line, signal, _ = stoch(strength, strength, strength, stoch_period, signal_period, smooth_period)
    return StochasticRsi(line, signal)


def willr(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> FloatArray:
    """Williams %R in [-100, 0]: distance of the close from the highest high (-50 in a range of no height).

    Known from index ``period - 1``.
    """
    check_period(period)
    return _position(high, low, close, period) - 100.0


def uo(
    high: FloatArray,
    low: FloatArray,
    close: FloatArray,
    short_period: int = 7,
    middle_period: int = 14,
    long_period: int = 28,
) -> FloatArray:
    """Ultimate oscillator in [0, 100]: buying pressure against true range over three spans, weighted 4, 2, 1.

    A span without any range counts 50. Known from index ``long_period``. (L. Williams, 1985.)
    """
    for name, period in (
        ("short_period", short_period),
        ("middle_period", middle_period),
        ("long_period", long_period),
    ):
        check_period(period, name)
    if not short_period <= middle_period <= long_period:
        short_period, middle_period, long_period = sorted((short_period, middle_period, long_period))
    length = len(close)
    _, (high, low, close) = prepare(high, low, close)
    if len(close) <= long_period:
        return unknown(length)
    before = close[:-1]
    lowest = np.minimum(low[1:], before)
    pressure = close[1:] - lowest
    true_range = np.maximum(high[1:], before) - lowest
    parts = [
        100.0 * ratio(_sums(pressure, period), _sums(true_range, period), FLAT_POSITION / 100.0)[long_period - period :]
        for period in (short_period, middle_period, long_period)
    ]
    return aligned(length, (4.0 * parts[0] + 2.0 * parts[1] + parts[2]) / 7.0)


def _position(high: FloatArray, low: FloatArray, close: FloatArray, period: int) -> FloatArray:
    length = len(close)
    _, (high, low, close) = prepare(high, low, close)
    if len(close) < period:
        return unknown(length)
    highest = windows(high, period).max(axis=1)
    lowest = windows(low, period).min(axis=1)
    place = ratio(close[period - 1 :] - lowest, highest - lowest, FLAT_POSITION / 100.0)
    return aligned(length, 100.0 * place)


def _sums(values: FloatArray, period: int) -> FloatArray:
    sums: FloatArray = windows(values, period).sum(axis=1)
    return sums
