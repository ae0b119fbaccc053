# SPDX-License-Identifier: Apache-2.0
"""What fuzzing the importers found, one example each: crashes, hangs and rows that were lost without a word."""

from __future__ import annotations

import gzip
import json
import lzma
import sqlite3
import tracemalloc
import zipfile
from contextlib import closing

import numpy as np
import pytest
from fuzz_oracle import check
from fuzz_run import limited
from fuzz_samples import lean_zip, octobot_file, zipped
from fuzz_sessions import SESSIONS
from hypothesis import example, given
from hypothesis import strategies as st

from octobot_commons.errors import DataError
from octobot_trading.history import CandleStore, OrderBookSeries, read_market_data, records_from_arrays
from octobot_trading.history.kinds import BID, DELTA, NO_ID, NO_SIDE
from octobot_trading.history.readers import _plain_table, csv_table
from octobot_trading.history.readers.cells import parse_number

START = 1_700_000_040
HEADER = "timestamp,open,high,low,close,volume"
ROWS = [f"{START + 60 * i},10,12,9,11,5" for i in range(3)]
TRADES = "time,price,amount,side,id,note"
BOMB = bytes(65 << 20)


def refused(path, data, name="BTC_USDT-1m.csv", **names):
    """The error that a file gives."""
    file = path / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(DataError) as caught, limited():
        read_market_data(file, **names)
    assert caught.value.file
    assert caught.value.remedy
    return caught.value


def lines(*changed):
    return "\n".join([HEADER, *changed, ""])


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (lines("inf,10,12,9,11,5"), "BTC_USDT-1m.csv", "its time inf"),
        (lines(ROWS[0], f'{ROWS[1][:-1]}"5\n"', ROWS[2]), "BTC_USDT-1m.csv", "goes on in the next line"),
        (lines(f"{START},10,12,9,11,{'1' * 130_000}x"), "BTC_USDT-1m.csv", "is no number"),
        (f"{TRADES}\n{START},1,1,buy,7,{'x' * 140_000}\n", "BTC_USDT.csv", "field larger than field limit"),
        (lzma.compress(lines(*ROWS).encode()) + b"\xfd7zXZ\0 damaged", "BTC_USDT.csv.xz", "cannot be decompressed"),
        (gzip.compress(BOMB), "BTC_USDT.csv.gz", "expands to more than 64 MiB"),
        (lzma.compress(BOMB, preset=0), "BTC_USDT.csv.xz", "expands to more than 64 MiB"),
        (zipped({"x": BOMB}), "x.zip", "expands to more than 64 MiB"),
        ('{"candles": [], "candles": []}', "BTC_USDT.json", "'candles' is there twice"),
        ("[" * 3000 + "]", "BTC_USDT.json", "it is no JSON"),
        ("https://[x -> 1700000000: {}\n", "x.txt", "no address"),
        ("time,last,bid,ask,bid_amount,ask_amount\n1700000000,1_0,1,1,1,1\n", "BTC_USDT.csv", "'1_0' is no number"),
        (lean_zip()[:600], "x.zip", "cannot be unpacked"),
    ],
)
def test_is_refused(tmp_path, data, name, message):
    assert message in refused(tmp_path, data, name).message


def test_a_cell_over_two_lines_hides_no_row(tmp_path):
    rows = [f"{row},{note}" for row, note in zip(ROWS, ('"a', "b", 'c"'), strict=True)]
    error = refused(tmp_path, "\n".join([f"{HEADER},note", *rows, f"{START + 180},10,12,9,11,5,d"]))
    assert error.row is not None


def test_ids_of_thousands_of_digits_are_left_out(tmp_path):
    path = tmp_path / "BTC_USDT.csv"
    path.write_text(f"time,price,amount,side,id\n{START},1,1,buy,{'9' * 5000}\n")
    (trades,) = read_market_data(path)
    assert trades.ids.tolist() == [-1]
    assert "left out" in trades.quality.remarks[0]


def test_both_streams_of_an_xz_file_are_read(tmp_path):
    path = tmp_path / "BTC_USDT.csv.xz"
    path.write_bytes(lzma.compress(lines(*ROWS[:2]).encode()) + bytes(8) + lzma.compress(f"{ROWS[2]}\n".encode()))
    assert len(read_market_data(path)[0]) == 3


