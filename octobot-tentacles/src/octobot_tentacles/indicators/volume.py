# SPDX-License-Identifier: Apache-2.0
"""Volume: money flow, balance of volume, volume weighted price."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from octobot_tentacles.indicators._support import (
    FloatArray,
    aligned,
    check_period,
    is_finite,
    prepare,
    ratio,
    tulipy,
    unknown,
    windows,
)
from octobot_tentacles.indicators.moving_averages import ema

FLAT_FLOW = 0.5


class Klinger(NamedTuple):
    """Klinger's volume oscillator and its signal: two arrays."""

    oscillator: FloatArray
    signal: FloatArray


def obv(close: FloatArray, volume: FloatArray) -> FloatArray:
    """On-balance volume: 0, then plus the volume of rising candles and minus that of falling ones.

    Known from index 0; only its changes mean something. (J. Granville, 1963.)
    """
    length = len(close)
    _, (close, volume) = prepare(close, volume)
    if not len(close):
        return unknown(length)
    balance = np.zeros(len(close))
    np.cumsum(np.sign(np.diff(close)) * volume[1:], out=balance[1:])
    return aligned(length, balance)


def mfi(high: FloatArray, low: FloatArray, close: FloatArray, volume: FloatArray, period: int = 14) -> FloatArray:
    """Money flow index in [0, 100]: share of ``typical price * volume`` that flowed while the typical price rose.

    50 where nothing flowed in ``period`` candles. Known from index ``period``. (G. Quong, A. Soudack, 1989.)
    """
    check_period(period)
    length = len(close)
    _, (high, low, close, volume) = prepare(high, low, close, volume)
    if len(close) <= period:
        return unknown(length)
    typical = (high + low + close) / 3.0
    change = np.diff(typical)
    flow = typical[1:] * volume[1:]
    rising = windows(np.where(change > 0.0, flow, 0.0), period).sum(axis=1)
    falling = windows(np.where(change < 0.0, flow, 0.0), period).sum(axis=1)
    return aligned(length, 100.0 * ratio(rising, rising + falling, FLAT_FLOW))


def vwap(high: FloatArray, low: FloatArray, close: FloatArray, volume: FloatArray) -> FloatArray:
    """Volume weighted average of the typical price since the first candle given.

    The typical price itself until something was traded. Known from index 0.
    """
    length = len(close)
    _, (high, low, close, volume) = prepare(high, low, close, volume)
    typical = (high + low + close) / 3.0
    traded = np.cumsum(volume)
    result = typical.copy()
    np.divide(np.cumsum(typical * volume), traded, out=result, where=traded != 0.0)
    return aligned(length, result)


def klinger(
    high: FloatArray,
    low: FloatArray,
    close: FloatArray,
    volume: FloatArray,
    short_period: int = 34,
    long_period: int = 55,
    signal_period: int = 13,
) -> Klinger:
    """Difference of a short and a long EMA of the volume force, and the EMA of this difference as signal.

    The force of a candle is ``100 * volume * |2 * dm / cm - 1|``, positive in a trend up: dm is its range, cm the sum
    of ranges since the trend of high + low + close last turned (where it stands still, the trend goes on), together
    with the last range before. A candle without any range behind it has no force. Both EMAs start from the first
    force, at index 1; the signal starts from a mean and is known from index ``signal_period``.
    (S. Klinger, Identifying trends with volume analysis, Stocks & Commodities 15:12, 1997; definition of Tulip
    Indicators.)
    """
    check_period(short_period, "short_period")
    check_period(long_period, "long_period")
    check_period(signal_period, "signal_period")
    length = len(close)
    _, (high, low, close, volume) = prepare(high, low, close, volume)
    if len(close) < 2:
        return Klinger(unknown(length), unknown(length))
    short_period, long_period = sorted((short_period, long_period))
    known: FloatArray = tulipy().kvo(high, low, close, volume, short_period, long_period)
    if not is_finite(known):  # ranges of nothing: 0 / 0
        force = _volume_force(high, low, close, volume)
        known = tulipy().ema(force, short_period) - tulipy().ema(force, long_period)
    oscillator = aligned(length, known)
    return Klinger(oscillator, ema(oscillator, signal_period))


def _volume_force(high: FloatArray, low: FloatArray, close: FloatArray, volume: FloatArray) -> FloatArray:
    ranges = (high - low).tolist()
    changes = np.sign(np.diff(high + low + close)).tolist()
    trend, summed, shares = 0.0, 0.0, []
    for before, own, change in zip(ranges, ranges[1:], changes, strict=False):
        if change not in (0.0, trend):
            trend, summed = change, before
        summed += own
        shares.append(trend * abs(2.0 * own / summed - 1.0) if summed else 0.0)
    force: FloatArray = 100.0 * volume[1:] * np.array(shares)
    return force
