# SPDX-License-Identifier: Apache-2.0
"""Every layout as a small file of its own, so that each is tested without the recordings."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import sqlite3
import zipfile
from contextlib import closing

import pytest

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import UNKNOWN_EXCHANGE, read_candles

HOUR = 3600
START = 1_700_002_800  # 2023-11-14 23:00
NUMBERS = ["10,12,9,11,5", "11,11.5,10.5,10.75,0", "10.75,13,10,12.5,1e3"]
COLUMNS = [[10.0, 11.0, 10.75], [12.0, 11.5, 13.0], [9.0, 10.5, 10.0], [11.0, 10.75, 12.5], [5.0, 0.0, 1000.0]]


def assert_is_expected(series):
    assert series.open_times.tolist() == [START, START + HOUR, START + 2 * HOUR]
    assert [column.tolist() for column in series.columns()[1:]] == COLUMNS
    assert (series.symbol, series.time_frame) == ("BTC/USDT", TimeFrames.ONE_HOUR)
    assert series.quality.zero_volume == 1


def table(header, times, ending="\n"):
    return ending.join([header, *(f"{time},{rest}" for time, rest in zip(times, NUMBERS, strict=True)), ""])


def epoch(factor):
    return [f"{(START + index * HOUR) * factor}" for index in range(3)]


DATES = ["2023-11-14 23:00:00", "2023-11-15 00:00:00", "2023-11-15 01:00:00"]
PLAIN = table("timestamp,open,high,low,close,volume", epoch(1000))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.rstrip("\n"),
        PLAIN + "\n\n",
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\n\n"),
        PLAIN.replace(",", " , "),
        table("timestamp,open,high,low,close,volume", epoch(1)),
        table("timestamp,open,high,low,close,volume", epoch(10**6)),
        table("timestamp,open,high,low,close,volume", epoch(10**9)),
        table("timestamp,open,high,low,close,volume", [f"{time}.0" for time in epoch(1)]),
        table("datetime,open,high,low,close,volume", DATES),
        table("Date,Open,High,Low,Close,Volume", [date[:16] for date in DATES]),
        table(",Open,High,Low,Close,Volume", DATES),
        table('"","Open","High","Low","Close","Volume"', [f'"{date}"' for date in DATES]),
        table("datetime,open,high,low,close,volume", [date.replace(" ", "T") + "Z" for date in DATES]),
        table("datetime,open,high,low,close,volume", [f"{date}+00:00" for date in DATES]),
        table(
            "datetime,open,high,low,close,volume",
            ["2023-11-15 01:00:00+02:00", "2023-11-15 00:00:00Z", "2023-11-14T20:00-0500"],
        ),
        "close,volume,ignored,high,low,open,open_time\n"
        f"11,5,x,12,9,10,{START}\n10.75,0,,11.5,10.5,11,{START + HOUR}\n12.5,1e3,y,13,10,10.75,{START + 2 * HOUR}\n",
    ],
)
def test_csv(tmp_path, text):
    path = tmp_path / "BTC_USDT.csv"
    path.write_bytes(text.encode())
    (series,) = read_candles(path)
    assert_is_expected(series)
    assert series.exchange_name == UNKNOWN_EXCHANGE
    assert series.source == str(path)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("compress", [bytes, gzip.compress, lzma.compress])
def test_text_of_any_coding_and_compression(tmp_path, codec, compress):
    mark = "\ufeff" if codec == "utf-16-be" else ""
    path = tmp_path / "BTC_USDT.of_any_ending"
    path.write_bytes(compress((mark + PLAIN).encode(codec)))
    assert_is_expected(read_candles(path)[0])


def test_days_are_dates(tmp_path):
    path = tmp_path / "btcusdt.csv"
    path.write_text(table("date,open,high,low,close,volume", ["2024-02-28", "2024-02-29", "2024-03-01"]))
    (series,) = read_candles(str(path))
    assert series.time_frame is TimeFrames.ONE_DAY
    assert series.open_times.tolist() == [1709078400.0, 1709164800.0, 1709251200.0]


def coinbase(as_text=True):
    names = ("open", "high", "low", "close", "volume")
    candles = [
        {"start": time, **dict(zip(names, rest.split(","), strict=True))}
        for time, rest in zip(epoch(1), NUMBERS, strict=True)
    ]
    return candles if as_text else [{key: float(value) for key, value in candle.items()} for candle in candles]


@pytest.mark.parametrize("document", [{"candles": coinbase()}, coinbase(), {"candles": coinbase(as_text=False)}])
def test_coinbase_json(tmp_path, document):
    path = tmp_path / "BTC-USDT.json"
    path.write_text(json.dumps(document, indent=2))
    assert_is_expected(read_candles(path)[0])


def octobot_file(path, with_currency=True, candles=None, begun=START + 10 * HOUR, name="binance"):
    if candles is None:
        candles = [f"[{time}, {rest}]" for time, rest in zip(epoch(1), NUMBERS, strict=True)]
    currency = ", cryptocurrency text" if with_currency else ""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE description (timestamp datetime, version text)")
        connection.execute("INSERT INTO description VALUES (?, '1.0')", (begun,))
        columns = f"timestamp datetime, exchange_name text{currency}, symbol text, time_frame text, candle"
        connection.execute(f"CREATE TABLE ohlcv ({columns})")
        for index, candle in enumerate(candles):
            names = [name, *(["BTC"] if with_currency else []), "BTC/USDT", "1h"]
            row = (START + (index + 1) * HOUR, *names, candle)
            connection.execute(f"INSERT INTO ohlcv VALUES ({', '.join('?' * len(row))})", row)
        connection.commit()
    return path


@pytest.mark.parametrize("with_currency", [True, False])
@pytest.mark.parametrize("compressed", [True, False])
def test_octobot_data(tmp_path, with_currency, compressed):
    path = octobot_file(tmp_path / "x.data", with_currency)
    if compressed:
        path.write_bytes(lzma.compress(path.read_bytes()))
    (series,) = read_candles(path)
    assert_is_expected(series)
    assert series.exchange_name == "binance"
    assert read_candles(path, exchange_name="kraken")[0].exchange_name == "kraken"


def test_octobot_data_in_any_row_order(tmp_path):
    path = octobot_file(tmp_path / "x.data")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO ohlcv SELECT * FROM ohlcv WHERE rowid = 1")
        connection.execute("DELETE FROM ohlcv WHERE rowid = 1")
        connection.commit()
    assert_is_expected(read_candles(path)[0])


def test_octobot_data_leaves_out_a_last_candle_that_was_not_closed(tmp_path):
    (series,) = read_candles(octobot_file(tmp_path / "a.data", begun=START + 3 * HOUR - 1))
    assert (len(series), series.quality.incomplete, series.quality.rows_read) == (2, 1, 3)
    (series,) = read_candles(octobot_file(tmp_path / "b.data", begun=START + 3 * HOUR))
    assert (len(series), series.quality.incomplete) == (3, 0)


def test_octobot_data_without_description_keeps_all(tmp_path):
    path = octobot_file(tmp_path / "a.data", begun=0)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE description")
    assert_is_expected(read_candles(path)[0])


def test_octobot_data_of_two_exchanges_is_asked_for_one(tmp_path):
    path = octobot_file(tmp_path / "x.data")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO ohlcv SELECT timestamp, 'kraken', 'BTC', symbol, time_frame, candle FROM ohlcv")
        connection.commit()
    assert [series.exchange_name for series in read_candles(path)] == ["binance", "kraken"]
    assert [series.exchange_name for series in read_candles(path, exchange_name="kraken")] == ["kraken"]
    with pytest.raises(DataError, match="did you mean kraken"):
        read_candles(path, exchange_name="krakn")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"symbol": "BTC/USD"}, r"symbol: it holds no BTC/USD \(did you mean BTC/USDT\?\)"),
        ({"symbol": "DOGE/EUR"}, r"it holds no DOGE/EUR \(it holds BTC/USDT\)"),
        ({"time_frame": "4h"}, "time_frame: it holds no 4h"),
        ({"time_frame": "1hour"}, "'1hour' is no time frame"),
    ],
)
def test_what_a_file_does_not_hold(tmp_path, wanted, message):
    with pytest.raises(DataError, match=message):
        read_candles(octobot_file(tmp_path / "x.data"), **wanted)


def zipped(name, data):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, data)
    return target.getvalue()


def test_lean_days_of_minutes_are_joined(tmp_path):
    folder = tmp_path / "crypto/coinbase/minute/btcusdt"
    folder.mkdir(parents=True)
    first = folder / "20231114_trade.zip"
    first.write_bytes(zipped("20231114_btcusdt_minute_trade.csv", "82800000,1,1,1,1,2\n86340000,1,3,1,2,0\n"))
    (series,) = read_candles(first)
    assert (series.exchange_name, series.symbol, series.time_frame) == ("coinbase", "BTC/USDT", "1m")
    assert series.open_times.tolist() == [START, START + HOUR - 60]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("x/coinbase/minute/btcusdt/20231115_trade.zip", zipped("b.csv", "0,2,2,2,2,1"))
        archive.writestr("x/coinbase/minute/btcusdt/20231114_trade.zip", first.read_bytes())
        archive.writestr("x/coinbase/minute/btcusdt/20231114_quote.zip", zipped("q.csv", "0,2"))
        archive.writestr("x/coinbase/daily/btcusdt_trade.zip", zipped("btcusdt.csv", "20231114 00:00,1,1,1,1,1"))
        archive.writestr("x/readme.txt", "nothing")
    days, minutes = read_candles(tmp_path / "all.zip", time_frame=None)
    assert (days.time_frame, days.open_times.tolist()) == ("1d", [1699920000.0])
    assert minutes.open_times.tolist() == [START, START + HOUR - 60, START + HOUR]
    assert minutes.quality.remarks == ("left out of the archive: 'x/readme.txt', minute quote bars",)


def test_lean_errors_name_the_innermost_file(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("coinbase/minute/btcusdt/20231114_trade.zip", zipped("a.csv", "0,2,2,2,2,1\n60000,2,2,2,2,1"))
        archive.writestr("coinbase/minute/btcusdt/20231115_trade.zip", zipped("b.csv", "0,2,2,2,2,1\n60000,2,1,2,2,1"))
    with pytest.raises(DataError) as caught:
        read_candles(path)
    assert caught.value.file == f"{path}/coinbase/minute/btcusdt/20231115_trade.zip/b.csv"
    assert caught.value.row == 2


def test_a_time_frame_asked_for_must_be_in_the_data(tmp_path):
    path = tmp_path / "BTC_USDT.csv"
    path.write_text(PLAIN)
    assert_is_expected(read_candles(path, time_frame="1h")[0])
    with pytest.raises(DataError, match=r"most are 3600 seconds apart: 1h \(ask for the file's own time frame"):
        read_candles(path, time_frame=TimeFrames.FIVE_MINUTES)


def test_one_candle_takes_its_time_frame_from_the_name(tmp_path):
    text = "\n".join(PLAIN.split("\n")[:2])
    named, unnamed = tmp_path / "BTC_USDT-4h.csv", tmp_path / "BTC_USDT.csv"
    named.write_text(text)
    unnamed.write_text(text)
    assert read_candles(named)[0].time_frame == "4h"
    assert read_candles(unnamed, time_frame="1w")[0].time_frame == "1w"
    with pytest.raises(DataError, match="one candle does not tell the time frame"):
        read_candles(unnamed)


def test_steps_of_no_time_frame_ask_for_one(tmp_path):
    path = tmp_path / "BTC_USDT.csv"
    path.write_text(table("time,open,high,low,close,volume", [60, 180, 300]))
    with pytest.raises(DataError, match="candles 120 seconds apart do not tell the time frame"):
        read_candles(path)


def test_months_labelled_by_their_first_day(tmp_path):
    path = tmp_path / "BTC_USDT.csv"
    path.write_text(table("date,open,high,low,close,volume", ["2023-12-01", "2024-01-01", "2024-04-01"]))
    (series,) = read_candles(path)
    assert (series.time_frame, series.quality.missing, series.quality.remarks) == ("1M", 2, ())
    path.write_text(table("date,open,high,low,close,volume", ["2023-12-01", "2024-01-01", "2024-02-03"]))
    with pytest.raises(DataError, match="row 4: a 1M candle cannot open at 2024-02-03"):
        read_candles(path)
