# SPDX-License-Identifier: Apache-2.0
"""The moving averages that a setting can name."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import NamedTuple

from octobot_tentacles import indicators
from octobot_tentacles.indicators import FloatArray

#: Exponential averages forget their start by (1 - 2 / (length + 1)) a candle: after 12 lengths less than 1e-8 of it is
#: left, also where the average of an average is taken out of it.
EXPONENTIAL_LENGTHS = 13
#: Wilder's by (1 - 1 / length).
WILDER_LENGTHS = 21


class MovingAverage(NamedTuple):
    """A kind of moving average."""

    #: Of closes, volumes and a length.
    compute: Callable[[FloatArray, FloatArray, int], FloatArray]
    #: How many candles its newest value is made of.
    window: Callable[[int], int]


def _of_closes(average: Callable[[FloatArray, int], FloatArray], window: Callable[[int], int]) -> MovingAverage:
    return MovingAverage(lambda closes, _, length: average(closes, length), window)


def _length(length: int) -> int:
    return length


def _exponential(length: int) -> int:
    return EXPONENTIAL_LENGTHS * length


MOVING_AVERAGES: dict[str, MovingAverage] = {
    "SMA": _of_closes(indicators.sma, _length),
    "EMA": _of_closes(indicators.ema, _exponential),
    "WMA": _of_closes(indicators.wma, _length),
    "VWMA": MovingAverage(indicators.vwma, _length),
    "LSMA": _of_closes(indicators.lsma, _length),
    "HMA": _of_closes(indicators.hma, lambda length: length + isqrt(length) - 1),
    "DEMA": _of_closes(indicators.dema, _exponential),
    "TEMA": _of_closes(indicators.tema, _exponential),
    "RMA": _of_closes(indicators.wilders, lambda length: WILDER_LENGTHS * length),
}