def test_two_files_of_one_name_in_an_archive_are_both_read(tmp_path):
    inner = zipped({"a.csv": b"0,10,12,9,11,5\n"}), zipped({"a.csv": b"60000,10,12,9,11,5\n"})
    name = "coinbase/minute/btcusd/20180404_trade.zip"
    other = name.replace("04_", "05_")
    data = zipped({name: inner[0], other: inner[1]}).replace(other.encode(), name.encode())
    (tmp_path / "x.zip").write_bytes(data)
    (candles,) = read_market_data(tmp_path / "x.zip")
    assert len(candles) == 2


def test_a_database_with_a_damaged_index_or_a_view_is_refused(tmp_path):
    rows = [(START + 60 * i, 10, 12, 9, 11, 5) for i in range(3)]
    data = octobot_file(tmp_path / "good.data", rows)
    page = data.index(b"binance", 8192) - 1
    assert "damaged" in refused(tmp_path, data[:page] + b"\x7f" * 9 + data[page + 9 :], "x.data").message
    with closing(sqlite3.connect(tmp_path / "view.data")) as connection:
        connection.execute(
            "CREATE VIEW ohlcv AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 1"
        )
        connection.commit()
    assert "not a table" in refused(tmp_path, (tmp_path / "view.data").read_bytes(), "x.data").message


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("b'a', b'b'", "bytes cannot be read"),
        ("b''" + " + b''" * 5000, "bytes cannot be read"),
        (repr(gzip.compress(BOMB)), "expand to more than 64 MiB"),
        ('{"type": "ticker", "product_id": 5, "price": "1"}', "is no text"),
        ('{"type": "ticker", "product_id": "BTC-USD", "price": "1_0"}', "is no number"),
        ('{"type": "ticker", "product_id": "BTC-USD", "price": true}', "is no number"),
        ('{"type": "ticker", "product_id": "BTC-USD", "price": NaN}', "it is no JSON"),
        ('{"type": "snapshot", "product_id": "BTC-USD", "bids": {"12": 1}, "asks": []}', "no lists of price and size"),
        ('{"type": "snapshot", "product_id": "BTC-USD", "bids": ["12"], "asks": []}', "no lists of price and size"),
        ('{"type": "match", "trade_id": 9223372036854775808, "side": "buy", "size": "1", "price": "1", '
         '"product_id": "BTC-USD", "time": "2023-11-14T22:13:20Z"}', "64 bits"),
    ],
)  # fmt: skip
def test_a_line_of_a_session_is_counted(tmp_path, line, reason):
    path = tmp_path / "session.txt"
    path.write_text(f"{SESSIONS['coinbase']}\n1700000050.5: {line}\n")
    with CandleStore(tmp_path / "store") as store, limited():
        assert check(path, store)
    (session,) = {one.quality.session for one in read_market_data(path)}
    assert [reason in told for told in session.unusable] == [True]


def test_an_update_number_beyond_64_bits_is_unusable(tmp_path):
    path = tmp_path / "session.txt"
    text = SESSIONS["binance"].splitlines()
    message = json.loads(text[-3].partition(" ")[2])
    message["data"] |= {"u": 2**63, "U": 2**63}
    path.write_text("\n".join([*text, f"1700000020000000000 {json.dumps(message)}"]))
    (session,) = {one.quality.session for one in read_market_data(path)}
    assert "64 bits" in session.unusable[0]


def test_an_empty_object_of_bitmex_and_a_day_that_does_not_exist(tmp_path):
    text = 'wss://www.bitmex.com/realtime <-> 1700000000\n1700000001: {}\n1700000002: {"table": "quote", "data": []}\n'
    assert "no market data" in refused(tmp_path, text, "x.txt").message
    trade = {"instrument_name": "BTC-99SEP21", "timestamp": 1.7e12, "direction": "buy", "price": 1, "amount": 1}
    told = {"channel": "trades.x", "data": [trade | {"trade_seq": 1}]}
    line = json.dumps({"method": "subscription", "params": told})
    text = f"wss://www.deribit.com/ws/api/v2 <-> 1700000000\n1700000001: {line}\n"
    assert "cannot be told" in refused(tmp_path, text, "x.txt").message


