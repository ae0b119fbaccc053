# SPDX-License-Identifier: Apache-2.0
"""Every recorded file, against the counts that were taken independently when it was collected."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from octobot_commons.errors import DataError
from octobot_trading.history import read_candles, resample
from octobot_trading.history.validation import format_time

FILES = {
    "backtesting.py/BTCUSD.csv.xz": ("BTC/USD", "1M"),
    "backtesting.py/EURUSD.csv.xz": ("EUR/USD", "1h"),
    "basana/binance_btcusdt_day_2020.csv.xz": ("BTC/USDT", "1d"),
    "basana/bitstamp_btcusd_day_2015.csv.utf16.xz": ("BTC/USD", "1d"),
    "basana/bitstamp_btcusd_day_2015.csv.xz": ("BTC/USD", "1d"),
    "basana/bitstamp_btcusd_min_2020_01_01.csv.xz": ("BTC/USD", "1m"),
    "binance-spot/BTC_USDT-15m_2023.csv.xz": ("BTC/USDT", "15m"),
    "binance-spot/BTC_USDT-1h_2017-2024.csv.xz": ("BTC/USDT", "1h"),
    "binance-spot/BTC_USDT-1h_2023.csv.xz": ("BTC/USDT", "1h"),
    "binance-spot/BTC_USDT-1m_2025-05_2025-08.csv.xz": ("BTC/USDT", "1m"),
    "binance-spot/BTC_USDT-5m_2023.csv.xz": ("BTC/USDT", "5m"),
    "binance-usdm/ADA_USDT-1m_2025-05.csv.xz": ("ADA/USDT", "1m"),
    "binance-usdm/BTC_USDT-3m_2025-03.csv.xz": ("BTC/USDT", "3m"),
    "binance-usdm/BTC_USDT-5m_2023-2024.csv.xz": ("BTC/USDT", "5m"),
    "coinbase/BTC-USD-4h_2016-2025.json.xz": ("BTC/USD", "4h"),
    "freqtrade/ADA_BTC-5m.csv.xz": ("ADA/BTC", "5m"),
    "freqtrade/ETH_BTC-5m.csv.xz": ("ETH/BTC", "5m"),
    "freqtrade/UNITTEST_BTC-1m.csv.xz": ("UNITTEST/BTC", "1m"),
    "freqtrade/UNITTEST_BTC-30m.csv.xz": ("UNITTEST/BTC", "30m"),
    "freqtrade/XRP_ETH-1m.csv.xz": ("XRP/ETH", "1m"),
    "freqtrade/XRP_ETH-5m.csv.xz": ("XRP/ETH", "5m"),
    "freqtrade/futures/XRP_USDT_USDT-1h-futures.csv.xz": ("XRP/USDT:USDT", "1h"),
    "freqtrade/futures/XRP_USDT_USDT-5m-futures.csv.xz": ("XRP/USDT:USDT", "5m"),
}


@pytest.mark.parametrize("name", FILES)
def test_counts_of_the_manifest(recorded, name):
    path = recorded(name)
    with open(path.parents[len(name.split("/"))] / "MANIFEST.tsv", newline="") as manifest:
        known = next(row for row in csv.DictReader(manifest, delimiter="\t") if row["file"] == f"ohlcv/{name}")
    (series,) = read_candles(path)
    assert (series.symbol, series.time_frame) == FILES[name]
    assert series.sha256 == known["sha256"]
    quality = series.quality
    assert len(series) == quality.rows_read == int(known["rows"])
    assert len(quality.gaps) == int(known["gaps"])
    assert quality.missing == int(known["missing"])
    assert quality.zero_volume == int(known["zero_vol"])
    assert quality.duplicates == quality.incomplete == 0
    first, last = format_time(series.open_times[0]), format_time(series.open_times[-1])
    if series.time_frame == "1M":
        assert (first, last) == ("2012-01-01 00:00:00", "2024-12-01 00:00:00")
        assert quality.remarks
    else:
        assert (first, last) == (known["from"], known["to"])
        assert not quality.remarks


@pytest.mark.parametrize("name", ["backtesting.py/GOOG.csv.xz", "skender/bitcoin_1d_2017-2021.csv.xz"])
def test_a_name_without_symbol_asks_for_it(recorded, name):
    path = recorded(name)
    with pytest.raises(DataError, match="does not tell the symbol"):
        read_candles(path)
    (series,) = read_candles(path, symbol="GOOG/USD", exchange_name="somewhere")
    assert (series.symbol, series.exchange_name, series.time_frame) == ("GOOG/USD", "somewhere", "1d")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("binance-usdm/BTC_USDT-8h-funding_2025.csv.xz", "funding rates"),
        ("freqtrade/futures/XRP_USDT_USDT-8h-funding_rate.csv.xz", "funding rates"),
        ("binance-usdm/BTC_USDT-8h-mark_2023-2024.csv.xz", "mark or index prices"),
        ("freqtrade/futures/XRP_USDT_USDT-1h-mark.csv.xz", "mark or index prices"),
    ],
)
def test_files_that_are_no_candles_are_refused(recorded, name, reason):
    path = recorded(name)
    with pytest.raises(DataError, match=reason) as caught:
        read_candles(path)
    assert (caught.value.file, caught.value.row) == (str(path), 1)
    assert caught.value.remedy


def test_utf_16_holds_the_same_candles(recorded):
    (wide,) = read_candles(recorded("basana/bitstamp_btcusd_day_2015.csv.utf16.xz"))
    (plain,) = read_candles(recorded("basana/bitstamp_btcusd_day_2015.csv.xz"))
    assert wide.same_candles(plain)


def test_the_extreme_candle_of_coinbase_is_kept_as_recorded(recorded):
    """Others traded near 7400; but close = low = 5200 is a possible candle and nothing here may change prices."""
    (series,) = read_candles(recorded("coinbase/BTC-USD-4h_2016-2025.json.xz"))
    (index,) = np.flatnonzero(series.open_times == 1522785600.0)
    assert format_time(series.open_times[index]) == "2018-04-03 20:00:00"
    assert series.close[index] == series.low[index] == 5200.0


def test_octobot_files_leave_out_candles_that_were_still_forming(recorded):
    found = read_candles(recorded("octobot/binance_ETH-BTC_15tf_2020.data.xz"))
    assert [series.time_frame for series in found] == [
        "1m",
        "3m",
        "5m",
        "15m",
        "30m",
        "1h",
        "2h",
        "4h",
        "6h",
        "8h",
        "12h",
        "1d",
        "3d",
        "1w",
        "1M",
    ]
    assert {(series.exchange_name, series.symbol) for series in found} == {("binance", "ETH/BTC")}
    for series in found:
        assert series.quality.incomplete == 1
        assert series.quality.rows_read == len(series) + 1


def test_octobot_file_of_several_symbols(recorded):
    path = recorded("octobot/binance_4symbols_4h_2024.data.xz")
    assert [series.symbol for series in read_candles(path)] == ["BNB/USDT", "BTC/USDT", "ETH/USDT", "SOL/USDT"]
    (series,) = read_candles(path, symbol="ETH/USDT", time_frame="4h")
    assert (series.symbol, len(series)) == ("ETH/USDT", 499)


def test_octobot_file_without_cryptocurrency(recorded):
    (day,) = read_candles(recorded("octobot/binance_BTC-USDT_14tf_2018.data.xz"), time_frame="1d")
    assert (len(day), day.symbol, day.quality.gaps) == (254, "BTC/USDT", ())


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [("1m", "3m"), ("5m", "15m"), ("30m", "1h"), ("1h", "4h"), ("12h", "1d"), ("1d", "3d"), ("1d", "1w"), ("1d", "1M")],
)
def test_octobot_time_frames_agree_with_each_other(recorded, shorter, longer):
    found = {
        series.time_frame: series for series in read_candles(recorded("octobot/binance_ETH-BTC_15tf_2020.data.xz"))
    }
    assert compare(resample(found[shorter], longer), found[longer]) == {}


@pytest.mark.parametrize("time_frame", ["15m", "1h"])
def test_a_year_of_5m_gives_the_recorded_longer_candles_without_exception(recorded, time_frame):
    (five_minutes,) = read_candles(recorded("binance-spot/BTC_USDT-5m_2023.csv.xz"))
    (longer,) = read_candles(recorded(f"binance-spot/BTC_USDT-{time_frame}_2023.csv.xz"))
    derived = resample(five_minutes, time_frame)
    assert compare(derived, longer) == {}
    same_span = longer.slice(end_time=derived.close_times[-1])
    assert derived.open_times.tolist() == same_span.open_times.tolist()
    assert derived.quality.gaps == same_span.quality.gaps
    assert derived.quality.zero_volume == same_span.quality.zero_volume
    assert derived.quality.derived_from == "5m"


def test_the_one_candle_that_was_recorded_while_forming(recorded):
    """USD-M 15m of 2023-11-10 15:00 was frozen early; its neighbours' volumes differ with it."""
    (five_minutes,) = read_candles(recorded("binance-usdm/BTC_USDT-5m_2023-2024.csv.xz"))
    (quarters,) = read_candles(recorded("binance-usdm/BTC_USDT-15m_2023-2024.csv.xz"))
    (hours,) = read_candles(recorded("binance-usdm/BTC_USDT-1h_2023-2024.csv.xz"))
    frozen, later = "2023-11-10 15:00:00", "2023-11-10 16:30:00"
    assert compare(resample(five_minutes, "15m"), quarters) == {
        "high": [frozen],
        "close": [frozen],
        "volume": [frozen, later],
    }
    assert compare(resample(five_minutes, "1h"), hours) == {"volume": [frozen]}


