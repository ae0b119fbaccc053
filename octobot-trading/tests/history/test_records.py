# SPDX-License-Identifier: Apache-2.0
"""Files of trades, funding rates and mark prices: what is read, what is counted, what is refused."""

from __future__ import annotations

import csv
import gzip
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_commons.errors import DataError, OctoBotError
from octobot_trading.history import (
    CandleSeries,
    FundingSeries,
    Gap,
    MarkPriceSeries,
    RecordSeries,
    TickerSeries,
    TradeSeries,
    read_market_data,
    records_from_arrays,
)
from octobot_trading.history.validation import format_time

TRADES = {
    "ccapi/gemini_eth-usd_2021-07-01_trade.csv.xz": ("gemini", "ETH/USD", 252),
    "freqtrade/XRP_ETH-trades.json.gz": ("local", "XRP/ETH", 0),
    "freqtrade/kraken_BCHEUR.csv.xz": ("kraken", "BCH/EUR", 1),
    "freqtrade/kraken_incremental_q2_BCHEUR.csv.xz": ("kraken", "BCH/EUR", 48),
    "gocryptotrader/binance_BTCUSDT_trades_2020-11-16.csv.xz": ("binance", "BTC/USDT", 45),
}
DERIVATIVES = {
    "binance-usdm/BTC_USDT-8h-funding_2023-2024.csv.xz": (FundingSeries, "BTC/USDT", None),
    "binance-usdm/BTC_USDT-8h-funding_2025.csv.xz": (FundingSeries, "BTC/USDT", None),
    "binance-usdm/BTC_USDT-8h-mark_2023-2024.csv.xz": (MarkPriceSeries, "BTC/USDT", "8h"),
    "freqtrade/futures/XRP_USDT_USDT-1h-mark.csv.xz": (MarkPriceSeries, "XRP/USDT:USDT", "1h"),
    "freqtrade/futures/XRP_USDT_USDT-8h-mark.csv.xz": (MarkPriceSeries, "XRP/USDT:USDT", "8h"),
    "freqtrade/futures/XRP_USDT_USDT-8h-funding_rate.csv.xz": (FundingSeries, "XRP/USDT:USDT", None),
}


def known_of(path, name):
    """What was counted independently when the file was collected; ``name`` counts from the folder of all data."""
    with open(path.parents[len(name.split("/")) - 1] / "MANIFEST.tsv", newline="") as manifest:
        return next(row for row in csv.DictReader(manifest, delimiter="\t") if row["file"] == name)


def check_manifest(series, known):
    """Rows in are rows kept; first and last time."""
    assert len(series) == series.quality.rows_read == int(known["rows"])
    assert series.sha256 == known["sha256"]
    first, last = (format_time(time)[:19] for time in (series.times[0], series.times[-1]))
    assert (first, last) == (known["from"], known["to"])


@pytest.mark.parametrize("name", TRADES)
def test_recorded_trades(recorded_trades, name):
    path = recorded_trades(name)
    (series,) = read_market_data(path)
    assert isinstance(series, TradeSeries)
    exchange, symbol, equal = TRADES[name]
    assert (series.exchange_name, series.symbol, series.time_frame) == (exchange, symbol, None)
    check_manifest(series, known_of(path, f"trades/{name}"))
    assert bool(series.quality.remarks) == bool(equal)
    if equal:
        assert series.quality.remarks[0].startswith(f"{equal} trades equal others and are kept")
    assert [column.dtype.kind for column in series.columns] == ["f", "f", "f", "i", "i"]


def test_sides_and_ids_of_recorded_trades(recorded_trades):
    (xrp,) = read_market_data(recorded_trades("freqtrade/XRP_ETH-trades.json.gz"))
    assert [column[0] for column in xrp.columns] == [1570752011.62, 0.00141342, 23.0, -1, 13519807]
    assert (np.diff(xrp.column("id")) == 1).all()
    assert [int((xrp.side == side).sum()) for side in (1, -1, 0)] == [6524, 5953, 0]
    (gemini,) = read_market_data(recorded_trades("ccapi/gemini_eth-usd_2021-07-01_trade.csv.xz"))
    assert [column[0] for column in gemini.columns] == [1625097621.647, 2278.15, 0.0409, -1, -1]
    assert [int((gemini.side == side).sum()) for side in (1, -1)] == [14458, 10764]
    (binance,) = read_market_data(recorded_trades("gocryptotrader/binance_BTCUSDT_trades_2020-11-16.csv.xz"))
    assert not binance.side.any()


