# SPDX-License-Identifier: Apache-2.0
"""Whole series in and out of the store: derived ones, several removed at once, space given back."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from octobot_commons.errors import DataError
from octobot_trading.history import CandleStore, FundingSeries, records_from_arrays, resample

NAMES = ("local", "BTC/USDT")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "candles.sqlite"


def funding(count=2):
    """Funding rates, eight hours apart."""
    return records_from_arrays(FundingSeries, [28800.0 * i for i in range(count)], [0.1] * count, symbol="BTC/USDT")


def test_items_load_what_they_stand_for(path, make_series):
    minutes = make_series(list(range(300)))
    with CandleStore(path) as store:
        store.import_series(minutes)
        store.records.import_series(funding())
        candles, rates = store.contents()
        assert store.load_item(candles).same_candles(minutes)
        assert store.load_item(candles, None, minutes.open_times[9]).same_candles(
            minutes.slice(None, minutes.open_times[9])
        )
        assert store.load_item(rates).same_records(funding())


def test_derived_candles_say_so_and_contradict_nothing(path, make_series):
    minutes = make_series(list(range(300)))
    derived = [resample(minutes, "5m"), resample(minutes, "1h")]
    with CandleStore(path) as store:
        store.import_series(minutes)
        added = [one.added for one in store.import_derived(derived)]
        assert added == [len(one) for one in derived]
        assert [one.added for one in store.import_derived(derived)] == [0, 0]
        assert [one.sources for one in store.catalogue()] == [("memory",), ("derived from 1m",), ("derived from 1m",)]
        assert store.load(*NAMES, "1h").same_candles(derived[1])
        with pytest.raises(DataError, match="derived from 1m"):
            store.import_series(derived[0])
        other = make_series(list(range(300)), seed=1)
        before = path.read_bytes()
        with pytest.raises(DataError, match="other numbers"):
            store.import_derived([resample(other, "15m"), resample(other, "1h")])
        assert path.read_bytes() == before, "not the 15m candles either"


def test_several_are_removed_or_none(path, make_series):
    with CandleStore(path) as store:
        store.import_series(make_series([0, 1]))
        store.records.import_series(funding(3))
        items = store.contents()
        store.records.remove(FundingSeries.kind, *NAMES)
        with pytest.raises(DataError, match=r"no .* stored"):
            store.remove_items(items)
        assert len(store.catalogue()) == 1, "the candles stayed"
        store.records.import_series(funding(3))
        assert store.remove_items(items) == 5
        assert store.contents() == []


def test_space_is_given_back(path, make_series):
    with CandleStore(path) as store:
        store.import_series(make_series(list(range(5000))))
        store.import_series(make_series([0, 1], symbol="ETH/USDT"))
        full = path.stat().st_size
        store.remove_items(one for one in store.contents() if one.symbol == "BTC/USDT")
        given = store.compact()
        assert given > 200_000
        assert path.stat().st_size == full - given
        assert [one.symbol for one in store.catalogue()] == ["ETH/USDT"]
    with CandleStore(path) as store:
        assert store.load("local", "ETH/USDT", "1m").same_candles(make_series([0, 1]))


KILLED = """
import os, signal, sys
from octobot_trading.history import CandleStore, resample
from octobot_trading.history.stored_days import StoredDays

path, what, point = sys.argv[1], sys.argv[2], int(sys.argv[3])
calls = []

def die():
    calls.append(1)
    if len(calls) == point:
        os.kill(os.getpid(), signal.SIGKILL)

with CandleStore(path) as store:
    store._connection.execute("PRAGMA cache_size = 1")  # SQLite then writes into the file before the end
    (item,) = store.contents()
    if what == "resample":
        write = StoredDays._write
        StoredDays._write = lambda *arguments: (write(*arguments), die())
        series = store.load_item(item)
        store.import_derived([resample(series, "5m"), resample(series, "1h")])
    elif what == "delete":
        store._connection.create_function("die", 0, die)
        store._connection.execute("CREATE TEMP TRIGGER t AFTER DELETE ON series BEGIN SELECT die(); END")
        store.remove_items([item])
    else:
        store.remove_items([item])
        store._connection.set_progress_handler(lambda: die() or 0, 20)
        store.compact()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize(
    ("what", "point"),
    [("resample", 1), ("resample", 5), ("resample", 12), ("delete", 1), ("compact", 1), ("compact", 9)],
)
def test_a_killed_change_leaves_the_previous_state(path, make_series, what, point):
    minutes = make_series(list(range(9000)))
    with CandleStore(path) as store:
        store.import_series(minutes)
    done = subprocess.run([sys.executable, "-c", KILLED, path, what, str(point)], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with CandleStore(path) as store:
        assert list(store.faults()) == []
        if what == "compact":
            assert store.contents() == [], "the removal before it is done"
            store.import_series(minutes)
        (item,) = store.contents()
        assert store.load_item(item).same_candles(minutes)