def test_lean_archive(recorded):
    found = read_candles(recorded("lean-coinbase.zip"))
    assert [(series.exchange_name, series.symbol, series.time_frame, len(series)) for series in found] == [
        ("coinbase", "BTC/USD", "1d", 1318),
        ("coinbase", "BTC/EUR", "1m", 948 + 1395 + 1319 + 1),
        ("coinbase", "BTC/USD", "1m", 1007 + 1440 + 1440),
        ("coinbase", "ETH/USD", "1m", 1009 + 1440),
    ]
    assert found[0].quality.remarks == (
        "left out of the archive: daily quote bars, minute quote bars, second trade bars",
    )
    minutes = found[2]
    assert format_time(minutes.open_times[0]) == "2018-04-04 00:00:00"
    assert [column[0] for column in minutes.columns()[1:]] == [7424.91, 7424.91, 7422.0, 7422.0, 7.14319709]
    assert read_candles(recorded("lean-coinbase.zip"), symbol="ETH/USD")[0].same_candles(found[3])


def compare(derived, longer):
    """Per column the times at which two series differ where both have a candle; volumes may differ by 1e-9."""
    _, of_derived, of_longer = np.intersect1d(derived.open_times, longer.open_times, return_indices=True)
    assert len(of_derived) > 10
    differences = {}
    for name in ("open", "high", "low", "close", "volume"):
        mine, others = getattr(derived, name)[of_derived], getattr(longer, name)[of_longer]
        tolerance = 1e-9 if name == "volume" else 0.0
        (differing,) = np.nonzero(~np.isclose(mine, others, rtol=tolerance, atol=0.0))
        if differing.size:
            differences[name] = [format_time(derived.open_times[of_derived[index]]) for index in differing]
    return differences