@pytest.mark.parametrize("name", DERIVATIVES)
def test_recorded_funding_rates_and_mark_prices(recorded, name):
    path = recorded(name)
    (series,) = read_market_data(path)
    series_class, symbol, time_frame = DERIVATIVES[name]
    assert (type(series), series.symbol, series.time_frame) == (series_class, symbol, time_frame)
    check_manifest(series, known_of(path, f"ohlcv/{name}"))
    assert series.quality.gaps == ()


def test_candles_are_read_as_ever(recorded):
    (series,) = read_market_data(recorded("freqtrade/XRP_ETH-5m.csv.xz"))
    assert isinstance(series, CandleSeries)
    found = read_market_data(recorded("octobot/binance_4symbols_4h_2024.data.xz"), symbol="ETH/USDT")
    assert [one.symbol for one in found] == ["ETH/USDT"]


def write(tmp_path, text, name="BTC_USDT-mark.csv"):
    """A file of its own."""
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("1,2,3\n4,5,6", [(1.0, 4.0), (2.0, 5.0), (3.0, 6.0), (0, 0), (-1, -1)]),
        ("1,2,3,buy\r\n4,5,6,SELL\r\n", [(1.0, 4.0), (2.0, 5.0), (3.0, 6.0), (1, -1), (-1, -1)]),
        (
            "id,qty,price,time,isBuyerMaker\n7,3,2,1,true\n8,6,5,4,False\n",
            [(1.0, 4.0), (2.0, 5.0), (3.0, 6.0), (-1, 1), (7, 8)],
        ),
        (
            "time,price,size,side,trade_id\n1,2,3,,9223372036854775807\n\n4,5,6,b,0\n",
            [(1.0, 4.0), (2.0, 5.0), (3.0, 6.0), (0, 1), (2**63 - 1, 0)],
        ),
        (
            'date,price,amount\n1970-01-01 00:00:01,"2",3\n1970-01-01 00:00:04,5,6',
            [(1.0, 4.0), (2.0, 5.0), (3.0, 6.0), (0, 0), (-1, -1)],
        ),
        (
            '[[1000,null,null,null,2,3,6],[4000,null,"limit","buy",5,6,30]]',
            [(1.0, 4.0), (2.0, 5.0), (3.0, 6.0), (0, 1), (-1, -1)],
        ),
    ],
)
def test_layouts_of_trades(tmp_path, text, columns):
    (series,) = read_market_data(write(tmp_path, text))
    assert isinstance(series, TradeSeries)
    assert [tuple(column.tolist()) for column in series.columns] == columns


def test_nanoseconds_and_milliseconds(tmp_path):
    (series,) = read_market_data(write(tmp_path, "1700000000123456789,1,1\n1700000000123457000,1,1"))
    assert series.times.tolist() == pytest.approx([1700000000.1234567, 1700000000.123457], abs=1e-6)


def test_ids_that_are_no_numbers_are_left_out(tmp_path):
    (series,) = read_market_data(write(tmp_path, "time,price,amount,id\n1,2,3,a-b\n1,2,3,c-d"))
    assert series.ids.tolist() == [-1, -1]
    assert series.quality.remarks[0] == "the trades' ids are no whole numbers and are left out"


def test_repeated_rows_are_dropped_and_counted(tmp_path):
    (trades,) = read_market_data(write(tmp_path, "time,price,amount,id\n1,2,3,5\n1,2,3,6\n1,2,3,5\n2,2,3,7"))
    assert (trades.ids.tolist(), trades.quality.duplicates, trades.quality.rows_read) == ([5, 6, 7], 1, 4)
    (rates,) = read_market_data(write(tmp_path, "timestamp,funding_rate\n28800,0.1\n28800.014,0.1\n57600,0.2"))
    assert (rates.times.tolist(), rates.quality.duplicates) == ([28800.0, 57600.0], 1)


