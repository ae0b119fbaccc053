# SPDX-License-Identifier: Apache-2.0
"""Every indicator against the results that Skender.Stock.Indicators computes for the same 502 daily candles."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from octobot_tentacles import indicators as ind

ARCHIVE = Path(__file__).resolve().parents[4] / "shared" / "data" / "indicators" / "skender-core.zip"
FOLDER = "tests/indicators/_testdata"
TOLERANCE = 1e-9

pytestmark = pytest.mark.skipif(not ARCHIVE.is_file(), reason=f"no reference results: {ARCHIVE} is not here")


@dataclass(frozen=True)
class Candles:
    open: ind.FloatArray
    high: ind.FloatArray
    low: ind.FloatArray
    close: ind.FloatArray
    volume: ind.FloatArray


@pytest.fixture(scope="module")
def candles() -> Candles:
    with zipfile.ZipFile(ARCHIVE) as archive:
        rows = list(csv.DictReader(archive.read(f"{FOLDER}/quotes/default.csv").decode("utf-8-sig").splitlines()))
    return Candles(
        **{name: np.array([float(row[name]) for row in rows]) for name in ("open", "high", "low", "close", "volume")}
    )


def reference(name: str, column: str) -> ind.FloatArray:
    with zipfile.ZipFile(ARCHIVE) as archive:
        rows = json.loads(archive.read(f"{FOLDER}/results/{name}.standard.json").decode("utf-8-sig"))
    return np.array([np.nan if row[column] is None else float(row[column]) for row in rows])


CASES: list[tuple[str, str, Callable[[Candles], ind.FloatArray]]] = [
    ("adx", "adx", lambda c: ind.adx(c.high, c.low, c.close, 14).adx),
    ("adx", "pdi", lambda c: ind.adx(c.high, c.low, c.close, 14).plus_di),
    ("adx", "mdi", lambda c: ind.adx(c.high, c.low, c.close, 14).minus_di),
    ("adx", "dx", lambda c: ind.adx(c.high, c.low, c.close, 14).dx),
    ("aroon", "aroonUp", lambda c: ind.aroon(c.high, c.low, 25).up),
    ("aroon", "aroonDown", lambda c: ind.aroon(c.high, c.low, 25).down),
    ("aroon", "oscillator", lambda c: ind.aroon(c.high, c.low, 25).oscillator),
    ("atr", "tr", lambda c: ind.tr(c.high, c.low, c.close)),
    ("atr", "atr", lambda c: ind.atr(c.high, c.low, c.close, 14)),
    ("bb", "sma", lambda c: ind.bollinger(c.close, 20, 2).middle),
    ("bb", "upperBand", lambda c: ind.bollinger(c.close, 20, 2).upper),
    ("bb", "lowerBand", lambda c: ind.bollinger(c.close, 20, 2).lower),
    ("cci", "cci", lambda c: ind.cci(c.high, c.low, c.close, 20)),
    ("dema", "dema", lambda c: ind.dema(c.close, 14)),
    ("donchian", "upperBand", lambda c: ind.donchian(c.high, c.low, 20).upper),
    ("donchian", "centerline", lambda c: ind.donchian(c.high, c.low, 20).middle),
    ("donchian", "lowerBand", lambda c: ind.donchian(c.high, c.low, 20).lower),
    ("ema", "ema", lambda c: ind.ema(c.close, 20)),
    ("keltner", "upperBand", lambda c: ind.keltner(c.high, c.low, c.close, 20, 2, 10).upper),
    ("keltner", "centerline", lambda c: ind.keltner(c.high, c.low, c.close, 20, 2, 10).middle),
    ("keltner", "lowerBand", lambda c: ind.keltner(c.high, c.low, c.close, 20, 2, 10).lower),
    ("macd", "macd", lambda c: ind.macd(c.close, 12, 26, 9).macd),
    ("macd", "signal", lambda c: ind.macd(c.close, 12, 26, 9).signal),
    ("macd", "histogram", lambda c: ind.macd(c.close, 12, 26, 9).histogram),
    ("mfi", "mfi", lambda c: ind.mfi(c.high, c.low, c.close, c.volume, 14)),
    ("obv", "obv", lambda c: ind.obv(c.close, c.volume)),
    ("psar", "sar", lambda c: ind.psar(c.high, c.low, 0.02, 0.2).sar),
    ("psar", "isReversal", lambda c: ind.psar(c.high, c.low, 0.02, 0.2).is_reversal),
    ("roc", "momentum", lambda c: ind.momentum(c.close, 14)),
    ("roc", "roc", lambda c: ind.roc(c.close, 14)),
    ("rsi", "rsi", lambda c: ind.rsi(c.close, 14)),
    ("sma", "sma", lambda c: ind.sma(c.close, 20)),
    ("stoch", "k", lambda c: ind.stoch(c.high, c.low, c.close, 14, 3, 3).k),
    ("stoch", "d", lambda c: ind.stoch(c.high, c.low, c.close, 14, 3, 3).d),
    ("stoch", "j", lambda c: ind.stoch(c.high, c.low, c.close, 14, 3, 3).j),
    ("stoch-rsi", "stochRsi", lambda c: ind.stoch_rsi(c.close, 14, 14, 3, 1).stoch_rsi),
    ("stoch-rsi", "signal", lambda c: ind.stoch_rsi(c.close, 14, 14, 3, 1).signal),
    ("tema", "tema", lambda c: ind.tema(c.close, 20)),
    ("tr", "tr", lambda c: ind.tr(c.high, c.low, c.close)),
    ("uo", "ultimate", lambda c: ind.uo(c.high, c.low, c.close, 7, 14, 28)),
    ("vwap", "vwap", lambda c: ind.vwap(c.high, c.low, c.close, c.volume)),
    ("willr", "williamsR", lambda c: ind.willr(c.high, c.low, c.close, 14)),
    ("wma", "wma", lambda c: ind.wma(c.close, 14)),
]


@pytest.mark.parametrize(("name", "column", "compute"), CASES, ids=[f"{name}-{column}" for name, column, _ in CASES])
def test_agrees_with_the_reference(
    candles: Candles, name: str, column: str, compute: Callable[[Candles], ind.FloatArray]
) -> None:
    expected = reference(name, column)
    result = compute(candles)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(np.isnan(result), np.isnan(expected), err_msg="known at other candles")
    np.testing.assert_allclose(result, expected, rtol=TOLERANCE, atol=TOLERANCE)
