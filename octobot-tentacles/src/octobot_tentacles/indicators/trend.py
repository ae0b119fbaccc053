# SPDX-License-Identifier: Apache-2.0
"""Trend: its direction, its strength and where it would be over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from octobot_tentacles.indicators._support import FloatArray, aligned, check_period, prepare, ratio, unknown, windows
from octobot_tentacles.indicators.moving_averages import wilders
from octobot_tentacles.indicators.volatility import tr


class Adx(NamedTuple):
    """Average directional index with the two directional indicators, all in [0, 100]."""

    adx: FloatArray
    plus_di: FloatArray
    minus_di: FloatArray
    dx: FloatArray


class Aroon(NamedTuple):
    """How recent the highest high and the lowest low are, in percent, and their difference."""

    up: FloatArray
    down: FloatArray
    oscillator: FloatArray


class ParabolicSar(NamedTuple):
    """Stop and reverse price; ``is_reversal`` is 1.0 where the trend turned, 0.0 elsewhere."""

    sar: FloatArray
    is_reversal: FloatArray


def adx(high: FloatArray, low: FloatArray, close: FloatArray, period: int = 14) -> Adx:
    """Directional movement: Wilder's smoothing of +DM and -DM over that of the true range; 0 in a flat market.

    The directional indicators and DX are known from index ``period``, ADX from ``2 * period - 1``.
    (J. W. Wilder, New Concepts in Technical Trading Systems, 1978.)
    """
    check_period(period)
    length = len(close)
    _, (high, low, close) = prepare(high, low, close)
    if len(close) <= period:
        return Adx(unknown(length), unknown(length), unknown(length), unknown(length))
    up = np.diff(high)
    down = -np.diff(low)
    plus = np.where((up > down) & (up > 0.0), up, 0.0)
    minus = np.where((down > up) & (down > 0.0), down, 0.0)
    true_range = wilders(tr(high, low, close), period)[period:]
    plus_di = 100.0 * ratio(wilders(plus, period)[period - 1 :], true_range, 0.0)
    minus_di = 100.0 * ratio(wilders(minus, period)[period - 1 :], true_range, 0.0)
    dx = aligned(length, 100.0 * ratio(np.abs(plus_di - minus_di), plus_di + minus_di, 0.0))
    return Adx(wilders(dx, period), aligned(length, plus_di), aligned(length, minus_di), dx)


def aroon(high: FloatArray, low: FloatArray, period: int = 25) -> Aroon:
    """``100 * (period - candles since the highest high or lowest low) / period`` over ``period + 1`` candles.

    Of equal extremes the earliest counts. Known from index ``period``. (T. Chande, 1995.)
    """
    check_period(period)
    length = len(high)
    _, (high, low) = prepare(high, low)
    if len(high) <= period:
        return Aroon(unknown(length), unknown(length), unknown(length))
    up = aligned(length, 100.0 * windows(high, period + 1).argmax(axis=1) / period)
    down = aligned(length, 100.0 * windows(low, period + 1).argmin(axis=1) / period)
    return Aroon(up, down, up - down)


def psar(high: FloatArray, low: FloatArray, step: float = 0.02, maximum: float = 0.2) -> ParabolicSar:
    """Parabolic stop and reverse.

    The trend is taken for rising at first; as that is a guess, nothing is known up to the first reversal.
    (J. W. Wilder, New Concepts in Technical Trading Systems, 1978.)
    """
    length = len(high)
    skipped, (high, low) = prepare(high, low)
    sar, turned = unknown(length), unknown(length)
    prices = _reversals(high.tolist(), low.tolist(), step, maximum)
    guessed = next((index + 1 for index, (_, turns) in enumerate(prices) if turns), len(prices))
    sar[skipped + guessed :] = [price for price, _ in prices[guessed:]]
    turned[skipped + guessed :] = [float(turns) for _, turns in prices[guessed:]]
    return ParabolicSar(sar, turned)


def _reversals(high: list[float], low: list[float], step: float, maximum: float) -> list[tuple[float, bool]]:
    # one candle depends on the state after the one before: a plain loop over Python floats is the fastest form of it
    if len(high) < 2:
        return [(0.0, False)] * len(high)
    result = [(low[0], False)]
    rising, factor, extreme, sar = True, step, high[0], low[0]
    for index in range(1, len(high)):
        sar += factor * (extreme - sar)
        before = range(max(0, index - 2), index)
        if rising:
            sar = min(sar, *(low[i] for i in before))
            turns, beyond = low[index] < sar, high[index] > extreme
        else:
            sar = max(sar, *(high[i] for i in before))
            turns, beyond = high[index] > sar, low[index] < extreme
        if turns:
            sar, rising, factor = extreme, not rising, step
            extreme = high[index] if rising else low[index]
        elif beyond:
            extreme = high[index] if rising else low[index]
            factor = min(factor + step, maximum)
        result.append((sar, turns))
    return result
