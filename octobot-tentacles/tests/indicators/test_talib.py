# SPDX-License-Identifier: Apache-2.0
"""Indicators against TA-Lib, on recorded candles, where both define them alike.

TA-Lib starts some averages elsewhere (the fast EMA of its MACD begins with the slow one's window, ADX and its ranges
begin a candle later): what an average forgets is compared after it has forgotten it.
"""

from __future__ import annotations

import csv
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from octobot_tentacles import indicators as ind

talib = pytest.importorskip("talib", reason="TA-Lib is not installed; the reference results of other tests are")

RECORDED = Path(__file__).resolve().parents[4] / "shared/data/ohlcv/binance-spot/BTC_USDT-1h_2023.csv.xz"
Columns = dict[str, ind.FloatArray]
Compute = Callable[[Columns], ind.FloatArray]


@pytest.fixture(scope="module")
def candles() -> Columns:
    if not RECORDED.is_file():
        pytest.skip(f"no recorded candles: {RECORDED} is not here")
    with lzma.open(RECORDED, "rt") as file:
        rows = list(csv.DictReader(file))[:3000]
    return {name: np.array([float(row[name]) for row in rows]) for name in ("high", "low", "close", "volume")}


def hlc(candles: Columns) -> tuple[ind.FloatArray, ind.FloatArray, ind.FloatArray]:
    return candles["high"], candles["low"], candles["close"]


CASES: list[tuple[str, Compute, Compute, int]] = [
    ("sma", lambda c: ind.sma(c["close"], 20), lambda c: talib.SMA(c["close"], 20), 0),
    ("ema", lambda c: ind.ema(c["close"], 20), lambda c: talib.EMA(c["close"], 20), 0),
    ("wma", lambda c: ind.wma(c["close"], 14), lambda c: talib.WMA(c["close"], 14), 0),
    ("lsma", lambda c: ind.lsma(c["close"], 25), lambda c: talib.LINEARREG(c["close"], 25), 0),
    ("rsi", lambda c: ind.rsi(c["close"], 14), lambda c: talib.RSI(c["close"], 14), 0),
    ("roc", lambda c: ind.roc(c["close"], 10), lambda c: talib.ROC(c["close"], 10), 0),
    ("momentum", lambda c: ind.momentum(c["close"], 10), lambda c: talib.MOM(c["close"], 10), 0),
    ("cci", lambda c: ind.cci(*hlc(c), 20), lambda c: talib.CCI(*hlc(c), 20), 0),
    ("willr", lambda c: ind.willr(*hlc(c), 14), lambda c: talib.WILLR(*hlc(c), 14), 0),
    ("uo", lambda c: ind.uo(*hlc(c)), lambda c: talib.ULTOSC(*hlc(c)), 0),
    ("mfi", lambda c: ind.mfi(*hlc(c), c["volume"], 14), lambda c: talib.MFI(*hlc(c), c["volume"], 14), 0),
    ("atr", lambda c: ind.atr(*hlc(c), 14), lambda c: talib.ATR(*hlc(c), 14), 0),
    ("bollinger", lambda c: ind.bollinger(c["close"], 20).upper, lambda c: talib.BBANDS(c["close"], 20)[0], 0),
    ("bollinger", lambda c: ind.bollinger(c["close"], 20).lower, lambda c: talib.BBANDS(c["close"], 20)[2], 0),
    ("adx", lambda c: ind.adx(*hlc(c), 14).adx, lambda c: talib.ADX(*hlc(c), 14), 500),
    ("macd", lambda c: ind.macd(c["close"]).macd, lambda c: talib.MACD(c["close"])[0], 500),
    ("macd signal", lambda c: ind.macd(c["close"]).signal, lambda c: talib.MACD(c["close"])[1], 500),
    ("macd histogram", lambda c: ind.macd(c["close"]).histogram, lambda c: talib.MACD(c["close"])[2], 500),
    ("stoch k", lambda c: ind.stoch(*hlc(c), 14, 3, 3).k, lambda c: talib.STOCH(*hlc(c), 14, 3, 0, 3, 0)[0], 20),
    (
        "stoch rsi",
        lambda c: ind.stoch_rsi(c["close"], 14, 14).stoch_rsi,
        lambda c: talib.STOCHRSI(c["close"], 14, 14, 3, 0)[0],
        30,
    ),
]


@pytest.mark.parametrize(
    ("name", "compute", "oracle", "first"), CASES, ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)]
)
def test_agrees_with_ta_lib(candles: Columns, name: str, compute: Compute, oracle: Compute, first: int) -> None:
    ours, theirs = compute(candles)[first:], oracle(candles)[first:]
    known = ~np.isnan(theirs)
    assert known.sum() > 2000
    assert (np.isnan(ours) == np.isnan(theirs)).all(), f"{name} is known at other candles"
    scale = np.abs(theirs[known]).max()
    np.testing.assert_allclose(ours[known], theirs[known], rtol=1e-9, atol=1e-9 * scale)
