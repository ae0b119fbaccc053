# SPDX-License-Identifier: Apache-2.0
"""The store gives back what was imported, and survives what happens to files."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, EnvironmentFault, OctoBotError
from octobot_trading.history import CandleStore, StoredSeries, read_candles, resample, series_from_arrays
from octobot_trading.history.stored_days import StoredDays

NAMES = ("local", "BTC/USDT", "1m")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "candles.sqlite"


# Minutes spread over a few days, so that imports overlap within a day and beside it.
minute_sets = st.lists(
    st.sets(st.one_of(st.integers(0, 60), st.integers(1400, 1500), st.integers(4000, 4100)), min_size=1),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minute_sets)
def test_overlapping_imports_add_up(tmp_path_factory, make_series, imports):
    stored: set[int] = set()
    with CandleStore(tmp_path_factory.mktemp("store") / "x") as store:
        for minutes in imports:
            summary = store.import_series(make_series(sorted(minutes)))
            assert summary.added == len(minutes - stored)
            assert summary.already_stored == len(minutes & stored)
            stored |= minutes
        everything = make_series(sorted(stored))
        loaded = store.load(*NAMES)
        assert loaded.same_candles(everything)
        assert loaded.quality == everything.quality
        assert loaded.sha256 == everything.sha256
        for start, end in ((everything.open_times[0], None), (None, everything.close_times[-1] - 60)):
            expected = everything.slice(start, end)
            if len(expected):
                assert store.load(*NAMES, start, end).same_candles(expected)


def test_any_double_comes_back_bit_for_bit(path):
    prices = np.array([0.1 + 0.2, 5e-324, 1.7e308, 1 / 3])
    series = series_from_arrays(
        [0.0, 60.0, 120.0, 180.0],
        prices,
        prices,
        prices,
        prices,
        [0.0, 1e-300, 1e300, 7],
        symbol="A/B",
        time_frame="1m",
    )
    with CandleStore(path) as store:
        store.import_series(series)
    with CandleStore(path) as store:
        assert store.load("local", "A/B", TimeFrames.ONE_MINUTE).same_candles(series)


def test_the_catalogue_tells_what_is_stored(path, make_series):
    with CandleStore(path) as store:
        assert store.catalogue() == []
        store.import_series(make_series([0, 1, 5], source="b.csv"))
        store.import_series(make_series([5, 6], source="c.csv"))
        store.import_series(make_series([5, 6], source="c.csv"))
        store.import_series(resampled_as_recorded(make_series, "1h"))
        store.import_series(make_series([0], exchange_name="binance"))
        start = 1_700_000_040.0
        assert store.catalogue() == [
            StoredSeries("binance", "BTC/USDT", TimeFrames.ONE_MINUTE, 1, start, start, ("memory",)),
            StoredSeries("local", "BTC/USDT", TimeFrames.ONE_MINUTE, 4, start, start + 360, ("b.csv", "c.csv")),
            StoredSeries("local", "BTC/USDT", TimeFrames.ONE_HOUR, 1, 1_700_002_800.0, 1_700_002_800.0, ("memory",)),
        ]


def resampled_as_recorded(make_series, time_frame):
    longer = resample(make_series(list(range(60)), start=1_700_002_800.0), time_frame)
    return series_from_arrays(*longer.columns(), symbol=longer.symbol, time_frame=time_frame)


def test_months_are_stored_by_their_calendar(path):
    times = [1_704_067_200.0, 1_706_745_600.0, 1_709_251_200.0]  # January to March 2024
    ones = np.ones(3)
    with CandleStore(path) as store:
        for part in (slice(0, 2), slice(1, 3)):
            columns = [column[part] for column in (np.array(times), ones, ones, ones, ones, ones)]
            store.import_series(series_from_arrays(*columns, symbol="A/B", time_frame="1M"))
        assert store.load("local", "A/B", "1M").open_times.tolist() == times


def test_conflicting_candles_change_nothing(path, make_series):
    with CandleStore(path) as store:
        store.import_series(make_series([3000]))
        before = path.read_bytes()
        with pytest.raises(DataError, match=r"x.csv: the candle of 2023-11-17 00:14:00 has other numbers") as caught:
            store.import_series(make_series([0, 1, 3000, 4500], seed=1, source="x.csv"))
        assert "remove the stored series" in str(caught.value)
        assert store.load(*NAMES).same_candles(make_series([3000]))
        assert path.read_bytes() == before
        assert store.remove(*NAMES) == 1
        store.import_series(make_series([0, 1, 3000, 4500], seed=1))
        assert len(store.load(*NAMES)) == 4


def test_candles_on_another_grid_are_refused(path, make_series):
    with CandleStore(path) as store:
        store.import_series(make_series([0, 1]))
        with pytest.raises(DataError, match="open at other times"):
            store.import_series(make_series([100], start=1_700_000_041.0))


def test_derived_and_empty_series_are_refused(path, make_series):
    with CandleStore(path) as store:
        with pytest.raises(DataError, match="derived from 1m"):
            store.import_series(resample(make_series(list(range(60)), start=1_700_002_800.0), "1h"))
        with pytest.raises(DataError, match="no candle to import"):
            store.import_series(make_series([0]).slice(end_time=0.0))
        assert store.catalogue() == []


def test_what_is_not_stored_is_told(path, make_series):
    with CandleStore(path) as store:
        with pytest.raises(DataError, match="import a file first"):
            store.load(*NAMES)
        store.import_series(make_series([0, 1]))
        with pytest.raises(DataError, match=r"no local BTC/USDC 1m is stored \(did you mean local BTC/USDT 1m\?\)"):
            store.load("local", "BTC/USDC", "1m")
        with pytest.raises(DataError, match="no kraken X/Y 1M is stored"):
            store.remove("kraken", "X/Y", "1M")
        with pytest.raises(DataError, match="stored are 2023-11-14 22:14:00 to 2023-11-14 22:15:00"):
            store.load(*NAMES, 0.0, 1.0)
        with pytest.raises(DataError, match="1970-01-01 00:00:02 is not before 1970-01-01 00:00:01"):
            store.load(*NAMES, 2.0, 1.0)


def test_only_the_owner_reads_a_new_store(tmp_path):
    path = tmp_path / "new" / "folders" / "x"
    with CandleStore(str(path)):
        pass
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with CandleStore(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_other_files_are_no_stores(path):
    path.write_bytes(b"something else entirely, long enough for a header" * 20)
    with pytest.raises(DataError, match="damaged: file is not a database"):
        CandleStore(path)
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE x (y)")
    before = path.read_bytes()
    with pytest.raises(DataError, match="another program's database"):
        CandleStore(path)
    assert path.read_bytes() == before


def test_a_store_of_a_newer_version_is_left_alone(path):
    CandleStore(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(DataError, match=r"has version 2, this program reads version 1 \(install a newer"):
        CandleStore(path)


def test_a_place_that_cannot_be_written(tmp_path):
    for impossible in (tmp_path, "a\0b"):
        with pytest.raises(EnvironmentFault, match="cannot be opened"):
            CandleStore(impossible)


def test_a_locked_store_is_the_outside_worlds_fault(path, make_series):
    with CandleStore(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        store._connection.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(EnvironmentFault, match="database is locked"):
            store.import_series(make_series([0]))
        other.execute("ROLLBACK")
        assert store.import_series(make_series([0])).added == 1


@pytest.mark.parametrize("column", ["checksum = checksum + 1", "packed = x'00'", "packed = 'text'", "candles = 9"])
def test_a_damaged_day_is_named(path, make_series, column):
    with CandleStore(path) as store:
        store.import_series(make_series([0, 3000]))
        store._connection.execute(f"UPDATE day SET {column} WHERE day = 19678")
        with pytest.raises(DataError, match=r"the store is damaged: the candles of 2023-11-17 \(move the file away"):
            store.load(*NAMES)
        assert len(store.load(*NAMES, end_time=1_700_000_100.0)) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 60_000), patch=st.binary(min_size=1, max_size=30))
def test_damage_anywhere_gives_candles_or_an_error(tmp_path_factory, make_series, place, patch):
    path = tmp_path_factory.mktemp("store") / "x"
    with CandleStore(path) as store:
        store.import_series(make_series(list(range(0, 4000, 50))))
    data = bytearray(path.read_bytes())
    place %= len(data)
    data[place : place + len(patch)] = patch
    path.write_bytes(data)
    try:
        with CandleStore(path) as store:
            store.catalogue()
            store.load(*NAMES)
            store.import_series(make_series([100, 101]))
    except OctoBotError as error:
        assert error.remedy  # noqa: PT017 - either outcome is right


def test_a_failure_in_the_middle_leaves_the_previous_state(path, make_series, monkeypatch):
    with CandleStore(path) as store:
        store.import_series(make_series([0, 1]))
        write = StoredDays._write
        calls = []

        def fail_at_the_third(days, *arguments):
            calls.append(arguments)
            if len(calls) == 3:
                raise KeyboardInterrupt
            write(days, *arguments)

        monkeypatch.setattr(StoredDays, "_write", fail_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            store.import_series(make_series(list(range(0, 9000, 100))))
        assert len(calls) == 3
        assert store.load(*NAMES).same_candles(make_series([0, 1]))


KILLED = """
import os, signal, sys
from octobot_trading.history import CandleStore, read_candles
from octobot_trading.history.stored_days import StoredDays