def test_gaps_of_funding_rates(tmp_path):
    hours = [0, 8, 16, 40, 48]
    text = "".join(f"{hour * 3600 + 0.01 * hour},0.0001\n" for hour in hours)
    (series,) = read_market_data(write(tmp_path, f"time,fundingRate\n{text}"))
    assert series.quality.gaps == (Gap(86400.0, 144000.0, 2),)
    assert series.slice(end_time=100_000.0).quality.gaps == ()


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ("1,2,3\n1,0,3", 2, "price 0 is not a number above zero"),
        ("1,2,3\n1,2,-3", 2, "amount -3 is not a number above zero"),
        ("1,2,3\n1,2,nan", 2, "amount nan"),
        ("1,2,3\n1,inf,1", 2, "price inf"),
        ("1,2,3\n-1,2,1", 2, "its time -1 is not between"),
        ("1,2,3\n2,2", 2, "2 cells"),
        ("5,2,3\n4,2,3", 2, "comes after"),
        ("1,2,3,buy\n1,2,3,both", 2, "'both' is no side"),
        ("time,price,amount,id\n1,2,3,5\n1,2,4,5", 3, "other numbers for id 5 than in row 2"),
        ("time,price,amount,id\n1,2,3,5\n1,2,4,", 3, "it has no id"),
        ("time,price,amount\n", None, "it holds no trade"),
        ("[[1000,1,null,null,2,3,6],[1]]", 2, "is no trade"),
        ("[[1000,1,null,null,2,3,6],[1000,2,null,null,2,0,6]]", 2, "amount 0"),
        ("[[1000,1,null,null,2,3,6],", 1, "it is no JSON"),
        ("[[1000,1,null,null,2,3,6],[" + "9" * 400 + ",1,null,null,2,3,6]]", None, "too large"),
        ("[[1000,1,null,null,2,3,6]," + "[" * 100_000, None, "it is no JSON"),
        ("time,funding_rate\n1,2", 2, "funding rate 2 is not between -1 and 1"),
        ("time,funding_rate\n1,nan", 2, "funding rate nan"),
        ("time,funding_rate\n1,0.1\n2,0.2", 3, "other numbers for"),
        ("time,open,high,low,close\n0,1,2,3,1", 2, "high 2 is below low 3"),
        ("time,open,high,low,close\n0,4,3,2,2", 2, "open 4 is outside"),
        ("time,open,high,low,close\n0,0,3,2,2", 2, "open 0 is not a number above zero"),
        ("time,open,high,low,close\n0,2,2,2,2\n60,2,2,2,2\n120,2,2,2,2\n150,2,2,2,2", 5, "cannot open at"),
    ],
)
def test_faulty_rows_are_refused_with_file_row_and_remedy(tmp_path, text, row, reason):
    path = write(tmp_path, text)
    with pytest.raises(DataError, match=reason) as caught:
        read_market_data(path)
    assert (caught.value.file, caught.value.row) == (str(path), row)
    assert caught.value.remedy


def test_prices_without_volume_need_a_name(tmp_path):
    text = "time,open,high,low,close\n0,2,2,2,2\n60,2,2,2,2"
    with pytest.raises(DataError, match="mark or index prices"):
        read_market_data(write(tmp_path, text, "BTC_USDT-index.csv"))
    with pytest.raises(DataError, match="does not tell the symbol"):
        read_market_data(write(tmp_path, text, "mark.csv"))
    (series,) = read_market_data(write(tmp_path, text, "mark.csv"), symbol="A/B", exchange_name="here")
    assert (series.symbol, series.exchange_name, series.time_frame) == ("A/B", "here", "1m")


