# SPDX-License-Identifier: Apache-2.0
"""What all indicators have in common, and the places where definitions are known to go wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot_tentacles import indicators as ind
from octobot_tentacles.errors import IndicatorInputError, MissingIndicatorLibraryError
from octobot_tentacles.indicators import _support
from octobot_tentacles.indicators.moving_averages import smoothed_from
from octobot_tentacles.indicators.volatility import newest_bollinger

LENGTH = 120


class Candles:
    def __init__(self, close: ind.FloatArray, spread: ind.FloatArray | float, volume: ind.FloatArray) -> None:
        self.close, self.volume = close, volume
        self.high, self.low = close + spread, close - spread

    def part(self, start: int, end: int) -> Candles:
        part = Candles.__new__(Candles)
        part.close, part.volume = self.close[start:end], self.volume[start:end]
        part.high, part.low = self.high[start:end], self.low[start:end]
        return part


def random_candles(seed: int, length: int = LENGTH) -> Candles:
    random = np.random.default_rng(seed)
    close = 100.0 + np.cumsum(random.normal(size=length))
    return Candles(close, random.uniform(0.1, 2.0, length), random.uniform(0.0, 50.0, length))


Compute = Callable[[Candles], ind.FloatArray | tuple[ind.FloatArray, ...]]

#: name → function, index of the first known value of each result (psar: none, it depends on the prices).
INDICATORS: dict[str, tuple[Compute, tuple[int, ...]]] = {
    "sma": (lambda c: ind.sma(c.close, 7), (6,)),
    "sma_difference": (lambda c: ind.sma_difference(c.close, 3, 7), (6,)),
    "ema": (lambda c: ind.ema(c.close, 7), (6,)),
    "wma": (lambda c: ind.wma(c.close, 7), (6,)),
    "vwma": (lambda c: ind.vwma(c.close, c.volume, 7), (6,)),
    "lsma": (lambda c: ind.lsma(c.close, 7), (6,)),
    "hma": (lambda c: ind.hma(c.close, 7), (7,)),
    "wilders": (lambda c: ind.wilders(c.close, 7), (6,)),
    "dema": (lambda c: ind.dema(c.close, 7), (6,)),
    "tema": (lambda c: ind.tema(c.close, 7), (6,)),
    "rsi": (lambda c: ind.rsi(c.close, 7), (7,)),
    "momentum": (lambda c: ind.momentum(c.close, 7), (7,)),
    "roc": (lambda c: ind.roc(c.close, 7), (7,)),
    "macd": (lambda c: ind.macd(c.close, 3, 7, 4), (6, 9, 9)),
    "cci": (lambda c: ind.cci(c.high, c.low, c.close, 7), (6,)),
    "stoch": (lambda c: ind.stoch(c.high, c.low, c.close, 7, 3, 2), (7, 9, 9)),
    "stoch_rsi": (lambda c: ind.stoch_rsi(c.close, 7, 5, 3, 2), (12, 14)),
    "willr": (lambda c: ind.willr(c.high, c.low, c.close, 7), (6,)),
    "uo": (lambda c: ind.uo(c.high, c.low, c.close, 3, 5, 7), (7,)),
    "adx": (lambda c: ind.adx(c.high, c.low, c.close, 7), (13, 7, 7, 7)),
    "aroon": (lambda c: ind.aroon(c.high, c.low, 7), (7, 7, 7)),
    "psar": (lambda c: ind.psar(c.high, c.low), ()),
    "supertrend": (lambda c: ind.supertrend(c.high, c.low, c.close, 7), (7, 7)),
    "tr": (lambda c: ind.tr(c.high, c.low, c.close), (1,)),
    "atr": (lambda c: ind.atr(c.high, c.low, c.close, 7), (7,)),
    "bollinger": (lambda c: ind.bollinger(c.close, 7), (6, 6, 6)),
    "donchian": (lambda c: ind.donchian(c.high, c.low, 7), (7, 7, 7)),
    "keltner": (lambda c: ind.keltner(c.high, c.low, c.close, 9, 2, 7), (8, 8, 8)),
    "obv": (lambda c: ind.obv(c.close, c.volume), (0,)),
    "mfi": (lambda c: ind.mfi(c.high, c.low, c.close, c.volume, 7), (7,)),
    "vwap": (lambda c: ind.vwap(c.high, c.low, c.close, c.volume), (0,)),
}
every_indicator = pytest.mark.parametrize("name", INDICATORS)


def compute(name: str, candles: Candles) -> tuple[ind.FloatArray, ...]:
    result = INDICATORS[name][0](candles)
    return (result,) if isinstance(result, np.ndarray) else tuple(result)


@every_indicator
def test_results_are_as_long_as_the_input_and_known_from_the_documented_index(name: str) -> None:
    results = compute(name, random_candles(1))
    assert all(result.shape == (LENGTH,) and result.dtype == np.float64 for result in results)
    for result, first in zip(results, INDICATORS[name][1], strict=False):
        assert np.isnan(result[:first]).all()
        assert np.isfinite(result[first:]).all()


@every_indicator
@pytest.mark.parametrize("length", range(16))
def test_too_few_values_are_no_error(name: str, length: int) -> None:
    for result in compute(name, random_candles(2, length)):
        assert result.shape == (length,)


@every_indicator
def test_the_future_changes_nothing(name: str) -> None:
    candles = random_candles(3)
    whole = compute(name, candles)
    for end in (5, 20, 77):
        for result, part in zip(whole, compute(name, candles.part(0, end)), strict=True):
            np.testing.assert_allclose(part, result[:end], rtol=1e-12, atol=1e-12)


@every_indicator
def test_inputs_are_left_as_they_are(name: str) -> None:
    candles, twin = random_candles(4), random_candles(4)
    for result in compute(name, candles):
        result += 1.0
    np.testing.assert_array_equal(candles.close, twin.close)
    np.testing.assert_array_equal(candles.high, twin.high)


@every_indicator
def test_leading_nan_are_skipped(name: str) -> None:
    candles = random_candles(5)
    for array in (candles.close, candles.high, candles.low, candles.volume):
        array[:9] = np.nan
    for result, part in zip(compute(name, candles), compute(name, candles.part(9, LENGTH)), strict=True):
        np.testing.assert_array_equal(result[9:], part)
        assert np.isnan(result[:9]).all()


@every_indicator
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_no_number_is_refused(name: str, bad: float) -> None:
    candles = random_candles(6)
    for array in (candles.close, candles.high, candles.low, candles.volume):
        array[40] = bad
    with pytest.raises(IndicatorInputError, match="value 40 is not a finite number"):
        compute(name, candles)


@every_indicator
def test_only_nan_stays_unknown(name: str) -> None:
    nothing = np.full(30, np.nan)
    for result in compute(name, Candles(nothing, 0.0, nothing)):
        assert np.isnan(result).all()


@every_indicator
@pytest.mark.parametrize("price", [0.1, 1.0, 67_123.45])
def test_flat_prices_give_numbers(name: str, price: float) -> None:
    flat = Candles(np.full(LENGTH, price), 0.0, np.zeros(LENGTH))
    for result in compute(name, flat):
        known = result[~np.isnan(result)]
        assert len(known) >= LENGTH - 14 or name == "psar"


@pytest.mark.parametrize(
    ("name", "value"),
    [("rsi", 50.0), ("mfi", 50.0), ("stoch", 50.0), ("stoch_rsi", 50.0), ("willr", -50.0), ("cci", 0.0), ("adx", 0.0)],
)
def test_oscillators_are_neutral_on_flat_prices(name: str, value: float) -> None:
    flat = Candles(np.full(LENGTH, 0.1), 0.0, np.ones(LENGTH))
    assert compute(name, flat)[0][-1] == pytest.approx(value, abs=1e-9)


def test_the_ultimate_oscillator_is_neutral_on_flat_prices() -> None:
    flat = np.full(40, 0.3)
    assert ind.uo(flat, flat, flat)[-1] == pytest.approx(50.0)


def test_lists_of_other_number_types_and_strided_arrays_are_taken() -> None:
    values = np.arange(40)
    expected = ind.sma(np.arange(0.0, 40.0, 2.0), 3)
    np.testing.assert_array_equal(ind.sma(values[::2], 3), expected)
    np.testing.assert_array_equal(ind.sma(values[::2].astype(np.float32), 3), expected)


@pytest.mark.parametrize("period", [0, -1, 2.5, True, "3", None])
def test_a_period_is_a_positive_whole_number(period: object) -> None:
    with pytest.raises(IndicatorInputError, match="period must be a whole number"):
        ind.sma(np.arange(5.0), period)  # type: ignore[arg-type]


def test_arrays_of_different_lengths_are_refused() -> None:
    with pytest.raises(IndicatorInputError, match="same length"):
        ind.tr(np.arange(5.0), np.arange(4.0), np.arange(5.0))


def test_bollinger_keeps_its_digits_at_high_prices() -> None:
    offsets = np.tile([0.0, 1e-4], 20)
    bands = ind.bollinger(1e6 + offsets, 20, 2)
    assert bands.upper[-1] - bands.middle[-1] == pytest.approx(1e-4, rel=1e-4)


def test_ema_is_seeded_with_the_mean() -> None:
    assert ind.ema(np.array([1.0, 2.0, 6.0, 4.0]), 3)[2:].tolist() == [3.0, 3.5]
    assert smoothed_from(3.0, np.array([4.0]), 3).tolist() == [3.0, 3.5]


@pytest.mark.parametrize(("short", "long"), [(3, 10), (10, 3), (1, 2)])
def test_the_difference_of_two_averages_is_just_that(short: int, long: int) -> None:
    close = random_candles(7).close
    expected = ind.sma(close, short) - ind.sma(close, long)
    np.testing.assert_allclose(ind.sma_difference(close, short, long), expected, atol=1e-10)
    assert not ind.sma_difference(close, long, long)[long - 1 :].any()


def test_rsi_of_a_hand_computed_case() -> None:
    # changes +1 -1 +2, then +1: gains (3 / 3 = 1, then (2 * 1 + 1) / 3 = 1), losses (1 / 3, then 2 / 9)
    result = ind.rsi(np.array([10.0, 11.0, 10.0, 12.0, 13.0]), 3)
    assert result[3:].tolist() == pytest.approx([75.0, 100.0 * 1.0 / (1.0 + 2.0 / 9.0)])


def test_the_volume_weighted_average_of_a_hand_computed_case() -> None:
    values, volume = np.array([1.0, 2.0, 4.0, 5.0, 9.0]), np.array([1.0, 3.0, 0.0, 0.0, 0.0])
    # (1 + 6) / 4, then 2 where only 3 were traded at 2; the mean of 4, 5 and 9 where nothing was
    assert ind.vwma(values, volume, 2)[1:3].tolist() == [7.0 / 4.0, 2.0]
    assert ind.vwma(values, volume, 3)[4] == pytest.approx(6.0)


def test_the_end_of_a_regression_line() -> None:
    # through 1, 2, 6 goes 0.5 + 2.5 x at x = 0, 1, 2
    assert ind.lsma(np.array([9.0, 1.0, 2.0, 6.0]), 3)[3] == pytest.approx(5.5)
    close = random_candles(9).close
    expected = [np.polyval(np.polyfit(np.arange(9), close[end - 9 : end], 1), 8) for end in range(9, LENGTH + 1)]
    np.testing.assert_allclose(ind.lsma(close, 9)[8:], expected, rtol=1e-9)
    np.testing.assert_array_equal(ind.lsma(close, 1), close)


def test_the_end_of_a_regression_line_keeps_its_digits_at_high_prices() -> None:
    line = 1e6 + 1e-3 * np.arange(300.0)
    np.testing.assert_allclose(ind.lsma(line, 200)[199:], line[199:], rtol=1e-13)


def test_hulls_average_of_a_line_is_ahead_of_a_weighted_one() -> None:
    line = np.arange(60.0)
    # wma(n) of a line lags (n - 1) / 3: 2 * -1 + 3 - 2 / 3 with n = 4, 9 (rounded down from 10 / 2) and 3
    lag = 2 * (5 - 1) / 3 - (10 - 1) / 3 + (3 - 1) / 3
    assert ind.hma(line, 10)[-1] == pytest.approx(59.0 - lag)
    np.testing.assert_array_equal(ind.hma(line, 1), line)


def test_the_supertrend_of_a_hand_computed_case() -> None:
    close = np.array([10.0, 11.0, 13.0, 12.0, 8.0, 9.0, 12.0])
    # candles without height: true ranges 1 2 1 4 1 3; averages over 2: 1.5 1.25 2.625 1.8125 2.40625
    high = low = close
    found = ind.supertrend(high, low, close, 2, 1.0)
    bands = [
        13.0 - 1.5,  # rises (guessed); lower band 11.5
        11.5,  # 12 - 1.25 is lower: it stays
        8.0 + 2.625,  # 8 closes below it: falls; upper band 10.625
        10.625,  # 9 + 1.8125 is higher: it stays
        12.0 - 2.40625,  # 12 closes above it; the lower band starts anew, as 9 was not below that before
    ]
    assert found.trend[2:].tolist() == [1.0, 1.0, -1.0, -1.0, 1.0]
    assert found.line[2:].tolist() == pytest.approx(bands)


def test_the_supertrend_mirrors() -> None:
    candles = random_candles(10)
    candles.high += 0.5  # a close in the very middle of the first candle is taken for a rise on both sides
    found = ind.supertrend(candles.high, candles.low, candles.close, 5, 2.0)
    mirrored = ind.supertrend(-candles.low, -candles.high, -candles.close, 5, 2.0)
    assert {*found.trend[5:]} == {1.0, -1.0}
    np.testing.assert_array_equal(mirrored.trend, -found.trend)
    np.testing.assert_allclose(mirrored.line, -found.line, rtol=1e-12)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan")])
def test_a_supertrend_needs_a_band(factor: float) -> None:
    with pytest.raises(IndicatorInputError, match="factor must be above 0"):
        ind.supertrend(np.arange(5.0), np.arange(5.0), np.arange(5.0), 2, factor)


def test_swapped_macd_and_ultimate_periods_are_sorted() -> None:
    candles = random_candles(8)
    np.testing.assert_array_equal(ind.macd(candles.close, 26, 12, 9).macd, ind.macd(candles.close, 12, 26, 9).macd)
    np.testing.assert_array_equal(
        ind.uo(candles.high, candles.low, candles.close, 28, 14, 7),
        ind.uo(candles.high, candles.low, candles.close, 7, 14, 28),
    )


@given(
    values=st.lists(st.floats(0.01, 1e6), min_size=2, max_size=80).map(np.array),
    period=st.integers(1, 20),
)
@settings(max_examples=60)
def test_rsi_and_averages_stay_within_their_bounds(values: ind.FloatArray, period: int) -> None:
    strengths = ind.rsi(values, period)
    known = strengths[~np.isnan(strengths)]
    assert ((known >= -1e-9) & (known <= 100.0 + 1e-9)).all()
    for average in (ind.sma, ind.ema, ind.wma, ind.wilders, lambda v, p: ind.vwma(v, v, p)):
        result = average(values, period)
        margin = 1e-9 * values.max()
        assert np.nanmin(result, initial=values.min()) >= values.min() - margin
        assert np.nanmax(result, initial=values.max()) <= values.max() + margin


def test_a_missing_tulipy_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    _support.tulipy.cache_clear()
    monkeypatch.setitem(sys.modules, "tulipy", None)
    with pytest.raises(MissingIndicatorLibraryError, match="pip install tulipy"):
        ind.rsi(np.arange(30.0), 14)
    _support.tulipy.cache_clear()


def test_the_package_imports_without_tulipy() -> None:
    code = (
        "import sys; sys.modules['tulipy'] = None; import octobot_tentacles.indicators as i, numpy as n;"
        " print(i.momentum(n.arange(3.0), 1)[-1])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1.0"


@pytest.mark.parametrize("count", [1, 4, 5, 6, 50])
def test_the_newest_bands_are_the_end_of_all_bands(count: int) -> None:
    values = 1e6 + np.sin(np.arange(count))
    bands = ind.bollinger(values, 5)
    newest = newest_bollinger(values, 5)
    assert (newest is None) == bool(np.isnan(bands.middle[-1]))
    if newest is not None:
        assert newest == pytest.approx([band[-1] for band in bands], rel=1e-14)
