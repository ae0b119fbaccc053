# SPDX-License-Identifier: Apache-2.0
"""Trend: its direction, its strength and where it would be over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from octobot_tentacles.errors import IndicatorInputError
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


class SuperTrend(NamedTuple):
    """The line that the close has to cross for the trend to turn; ``trend`` is 1.0 while it rises, else -1.0."""

    line: FloatArray
    trend: FloatArray


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


def supertrend(
    high: FloatArray, low: FloatArray, close: FloatArray, period: int = 10, factor: float = 3.0
) -> SuperTrend:
    """A band of ``factor`` average true ranges around the middle of the candle, which follows the trend only.

    Under a rising price the lower band rises and never falls, until a close below it turns the trend; then the upper
    band does the same from above. The first trend is taken from where in its candle the close is: a guess, right from
    the first turn on. Known from index ``period``. (O. Seban.)
    """
    check_period(period)
    if not factor > 0.0:
        raise IndicatorInputError(f"factor must be above 0, not {factor!r}")
    length = len(close)
    _, (high, low, close) = prepare(high, low, close)
    if len(close) <= period:
        return SuperTrend(unknown(length), unknown(length))
    middle = (high[period:] + low[period:]) / 2.0
    width = factor * wilders(tr(high, low, close), period)[period:]
    upper, lower, rising = _bands((middle + width).tolist(), (middle - width).tolist(), close[period - 1 :].tolist())
    is_rising = np.array(rising)
    line = np.where(is_rising, lower, upper)
    return SuperTrend(aligned(length, line), aligned(length, np.where(is_rising, 1.0, -1.0)))


def _bands(upper: list[float], lower: list[float], close: list[float]) -> tuple[list[float], list[float], list[bool]]:
    """The bands, which are changed in place to those that follow, and whether the trend rises; one more close before.

    A band that a close was beyond starts anew.
    """
    rising = [2.0 * close[1] >= upper[0] + lower[0]]
    last_upper, last_lower, rises = upper[0], lower[0], rising[0]
    for index in range(1, len(upper)):
        before, now = close[index], close[index + 1]
        if upper[index] > last_upper >= before:
            upper[index] = last_upper
        if lower[index] < last_lower <= before:
            lower[index] = last_lower
        last_upper, last_lower = upper[index], lower[index]
        rises = now >= last_lower if rises else now > last_upper
        rising.append(rises)
    return upper, lower, rising


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
