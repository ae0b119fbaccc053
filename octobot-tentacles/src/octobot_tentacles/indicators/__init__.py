# SPDX-License-Identifier: Apache-2.0
"""Indicators on arrays of prices.

Every function takes one-dimensional float64 arrays of equal length, oldest value first, and returns new arrays of
that same length: ``result[i]`` depends on ``values[: i + 1]`` only and is NaN as long as there is too little data.
Leading NaN of the input are skipped, so that indicators compose; a later NaN or infinity, or a period that is no
positive whole number, raises :class:`octobot_tentacles.errors.IndicatorInputError`.

Definitions are those of the field (Wilder's smoothing and exponential averages start from a mean) and give the
results of Skender.Stock.Indicators. tulipy computes where its definition is that one; it is imported when the first
indicator that needs it is called.
"""

from octobot_tentacles.indicators._support import FloatArray
from octobot_tentacles.indicators.momentum import Macd, cci, macd, momentum, roc, rsi
from octobot_tentacles.indicators.moving_averages import (
    dema,
    ema,
    hma,
    lsma,
    sma,
    sma_difference,
    tema,
    vwma,
    wilders,
    wma,
)
from octobot_tentacles.indicators.oscillators import Stochastic, StochasticRsi, stoch, stoch_rsi, uo, willr
from octobot_tentacles.indicators.trend import Adx, Aroon, ParabolicSar, SuperTrend, adx, aroon, psar, supertrend
from octobot_tentacles.indicators.volatility import Bands, atr, bollinger, donchian, keltner, tr
from octobot_tentacles.indicators.volume import Klinger, klinger, mfi, obv, vwap

__all__ = [
    "Adx",
    "Aroon",
    "Bands",
    "FloatArray",
    "Klinger",
    "Macd",
    "ParabolicSar",
    "Stochastic",
    "StochasticRsi",
    "SuperTrend",
    "adx",
    "aroon",
    "atr",
    "bollinger",
    "cci",
    "dema",
    "donchian",
    "ema",
    "hma",
    "keltner",
    "klinger",
    "lsma",
    "macd",
    "mfi",
    "momentum",
    "obv",
    "psar",
    "roc",
    "rsi",
    "sma",
    "sma_difference",
    "stoch",
    "stoch_rsi",
    "supertrend",
    "tema",
    "tr",
    "uo",
    "vwap",
    "vwma",
    "wilders",
    "willr",
    "wma",
]
