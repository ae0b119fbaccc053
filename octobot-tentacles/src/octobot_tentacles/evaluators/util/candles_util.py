# SPDX-License-Identifier: Apache-2.0
"""CandlesUtil: prices that stand for whole candles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from octobot_tentacles.indicators import FloatArray


class HeikinAshiCandles(NamedTuple):
    """Candles of averages, as four arrays."""

    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray


class CandlesUtil:
    """Prices that stand for whole candles. Arrays of equal length, oldest value first; results are new arrays."""

    @staticmethod
    def HL2(high: ArrayLike, low: ArrayLike) -> FloatArray:  # noqa: N802 - a promised name
        """The middle of each candle: ``(high + low) / 2``."""
        highs, lows = _arrays(high, low)
        return (highs + lows) / 2.0

    @staticmethod
    def HLC3(high: ArrayLike, low: ArrayLike, close: ArrayLike) -> FloatArray:  # noqa: N802 - a promised name
        """The typical price of each candle: ``(high + low + close) / 3``."""
        highs, lows, closes = _arrays(high, low, close)
        return (highs + lows + closes) / 3.0

    @staticmethod
    def OHLC4(open: ArrayLike, high: ArrayLike, low: ArrayLike, close: ArrayLike) -> FloatArray:  # noqa: N802
        """The average price of each candle: ``(open + high + low + close) / 4``."""
        opens, highs, lows, closes = _arrays(open, high, low, close)
        return (opens + highs + lows + closes) / 4.0

    @staticmethod
    def HeikinAshi(  # noqa: N802 - a promised name
        open: ArrayLike, high: ArrayLike, low: ArrayLike, close: ArrayLike
    ) -> HeikinAshiCandles:
        """Heikin-Ashi candles: close = OHLC4, open = the middle of the body before, high and low contain both.

        The first body starts in the middle of the first candle's. (D. Valcu, Stocks & Commodities 22:2, 2004.)
        """
        opens, highs, lows, closes = _arrays(open, high, low, close)
        averages = (opens + highs + lows + closes) / 4.0
        starts = np.empty(len(averages))
        before = (float(opens[0]) + float(closes[0])) / 2.0 if len(opens) else 0.0
        for index, average in enumerate(averages.tolist()):
            starts[index] = before
            before = (before + average) / 2.0
        return HeikinAshiCandles(
            starts,
            np.maximum(highs, np.maximum(starts, averages)),
            np.minimum(lows, np.minimum(starts, averages)),
            averages,
        )


def _arrays(*values: ArrayLike) -> list[FloatArray]:
    arrays = [np.asarray(one, dtype=np.float64) for one in values]
    if any(array.shape != arrays[0].shape for array in arrays):
        raise ValueError(f"arrays must be of the same length, not {', '.join(str(array.size) for array in arrays)}")
    return arrays
