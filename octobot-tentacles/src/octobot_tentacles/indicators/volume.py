# SPDX-License-Identifier: Apache-2.0
"""Volume: money flow, balance of volume, volume weighted price."""

from __future__ import annotations

import numpy as np

from octobot_tentacles.indicators._support import FloatArray, aligned, check_period, prepare, ratio, unknown, windows

FLAT_FLOW = 0.5


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
