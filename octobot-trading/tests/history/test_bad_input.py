# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a file is told with file, row and remedy, whatever it is."""

from __future__ import annotations

import gzip
import json
import lzma
import sqlite3
import zipfile
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_commons.errors import DataError
from octobot_trading.history import read_candles

HEADER = "timestamp,open,high,low,close,volume"
GOOD = [f"{1_700_000_040_000 + index * 60_000},10,12,9,11,5" for index in range(6)]


def read_text(tmp_path, text, name="BTC_USDT.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_candles(path)


def refused(tmp_path, text, name="BTC_USDT.csv"):
    with pytest.raises(DataError) as caught:
        read_text(tmp_path, text, name)
    error = caught.value
    assert error.file == str(tmp_path / name)
    assert error.remedy
    return error


def with_row(row, index=2):
    return "\n".join([HEADER, *GOOD[:index], row, *GOOD[index + 1 :], ""])


T2 = GOOD[2].split(",")[0]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"{T2},nan,12,9,11,5", "open nan is not a price above zero"),
        (f"{T2},10,inf,9,11,5", "high inf is not a price above zero"),
        (f"{T2},10,12,9,-11,5", "close -11 is not a price above zero"),
        (f"{T2},10,12,0,11,5", "low 0 is not a price above zero"),
        (f"{T2},10,12,9,11,-5", "volume -5 is not a number of zero or more"),
        (f"{T2},10,12,9,11,NaN", "volume nan is not a number of zero or more"),
        (f"{T2},10,12,9,11,1e400", "volume inf is not a number of zero or more"),
        (f"{T2},10,9,12,10,5", "high 9 is below low 12"),
        (f"{T2},13,12,9,11,5", "open 13 is outside of low to high"),
        (f"{T2},10,12,9,8.5,5", "close 8.5 is outside of low to high"),
        (f"{T2},10,12,9,x,5", "'x' is no number"),
        (f"{T2},10,12,,11,5", "a number is missing"),
        (f"{T2},10,12,9,1_1,5", "'1_1' is no number"),
        (f"{T2},10,12,9,0x1p4,5", "'0x1p4' is no number"),
        (",,,,,", "a number is missing"),
        (f"{T2},10,12,9,11", "5 cells where the layout has 6"),
        (f"{T2},10,12,9,11,5,7", "7 cells where the layout has 6"),
        (f"{T2},10,12,9,11 11,5", "'11 11' is no number"),
        (f"{T2},1.0.0,12,9,11,5", "'1.0.0' is no number"),
        (",10,12,9,11,5", "a number is missing"),
        ("2023-11-14,10,12,9,11,5", "'2023-11-14' is no number"),
        ("nan,10,12,9,11,5", "its time nan is not between 1970 and 2200"),
        ("-60000,10,12,9,11,5", "its time -60 is not between 1970 and 2200"),
        (f"{T2[:-3]},10,12,9,11,5", "1970-01-20 16:13:20.160 comes after 2023-11-14 22:15:00"),
        (GOOD[0], "2023-11-14 22:14:00 comes after 2023-11-14 22:15:00"),
        (f"{GOOD[1]}1", "other numbers for 2023-11-14 22:15:00 than in row 3"),
        (f"{int(T2) + 26},10,12,9,11,5", "a 1m candle cannot open at 2023-11-14 22:16:00.026"),
        (f'{T2},"10,12,9,11,5', "it is no CSV: unexpected end of data"),
    ],
)
def test_a_bad_row(tmp_path, row, message):
    error = refused(tmp_path, with_row(row))
    assert message in error.message
    if "no CSV" not in message:  # an open quote swallows the lines that follow
        assert error.row == 4
    assert str(error).startswith(f"{error.file}: row ")


def test_the_first_of_several_faults_is_told(tmp_path):
    text = "\n".join([HEADER, GOOD[0], "1700000100000,10,12,9,11,-1", "1700000160000,-10,12,9,11,5", GOOD[0], ""])
    assert refused(tmp_path, text).row == 3


def test_rows_are_lines_of_the_file(tmp_path):
    text = "\n".join([HEADER, "", GOOD[0], "", GOOD[1], GOOD[2].replace("12", "x"), ""])
    assert refused(tmp_path, text).row == 6


