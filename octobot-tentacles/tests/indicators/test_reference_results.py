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


#: Single results of the same library for the same candles (tests/indicators/_testdata/results of DaveSkender/
#: Stock.Indicators, Apache-2.0), of indicators that the archive has no file of: name, function, day → result.
POINTS: list[tuple[str, Callable[[Candles], ind.FloatArray], dict[str, float | None]]] = [
    (
        "epma",
        lambda c: ind.lsma(c.close, 10),
        {
            "2018-10-10": 277.24254545454545,
            "2018-11-08": 273.6732727272729,
            "2018-12-24": 233.72090909090912,
            "2018-12-31": 239.9958181818182,
        },
    ),
    (
        "hma",
        lambda c: ind.hma(c.close, 14),
        {
            "2018-10-12": 271.0033571428571,
            "2018-11-09": 273.28570634920635,
            "2018-12-26": 233.9978888888889,
            "2018-12-31": 237.96338888888891,
        },
    ),
    (
        "vwma",
        lambda c: ind.vwma(c.close, c.volume, 14),
        {
            "2018-10-10": 280.876079444561,
            "2018-11-07": 264.0133478919288,
            "2018-12-24": 250.2846947063683,
            "2018-12-31": 244.96867064125578,
        },
    ),
    (
        "supertrend",
        lambda c: ind.supertrend(c.high, c.low, c.close, 10, 3).line,
        {
            "2017-01-17": None,
            "2017-01-18": 210.059,
            "2017-01-25": 212.16872586,
            "2017-02-08": 212.692853274,
            "2017-03-24": 221.753448535253,
            "2017-03-27": 225.804021558303,
            "2017-04-24": 225.804021558303,
            "2017-04-25": 220.978673769812,
            "2017-05-16": 224.345811518546,
            "2017-05-17": 229.471769633308,
            "2017-05-25": 224.924798744305,
            "2018-11-30": 270.832030137886,
            "2018-12-03": 259.603211576491,
            "2018-12-07": 274.689098623042,
            "2018-12-19": 265.203054976876,
            "2018-12-31": 251.807983370328,
        },
    ),
]


@pytest.mark.parametrize(("name", "compute", "points"), POINTS, ids=[name for name, _, _ in POINTS])
def test_agrees_with_single_results_of_the_reference(
    candles: Candles, name: str, compute: Callable[[Candles], ind.FloatArray], points: dict[str, float | None]
) -> None:
    results = dict(zip(days(), compute(candles).tolist(), strict=True))
    expected = {day: float("nan") if value is None else value for day, value in points.items()}
    assert {day: results[day] for day in points} == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True)


def days() -> list[str]:
    with zipfile.ZipFile(ARCHIVE) as archive:
        rows = json.loads(archive.read(f"{FOLDER}/results/sma.standard.json").decode("utf-8-sig"))
    return [row["timestamp"].partition("T")[0] for row in rows]


def test_agrees_with_tulip_s_own_tables() -> None:
    hull = [81.59, 81.06, 82.87, 83.00, 83.61, 83.15, 82.84, 83.99, 84.55, 84.36, 85.53, 86.54, 86.89, 87.77, 87.29]
    hull_expected = [83.690, 83.038, 83.472, 84.550, 84.835, 85.360, 86.552, 87.346, 87.965, 87.916]
    assert ind.hma(np.array(hull), 5)[5:].tolist() == pytest.approx(hull_expected, abs=1e-3)
    line = [10.5, 11.2, 10.3, 12.1, 11.2, 10.5, 11.1, 11.1, 10.2]
    assert ind.lsma(np.array(line), 5)[4:].tolist() == pytest.approx([11.52, 10.96, 11.04, 10.78, 10.54])
    price = [50.25, 50.55, 52.5, 54.5, 54.1, 54.12, 55.5, 50.2, 50.45, 50.24]
    volume = [12412.0, 12458, 15874, 12354, 12456, 12542, 15421, 19510, 12521, 12041]
    weighted = [51.9819, 52.8828, 53.7204, 54.6075, 53.1948, 52.4340, 51.6345]
    assert ind.vwma(np.array(price), np.array(volume), 4)[3:].tolist() == pytest.approx(weighted, abs=1e-4)


def test_klinger_agrees_with_tulip_s_own_table() -> None:
    high = [82.15, 81.89, 83.03, 83.30, 83.85, 83.90, 83.33, 84.30, 84.84, 85.00, 85.90, 86.58, 86.98, 88.00, 87.87]
    low = [81.29, 80.64, 81.31, 82.65, 83.07, 83.11, 82.49, 82.30, 84.15, 84.11, 84.03, 85.39, 85.76, 87.17, 87.01]
    close = [81.59, 81.06, 82.87, 83.00, 83.61, 83.15, 82.84, 83.99, 84.55, 84.36, 85.53, 86.54, 86.89, 87.77, 87.29]
    volume = [5653100.0, 6447400, 7690900, 3831400, 4455100, 3798000, 3936200, 4732000, 4841300, 3915300, 6830800,
              6694100, 5293600, 7985800, 4807900]  # fmt: skip
    expected = [0.000, 80292599.241, 121572746.633, 117732669.219, -5942017.641, -71041561.798, 34448275.848,
                84097903.128, -38366427.074, 40313036.023, 56681039.569, 52208374.664, 138983547.947,
                -68009735.443]  # fmt: skip
    columns = [np.array(column) for column in (high, low, close, volume)]
    assert ind.klinger(*columns, 2, 5, 3).oscillator[1:].tolist() == pytest.approx(expected, abs=1e-3)
    # The same numbers computed the other way, which candles without a range need.
    still = [np.concatenate(([column[0]], column)) for column in columns]
    still[0][0] = still[1][0] = still[2][0] = 81.0
    assert np.isfinite(ind.klinger(*still, 2, 5, 3).oscillator[1:]).all()