path, csv, point = sys.argv[1], sys.argv[2], int(sys.argv[3])
write, calls = StoredDays._write, []

def die_at_the_point(days, *arguments):
    write(days, *arguments)
    calls.append(1)
    if len(calls) == point:
        os.kill(os.getpid(), signal.SIGKILL)

StoredDays._write = die_at_the_point
(series,) = read_candles(csv)
with CandleStore(path) as store:
    # So small a cache makes SQLite write into the file before the transaction ends.
    store._connection.execute("PRAGMA cache_size = 1")
    store.import_series(series)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("point", [1, 5, 10])
def test_a_killed_import_leaves_the_previous_state(tmp_path, path, make_series, point):
    with CandleStore(path) as store:
        store.import_series(make_series([0, 1, 2]))
    series = make_series(list(range(14_400)))
    csv = tmp_path / "BTC_USDT.csv"
    rows = zip(*(column.tolist() for column in series.columns()), strict=True)
    lines = ["time,open,high,low,close,volume", *(",".join(map(repr, row)) for row in rows)]
    csv.write_text("\n".join(lines))
    done = subprocess.run([sys.executable, "-c", KILLED, path, csv, str(point)], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert os.path.exists(f"{path}-journal")
    with CandleStore(path) as store:
        assert store.load(*NAMES).same_candles(make_series([0, 1, 2]))
        (entry,) = store.catalogue()
        assert (entry.candles, entry.sources) == (3, ("memory",))
        assert store.import_series(make_series(list(range(3, 14_400)))).added == 14_397


def test_a_recorded_file_through_the_store(recorded, path):
    (series,) = read_candles(recorded("binance-spot/BTC_USDT-1h_2017-2024.csv.xz"), exchange_name="binance")
    with CandleStore(path) as store:
        assert store.import_series(series).added == len(series)
        assert store.import_series(series).added == 0
        loaded = store.load("binance", "BTC/USDT", "1h")
    assert loaded.same_candles(series)
    assert loaded.quality == series.quality
