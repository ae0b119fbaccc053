# SPDX-License-Identifier: Apache-2.0
"""What is written is read again with the same numbers, and a file is there whole or not at all."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot_commons.errors import DataError, EnvironmentFault, UserInputError
from octobot_trading.history import (
    EXPORT_FORMATS,
    FundingSeries,
    MarkPriceSeries,
    TickerSeries,
    TradeSeries,
    export_series,
    read_candles,
    read_market_data,
    records_from_arrays,
    series_from_arrays,
)
from octobot_trading.history.exporting import export_format, file_name
from octobot_trading.history.kinds import KINDS
from octobot_trading.history.naming import exchange_of_file, symbol_of_file, time_frame_of_file
from octobot_trading.history.series_classes import SERIES_CLASSES

HAS_PYARROW = importlib.util.find_spec("pyarrow") is not None
ENDINGS = [one for one in EXPORT_FORMATS if one != "parquet" or HAS_PYARROW]
PRICE = st.floats(1e-12, 1e12)
ANY_FLOAT = st.one_of(st.just(float("nan")), st.floats(0, 1e15))
NAMES = {"symbol": "BTC/USDT", "exchange_name": "binance"}


def candles(rows, **names):
    """Candles of one minute from rows of five numbers, of which the least is the low."""
    table = np.array(rows).reshape(-1, 5)
    opens, close, volume = table.T[[0, 1, 4]]
    high, low = table[:, :4].max(axis=1), table[:, :4].min(axis=1)
    times = 60.0 * (28_000_000 + np.arange(len(table)))
    return series_from_arrays(times, opens, high, low, close, volume, time_frame="1m", **{**NAMES, **names})


@st.composite
def drawn_series(draw):
    """A series of any kind."""
    kind = draw(st.sampled_from(list(KINDS)))
    count = draw(st.integers(2, 6))
    if kind == "candles":
        return candles(draw(st.lists(st.tuples(*[PRICE] * 5), min_size=count, max_size=count)))
    if kind not in ("trades", "funding", "mark", "tickers"):
        return None
    times = np.sort(draw(st.lists(st.floats(1e9, 2e9), min_size=count, max_size=count, unique=True)))
    column = lambda values: np.array(draw(st.lists(values, min_size=count, max_size=count)))  # noqa: E731
    if kind == "trades":
        ids = np.arange(count) + 2**53 if draw(st.booleans()) else np.full(count, -1)
        columns = [times, column(PRICE), column(PRICE), column(st.sampled_from([-1, 0, 1])), ids]
    elif kind == "funding":
        columns = [np.unique(times // 60 * 60 + 0.003)]
        columns.append(column(st.floats(-1, 1))[: len(columns[0])])
    elif kind == "mark":
        price = column(PRICE)
        columns = [1.6e9 // 3600 * 3600 + 3600.0 * np.arange(count), price, price, price, price]
    else:
        columns = [times, column(PRICE), *(column(ANY_FLOAT) for _ in range(4))]
    frame = {"time_frame": "1h"} if kind == "mark" else {}
    return records_from_arrays(SERIES_CLASSES[kind], *columns, **NAMES, **frame)


def same(one, other):
    """Whether two series hold the same numbers under the same names."""
    names = [(each.exchange_name, each.symbol, each.time_frame, each.kind) for each in (one, other)]
    numbers = one.same_candles(other) if hasattr(one, "same_candles") else one.same_records(other)
    return names[0] == names[1] and numbers


@settings(max_examples=120, deadline=None)
@given(series=drawn_series(), ending=st.sampled_from([one for one in ENDINGS if one != "data"]))
def test_every_kind_comes_back_with_identical_numbers(tmp_path_factory, series, ending):
    if series is None:
        return
    frame = series.time_frame and series.time_frame.value
    path = tmp_path_factory.mktemp("out") / file_name("binance", "BTC/USDT", series.kind.name, frame, ending)
    export_series([series], path)
    (found,) = read_market_data(path)
    assert same(found, series)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name], "nothing else is left behind"


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(*[PRICE] * 5), min_size=1, max_size=6))
def test_data_files_come_back_with_identical_numbers(tmp_path_factory, rows):
    series = [candles(rows), candles(rows, symbol="ETH/BTC")]
    path = tmp_path_factory.mktemp("out") / "all.data"
    export_series(series, path)
    for found, expected in zip(read_candles(path), series, strict=True):
        assert same(found, expected)
        assert found.quality.incomplete == 0


@pytest.mark.parametrize("ending", ENDINGS)
def test_recorded_candles_come_back(recorded, tmp_path, ending):
    (series,) = read_candles(recorded("binance-spot/BTC_USDT-1h_2023.csv.xz"))
    path = tmp_path / f"BTC_USDT.{ending}"
    export_series([series], path)
    (found,) = read_market_data(path)
    assert found.same_candles(series)
    again = tmp_path / f"again-BTC_USDT.{ending}"
    export_series([found], again)
    assert again.stat().st_size == pytest.approx(path.stat().st_size, rel=0.01)


def test_csv_is_plain_and_readable_by_others(tmp_path):
    path = tmp_path / "x.csv"
    series = records_from_arrays(
        TradeSeries, [1.5e9, 1.5e9 + 0.25], [1e-7, 1 / 3], [2.0, 3.0], [1, -1], [-1, -1], **NAMES
    )
    export_series([series], path)
    assert path.read_text() == (
        "time,price,amount,side\n1500000000.0,1e-07,2.0,buy\n1500000000.25,0.3333333333333333,3.0,sell\n"
    )
    export_series([candles([[1.0, 2, 3, 4, 5]])], path, overwrite=True)
    assert path.read_text() == "open_time,open,high,low,close,volume\n1680000000,1.0,4.0,1.0,2.0,5.0\n"


def test_names_of_files_tell_what_is_in_them():
    name = file_name("binance", "BTC/USDT:USDT", "candles", "1h", "csv")
    assert name == "binance_BTC_USDT_USDT-1h-candles.csv"
    assert (symbol_of_file(name), exchange_of_file(name), time_frame_of_file(name)) == (
        "BTC/USDT:USDT",
        "binance",
        "1h",
    )


def test_what_is_there_is_not_overwritten(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("mine")
    with pytest.raises(UserInputError, match="exists already"):
        export_series([candles([[1.0] * 5])], path)
    assert path.read_text() == "mine"
    export_series([candles([[1.0] * 5])], path, overwrite=True)
    assert path.read_text().startswith("open_time")


@pytest.mark.parametrize(
    ("name", "series", "message"),
    [
        ("x.cvs", [candles([[1.0] * 5])], r"\.cvs is no format.*did you mean csv"),
        ("x", [candles([[1.0] * 5])], "no ending"),
        ("x.csv", [candles([[1.0] * 5])] * 2, "holds one series, not 2"),
        ("x.csv", [], "nothing to write"),
        ("x.data", [records_from_arrays(FundingSeries, [1e9], [0.1], **NAMES)], "not funding rates"),
        ("x.data", [candles([[1.0] * 5]), candles([[1.0] * 5], exchange_name="okx")], "of binance, okx"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, name, series, message):
    with pytest.raises(UserInputError, match=message):
        export_series(series, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match="check the disk"):
        export_series([candles([[1.0] * 5])], tmp_path / "file" / "x.csv")


def test_parquet_of_others_is_refused(tmp_path):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "BTC_USDT.parquet"
    parquet.write_table(arrow.table({"open": [1.0]}), path)
    with pytest.raises(DataError, match="does not say what it holds"):
        read_market_data(path)
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(DataError, match="damaged or incomplete"):
        read_market_data(path)


@pytest.mark.parametrize(
    ("text", "row"), [("x,1,1,1,1,1", 3), ("1000000060,1,1,1,1", 3), ("1000000060,1,1,1,1,1,1", 3)]
)
def test_faulty_rows_of_our_own_layout_are_named(tmp_path, text, row):
    path = tmp_path / "BTC_USDT.csv"
    path.write_text(f"{','.join(TickerSeries.kind.names)}\n1000000000,1,1,1,1,1\n{text}\n")
    with pytest.raises(DataError) as caught:
        read_market_data(path)
    assert caught.value.row == row


def test_formats_are_told_whatever_the_case():
    assert export_format("A.CSV.GZ") == "csv.gz"
    assert export_format("dir.data/b.v2.parquet") == "parquet"


KILLED = """
import os, signal, sys
from octobot_trading.history import export_series, read_market_data
from octobot_commons import atomic_file
from octobot_trading.history.writers import csv_file