def test_a_book_stays_in_the_order_of_its_arrival(tmp_path):
    text = SESSIONS["binance"].splitlines()
    text.insert(8, next(line for line in text if "lastUpdateId" in line))
    path = tmp_path / "session.txt"
    path.write_text("\n".join(text))
    with CandleStore(tmp_path / "store") as store:
        assert check(path, store)


@pytest.mark.parametrize(
    ("cells", "name"), [(("BTCUSDT", "x", 1), "btcusdt-depth.csv"), (("BTCUSDT",) * 9, "btcusdt-depth.csv")]
)
def test_rows_of_book_archives(tmp_path, cells, name):
    header = "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu"
    assert refused(tmp_path, f"{header}\n{','.join(map(str, cells))}\n", name).row == 2


def test_long_numbers_take_no_longer_than_their_length():
    with limited(), pytest.raises(ValueError, match="is no number"):
        parse_number("1" * 1_000_000 + "x")


def test_a_table_of_empty_lines_takes_no_memory_of_rows():
    tracemalloc.start()
    try:
        assert _plain_table.parse(b"1,1,1,1,1,1" + b"\n" * 3_000_000 + b"1", 6, (0, 1, 2, 3, 4, 5), True) is None
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


CELLS = st.sampled_from(
    (
        *(
            "1",
            "0",
            "1.5",
            "9" * 400,
            "1" + "0" * 309,
            "1e400",
            "1e-400",
            "0x1p3",
            "1_000",
            " 1",
            "1 ",
            "+1",
            "-1",
            "1,5",
        ),
        *(".5", "5.", ".", "", "\0", "1\0", '"1"', "nan", "inf", "1e", "1e+", "٣", "\r", "18446744073709551616"),
        *("0" * 30 + "1", "2023-02-29", "2024-02-29", "2023-01-01 00:00", "2023-01-01 00:00:60", "0000-01-01"),
        *("9999-12-31", "1" * 4096),
    )
)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=4), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans()
)
@example([["9" * 400, "1"]], "\n", True)
@example([["1", "1\0"]], "\n", True)
def test_the_fast_way_through_a_table_is_the_careful_one(rows, ending, numeric_times):
    body = ending.join(",".join(row) for row in rows).encode()
    for start in {0, min(3, len(body)), len(body)}:
        fast = _plain_table.parse(body, 2, (0, 1), numeric_times, start)
        if fast is not None:
            layout = csv_table.TableLayout(2, (0, 1))
            slow = csv_table._read_carefully(body[start:], layout, "file", 1, numeric_times)
            assert np.array_equal(fast, slow.columns)


def test_deltas_with_a_previous_id_and_no_last_one_are_refused() -> None:
    columns = ([1.0], [0], [DELTA], [BID], [10.0], [1.0], [NO_ID], [NO_ID], [3])
    with pytest.raises(DataError, match="it has ids but no last one"):
        records_from_arrays(OrderBookSeries, *columns, symbol="BTC/USDT")


def test_a_file_that_is_in_an_archive_twice_is_read_once(tmp_path) -> None:
    book = {"s": "BTCUSDT", "b": [["10", "1"]], "a": [["11", "1"]], "u": 1, "seq": 1}
    message = {"topic": "orderbook.500.BTCUSDT", "ts": 1_700_000_000_000, "type": "snapshot", "data": book}
    line = json.dumps(message, separators=(",", ":"))
    path = tmp_path / "book.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.data", line)
        archive.writestr("two.data", line)
    (series,) = read_market_data(path)
    assert len(series) == 2
    assert series.message_count == 1


def test_a_book_of_more_levels_than_there_can_be_is_refused() -> None:
    columns = ([1.0], [0], [DELTA], [NO_SIDE], [0.0], [1e300], [NO_ID], [NO_ID], [NO_ID])
    with pytest.raises(DataError, match="its updates cover more than 1,000,000 levels"):
        records_from_arrays(OrderBookSeries, *columns, symbol="BTC/USDT")