def test_arrays_are_checked_like_files():
    tickers = records_from_arrays(
        TickerSeries, [1.0, 2.0], [5.0, 6.0], [4.0, np.nan], [np.nan, 7.0], [1.0, 1.0], [0.0, np.nan], symbol="A/B"
    )
    assert (tickers.last.tolist(), len(tickers.slice(2.0))) == ([5.0, 6.0], 1)
    with pytest.raises(DataError, match="row 1: it tells no price"):
        records_from_arrays(TickerSeries, [1.0], *[[np.nan]] * 5, symbol="A/B")
    with pytest.raises(DataError, match="row 1: last 0 is not a number above zero"):
        records_from_arrays(TickerSeries, [1.0], [0.0], *[[np.nan]] * 4, symbol="A/B")
    with pytest.raises(DataError, match="2 columns; trades have time, price"):
        records_from_arrays(TradeSeries, [1.0], [1.0], symbol="A/B")
    with pytest.raises(DataError, match="different shapes"):
        records_from_arrays(FundingSeries, [1.0], [0.1, 0.2], symbol="A/B")
    with pytest.raises(ValueError, match="read-only"):
        tickers.last[0] = 1.0
    with pytest.raises(DataError, match="row 2: bid -1 is not a number of zero or more"):
        records_from_arrays(TickerSeries, [1.0, 2.0], [5.0, 5.0], [1.0, -1.0], *[[1.0, 1.0]] * 3, symbol="A/B")
    with pytest.raises(DataError, match="columns of shapes"):
        TradeSeries("local", "A/B", None, (np.zeros(1),), "x", "", tickers.quality)


def test_the_columns_have_names():
    rows = ([0.0, 60.0], [1.0, 2.0], [3.0, 3.0], [0.5, 1.0], [2.0, 1.5])
    marks = records_from_arrays(MarkPriceSeries, *rows, symbol="A/B", time_frame="1m")
    columns = (marks.times, marks.open, marks.high, marks.low, marks.close)
    assert tuple(column.tolist() for column in columns) == rows
    trades = records_from_arrays(TradeSeries, [1.0], [2.0], [3.0], [-1], [7], symbol="A/B")
    assert [column[0] for column in (trades.times, trades.price, trades.amount, trades.side, trades.ids)] == [
        1,
        2,
        3,
        -1,
        7,
    ]
    assert trades.column("amount") is trades.amount
    assert not trades.same_records(marks)
    rates = records_from_arrays(FundingSeries, [1.0], [0.1], symbol="A/B")
    assert rates.funding_rate.tolist() == [0.1]
    assert rates.quality.gaps == ()
    tickers = records_from_arrays(TickerSeries, [1.0], [2.0], [1.5], [2.5], [3.0], [4.0], symbol="A/B")
    assert [tickers.bid[0], tickers.ask[0], tickers.column("ask_amount")[0]] == [1.5, 2.5, 4.0]


def test_the_time_frame_of_mark_prices(tmp_path):
    header = "time,open,high,low,close\n"
    (one,) = read_market_data(write(tmp_path, f"{header}0,2,2,2,2", "BTC_USDT-8h-mark.csv"))
    assert one.time_frame == "8h"
    with pytest.raises(DataError, match="one mark price does not tell the time frame"):
        read_market_data(write(tmp_path, f"{header}0,2,2,2,2"))
    with pytest.raises(DataError, match="mark prices 7 seconds apart do not tell"):
        read_market_data(write(tmp_path, f"{header}0,2,2,2,2\n7,2,2,2,2"))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=60), st.text('0123456789.,-\nabide[]"', max_size=60).map(str.encode)),
    st.sampled_from(
        [b"", b"time,price,amount,side,id\n", b"time,funding_rate\n", b"[[1,2,3,4,5,6,7],", b"1,2,3\n", b"1,2,3,any\n"]
    ),
)
def test_any_bytes_are_read_or_refused(tmp_path_factory, tail, head):
    path = tmp_path_factory.mktemp("any") / "BTC_USDT-mark.csv"
    path.write_bytes(head + tail)
    try:
        found = read_market_data(path)
    except OctoBotError as error:
        assert error.remedy  # noqa: PT017 - either outcome is right
    else:
        for series in found:
            assert (
                not isinstance(series, RecordSeries)
                or series.quality.rows_read == len(series) + series.quality.duplicates
            )


def test_compressed_json(tmp_path):
    path = tmp_path / "A_BTC-trades.json.gz"
    path.write_bytes(gzip.compress(json.dumps([[1000, "1", None, "buy", 2, 3, 6]]).encode()))
    (series,) = read_market_data(path)
    assert (series.symbol, series.ids.tolist()) == ("A/BTC", [1])