def test_equal_rows_are_dropped_and_counted(tmp_path):
    (series,) = read_text(tmp_path, "\n".join([HEADER, GOOD[0], GOOD[0], GOOD[0], GOOD[1], GOOD[1], ""]))
    assert (len(series), series.quality.duplicates, series.quality.rows_read) == (2, 3, 5)


def test_rows_after_duplicates_keep_their_number(tmp_path):
    text = "\n".join([HEADER, GOOD[0], GOOD[0], GOOD[1], GOOD[2], "1700000220001,10,12,9,11,5", ""])
    assert refused(tmp_path, text).row == 6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (gzip.compress(b"", mtime=0), "it is empty"),
        (HEADER, "it holds no candle"),
        (HEADER + "\n\n", "it holds no candle"),
        ("\n".join(GOOD), "no column time, open, high, low, close, volume in '1700000040000,10"),
        ("time,open,high,low,close\n1,2,3,4,5", "it has no volume column"),
        ("timestamp,funding_rate\n1,2", "it holds funding rates"),
        ("timestamp,fundingRate\n1,2", "it holds funding rates"),
        ("timestamp;open;high;low;close;volume", "columns separated by semicolons"),
        ("timestamp\topen\thigh\tlow\tclose\tvolume", "columns separated by tabs"),
        ("time,open,high,close,volume\n", "no column low in 'time,open"),
        ("open,,high,low,close,volume\n", "no column time"),
        (b"\x7fELF\x02\x01\x00\x00\x00", "it is no text"),
        (b"\xff\xfe\x00", "it is no UTF-16 text"),
        (b"\xff\xfe" + (HEADER + "\n" + GOOD[0]).encode("utf-16-le")[:-1], "it is no UTF-16 text"),
        (b"\x93\xb2\xf3" * 50, "no column time"),
        (gzip.compress(with_row("").encode(), mtime=0)[:-9], "it cannot be decompressed"),
        (lzma.compress(with_row("").encode())[:-9], "it cannot be decompressed"),
        (b"\x1f\x8bnothing", "it cannot be decompressed"),
        (b"\xfd7zXZ\0nothing", "it cannot be decompressed"),
        (b"SQLite format 3\0 and nothing more", "it cannot be "),
        (b"PK\3\4 and nothing more", "it cannot be unpacked"),
        ("{", "it is no JSON"),
        ("[" * 200_000, "it is no JSON"),
        ("{}", "it has no list of candles"),
        ("[]", "it holds no candle"),
        ("[1]", "it is no candle"),
        ('[{"start": "1"}]', "open is missing"),
    ],
)
def test_a_bad_file(tmp_path, text, message):
    assert message in refused(tmp_path, text).message


@pytest.mark.parametrize("value", ["x", None, True, [], {}, "nan", -1, 10**400, ""])
def test_a_bad_json_value(tmp_path, value):
    names = ("start", "open", "high", "low", "close", "volume")
    candles = [dict(zip(names, row.replace("000,", ",").split(","), strict=True)) for row in GOOD]
    candles[3]["close"] = value
    assert refused(tmp_path, json.dumps(candles), "BTC_USDT.json").row == 4


def test_a_missing_file_a_folder_and_an_impossible_name(tmp_path):
    for path, message in ((tmp_path / "no.csv", "no such file"), (tmp_path, "folder"), ("a\0b", "cannot be read")):
        with pytest.raises(DataError, match=message) as caught:
            read_candles(path)
        assert caught.value.remedy


CANDLE = "[1700000040, 10, 12, 9, 11, 5]"


def octobot_file(path, *rows, table="ohlcv"):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE {table} (timestamp, exchange_name, symbol, time_frame, candle)")
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()
    return path.read_bytes()


