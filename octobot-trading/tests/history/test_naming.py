# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from octobot_commons.enums import TimeFrames
from octobot_trading.history import naming


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("BTC_USDT-1h_2017-2024.csv.xz", "BTC/USDT"),
        ("/data/ETH_BTC/BTC-USD-4h_2016-2025.json.xz", "BTC/USD"),
        ("XRP_USDT_USDT-5m-futures.csv", "XRP/USDT:USDT"),
        ("BTC_USD_BTC-1h.csv", "BTC/USD:BTC"),
        ("binance_btcusdt_day_2020.csv", "BTC/USDT"),
        ("EURUSD.csv", "EUR/USD"),
        ("data_ETH_BTC.csv", "ETH/BTC"),
        ("coinbase_BTC_USD.csv", "BTC/USD"),
        ("1INCH-USDT-1d.csv", "1INCH/USDT"),
        ("UNITTEST_BTC-1m.csv", "UNITTEST/BTC"),
        ("GOOG.csv", None),
        ("bitcoin_1d_2017-2021.csv", None),
        ("usd.csv", None),
        ("2017_USD.csv", None),
        ("", None),
    ],
)
def test_symbol_in_a_name(name, symbol):
    assert naming.symbol_of_file(name) == symbol


def test_exchange_and_time_frame_in_a_name():
    assert naming.exchange_of_file("/x/Bitstamp_btcusd_day.csv") == "bitstamp"
    assert naming.exchange_of_file("/binance/BTC_USDT.csv") is None
    assert naming.time_frame_of_file("BTC_USDT-1M.csv") is TimeFrames.ONE_MONTH
    assert naming.time_frame_of_file("BTC_USDT-1m.csv") is TimeFrames.ONE_MINUTE
    assert naming.time_frame_of_file("BTC_USDT-7m.csv") is None
