# SPDX-License-Identifier: Apache-2.0
"""Made-up candles, for profiles that ask for them where nothing is recorded (``config.backtesting``).

They are made from recorded ones with a seed of their own, so they are the same in every run, and say so in a remark
that every report shows. What is made of them proves that a profile runs, not that it earns.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from octobot.shipped import BTC_USDT_1H
from octobot_commons.errors import DataError
from octobot_trading.history import CandleSeries, read_candles
from octobot_trading.history.series_builder import columns_sha256
from octobot_trading.util import FloatArray

#: Another venue's price: how far it usually is from the recorded one, and how much of that is left a candle later.
VENUE_DEVIATION: Final = 0.004
VENUE_MEMORY: Final = 0.8


class _Likeness(NamedTuple):
    """How a symbol goes along with BTC/USDT."""

    first_price: float
    #: By how much it moves with it.
    beta: float
    #: Standard deviation of what it moves by itself in an hour.
    own_deviation: float
    price_decimals: int


SYMBOLS: Final = {
    "ETH/USDT": _Likeness(300.0, 1.0, 0.004, 2),
    "SOL/USDT": _Likeness(20.0, 1.1, 0.006, 2),
}


def synthetic_symbol(symbol: str) -> CandleSeries:
    """Hourly candles of a symbol that goes along with the shipped ones of BTC/USDT.

    Raises:
        DataError: this symbol cannot be made up.
    """
    likeness = SYMBOLS.get(symbol)
    if likeness is None:
        known = ", ".join(SYMBOLS)
        raise DataError(
            f"no synthetic candles of {symbol} can be made, only of {known}",
            field="config.backtesting.synthetic-symbols",
            remedy="import candles of it with `octobot data import FILE`",
        )
    (model,) = read_candles(BTC_USDT_1H, symbol="BTC/USDT", exchange_name="binance")
    own = _random(symbol).normal(0.0, likeness.own_deviation, len(model))
    moves = likeness.beta * np.diff(np.log(model.close), prepend=np.log(model.open[0])) + own
    close = likeness.first_price * np.exp(np.cumsum(moves))
    open_ = np.concatenate(((likeness.first_price,), close[:-1]))
    above = (model.high / np.maximum(model.open, model.close)) ** likeness.beta
    below = (model.low / np.minimum(model.open, model.close)) ** likeness.beta
    volume = np.round(0.4 * model.volume * model.close / close, 4)
    made = _with_prices(
        model, open_, np.maximum(open_, close) * above, np.minimum(open_, close) * below, close,
        likeness.price_decimals,
    )  # fmt: skip
    return _labelled(
        replace(made, symbol=symbol, volume=volume), f"made up with a fixed seed to go along with {model.symbol}"
    )


def synthetic_venue(series: CandleSeries, exchange_name: str, seed: int) -> CandleSeries:
    """The same candles on another exchange, whose price wanders around the recorded one."""
    shocks = _random(f"{exchange_name} {series.symbol} {seed}").normal(
        0.0, VENUE_DEVIATION * (1 - VENUE_MEMORY**2) ** 0.5, len(series)
    )
    deviations = np.empty(len(series))
    deviation = 0.0
    for index, shock in enumerate(shocks.tolist()):
        deviation = VENUE_MEMORY * deviation + shock
        deviations[index] = deviation
    at_close = np.exp(deviations)
    at_open = np.concatenate(((1.0,), at_close[:-1]))
    open_, close = series.open * at_open, series.close * at_close
    between = np.sqrt(at_open * at_close)
    high = np.maximum(np.maximum(open_, close), series.high * between)
    low = np.minimum(np.minimum(open_, close), series.low * between)
    made = replace(_with_prices(series, open_, high, low, close, 2), exchange_name=exchange_name)
    return _labelled(made, f"those of {series.exchange_name} with an offset drawn with seed {seed}")


def _with_prices(
    series: CandleSeries, open_: FloatArray, high: FloatArray, low: FloatArray, close: FloatArray, decimals: int
) -> CandleSeries:
    tick = 10.0**-decimals
    rounded = [np.maximum(np.round(prices, decimals), tick) for prices in (open_, high, low, close)]
    return replace(series, open=rounded[0], high=rounded[1], low=rounded[2], close=rounded[3])


def _labelled(series: CandleSeries, how: str) -> CandleSeries:
    remark = f"synthetic: {series.symbol} on {series.exchange_name} was not recorded, its candles are {how}"
    quality = replace(series.quality, remarks=(*series.quality.remarks, remark))
    return replace(series, sha256=columns_sha256(np.array(series.columns())), quality=quality)


def _random(name: str) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))