@pytest.mark.parametrize(
    ("candle", "message"),
    [
        ("[1700000040, 10, 12, 9, 11]", "is no list of six numbers"),
        ("[1700000040, 10, 12, 9, 11, null]", "is no list of six numbers"),
        ('[1700000040, 10, 12, 9, 11, "5"]', "is no list of six numbers"),
        ("[1700000040, 10, 12, 9, 11, 5], [1]", "is no list of six numbers"),
        ("", "is no list of six numbers"),
        (None, "is no list of six numbers"),
        (b"\0\1", "is no list of six numbers"),
        ("[" * 100_000, "is no list of six numbers"),
        (f"[1700000040, 1{'0' * 400}, 12, 9, 11, 5]", "is no list of six numbers"),
        ("[1700000040, NaN, 12, 9, 11, 5]", "open nan is not a price above zero"),
        ("[1700000040, 10, 12, 9, 11, -5]", "volume -5"),
        ("[1700000000, 10, 12, 9, 11, 5]", "comes after"),
        (CANDLE.replace("11", "10"), "other numbers"),
    ],
)
def test_a_bad_octobot_row(tmp_path, candle, message):
    names = ("binance", "BTC/USDT", "1m")
    data = octobot_file(tmp_path / "a.data", (1700000100, *names, CANDLE), (1700000160, *names, candle))
    error = refused(tmp_path, data, "b.data")
    assert message in error.message
    assert error.row == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((1, "binance", "BTC/USDT", "7m", CANDLE), "'7m' is no time frame"),
        ((1, "binance", "BTC/USDT", 5, CANDLE), "is no text"),
        ((1, None, "BTC/USDT", "1m", CANDLE), "is no text"),
    ],
)
def test_bad_octobot_names(tmp_path, row, message):
    error = refused(tmp_path, octobot_file(tmp_path / "a.data", row), "b.data")
    assert message in error.message
    assert error.row == 1


def test_octobot_files_without_candles(tmp_path):
    assert "no candle" in refused(tmp_path, octobot_file(tmp_path / "a.data"), "b.data").message
    other = octobot_file(tmp_path / "c.data", table="something")
    assert "no such table: ohlcv" in refused(tmp_path, other, "d.data").message


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["readme.txt"], "it holds no trade bars of Lean"),
        (["coinbase/minute/btcusd/20180404_quote.zip"], "(left out: minute quote bars)"),
        (["coinbase/daily/goog_trade.zip"], "its name tells no symbol"),
        (["coinbase/minute/btcusd/20189904_trade.zip"], "its name tells no day"),
        (["coinbase/daily/btcusd_trade.zip"], "its name tells no day"),
    ],
)
def test_bad_archives(tmp_path, names, message):
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.csv", "60000,1,1,1,1,1")
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, inner.read_bytes())
    with pytest.raises(DataError) as caught:
        read_candles(path)
    assert message in caught.value.message
    assert caught.value.file.startswith(str(path))
    assert caught.value.remedy


SAMPLES = [
    with_row("").encode(),
    with_row("").replace("timestamp", "date").replace("17000000", "2023-01-").encode("utf-16"),
    gzip.compress(with_row("").encode(), mtime=0),
    lzma.compress(with_row("").encode()),
    json.dumps([{"start": 60, "open": "1", "high": 1, "low": 1, "close": 1, "volume": 1}]).encode(),
    b"SQLite format 3\0" + bytes(100),
    b"PK\3\4" + bytes(100),
]


def assert_series_or_error(path, data):
    path.write_bytes(data)
    try:
        found = read_candles(path, symbol="BTC/USDT")
    except DataError as error:
        told = (error.file, error.remedy)
        assert all(told)
    else:
        assert found
        for series in found:
            quality = series.quality
            assert quality.rows_read == len(series) + quality.duplicates + quality.incomplete > 0


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sample=st.sampled_from(SAMPLES), place=st.integers(0, 400), patch=st.binary(max_size=6), cut=st.integers(0, 6))
def test_any_bytes_give_a_series_or_a_data_error(tmp_path, sample, place, patch, cut):
    place %= len(sample) + 1
    assert_series_or_error(tmp_path / "x", sample[:place] + patch + sample[place + cut :])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 20_000), patch=st.binary(min_size=1, max_size=8), length=st.integers(0, 20_000))
def test_damaged_octobot_files_give_a_series_or_a_data_error(tmp_path, place, patch, length):
    path = tmp_path / "good.data"
    if not path.exists():
        names = ("binance", "BTC/USDT", "1m")
        rows = [(60 * i + 60, *names, f"[{60 * i}, 10, 12, 9, 11, 5]") for i in range(100)]
        octobot_file(path, *rows)
    data = path.read_bytes()
    place %= len(data)
    damaged = data[:place] + patch + data[place + len(patch) :]
    assert_series_or_error(tmp_path / "bad.data", damaged if length % 3 else damaged[:length])