lines, put, calls = csv_file._lines, atomic_file._put_in_place, []

def die(*arguments):
    calls.append(1)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return lines(*arguments)

def die_late(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "writing":
    csv_file._lines = die
else:
    atomic_file._put_in_place = die_late
export_series(read_market_data(sys.argv[1]), sys.argv[2], overwrite=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("moment", ["writing", "naming"])
@pytest.mark.parametrize("had_file", [True, False])
def test_a_killed_export_leaves_what_was_there(tmp_path, make_series, moment, had_file):
    source, target = tmp_path / "BTC_USDT.csv", tmp_path / "out" / "BTC_USDT.csv"
    export_series([make_series(list(range(9000)))], source)
    target.parent.mkdir()
    if had_file:
        target.write_text("before")
    done = subprocess.run([sys.executable, "-c", KILLED, source, target, moment], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert os.path.exists(target) == had_file
    assert not had_file or target.read_text() == "before"
    (series,) = read_market_data(source)
    export_series([series], target, overwrite=True)
    assert read_market_data(target)[0].same_candles(series)


def test_marks_need_their_name(tmp_path):
    series = records_from_arrays(MarkPriceSeries, [0.0, 3600.0], *[[1.0, 2.0]] * 4, time_frame="1h", **NAMES)
    export_series([series], tmp_path / "BTC_USDT.csv")
    with pytest.raises(DataError, match="no volume column"):
        read_market_data(tmp_path / "BTC_USDT.csv")
