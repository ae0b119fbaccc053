# SPDX-License-Identifier: Apache-2.0
"""The store gives back trades, funding rates, mark prices and tickers, beside candles and without touching them."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_commons.errors import DataError, OctoBotError
from octobot_trading.history import (
    CandleStore,
    FundingSeries,
    MarkPriceSeries,
    OrderBookSeries,
    StoredItem,
    TickerSeries,
    TradeSeries,
    read_market_data,
    records_from_arrays,
)
from octobot_trading.history.kinds import FUNDING, MARK_PRICES, TRADES

DAY = 86400.0
NAMES = ("local", "BTC/USDT")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite"


def trades(rows, ids=None, source="memory"):
    """Trades of (time, price) rows."""
    times, prices = np.array(rows, dtype=np.float64).reshape(-1, 2).T
    zeros = np.zeros(len(times))
    ids = np.full(len(times), -1) if ids is None else ids
    return records_from_arrays(TradeSeries, times, prices, zeros + 2.5, zeros, ids, symbol="BTC/USDT", source=source)


def funding(times, rates, **names):
    """Funding rates."""
    return records_from_arrays(FundingSeries, times, rates, symbol="BTC/USDT", **names)


def marks(times, price=5.0, **names):
    """Hourly mark prices."""
    prices = [np.full(len(times), price)] * 4
    return records_from_arrays(MarkPriceSeries, times, *prices, symbol="BTC/USDT", time_frame="1h", **names)


_TIMES = st.lists(
    st.tuples(st.sampled_from([1.0, 1.5, 2.0, DAY, 3 * DAY + 1]), st.integers(1, 3)), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_TIMES, min_size=1, max_size=4))
def test_overlapping_imports_of_trades_without_ids(tmp_path_factory, imports):
    stored: Counter[tuple[float, int]] = Counter()
    with CandleStore(tmp_path_factory.mktemp("store") / "x") as store:
        for rows in imports:
            before = stored.total()
            stored |= Counter(rows)  # as many of each as the side that has more of them
            done = store.records.import_series(trades(sorted(rows, key=lambda row: row[0])))
            assert (done.added, done.added + done.already_stored) == (stored.total() - before, len(rows))
        loaded = store.records.load(TradeSeries, *NAMES)
        assert Counter(zip(loaded.times.tolist(), loaded.price.tolist(), strict=True)) == stored
        assert (np.diff(loaded.times) >= 0).all()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.integers(0, 40), min_size=1), min_size=1, max_size=4))
def test_overlapping_imports_of_trades_with_ids(tmp_path_factory, imports):
    stored: set[int] = set()
    with CandleStore(tmp_path_factory.mktemp("store") / "x") as store:
        for numbers in imports:
            ids = np.array(sorted(numbers))
            done = store.records.import_series(trades([(one // 3 * DAY / 5, 1 + one) for one in ids.tolist()], ids))
            assert done.added == len(numbers - stored)
            stored |= numbers
        assert store.records.load(TradeSeries, *NAMES).ids.tolist() == sorted(stored)


def test_every_kind_comes_back_bit_for_bit(path):
    some = [
        trades([(1.0, 0.1 + 0.2), (1.0, 5e-324), (2 * DAY, 1.7e308)], [2**63 - 1, 2**53 + 1, 0]),
        funding([0.003, 28800.0261], [1e-300, -0.75]),
        marks([0.0, 3600.0]),
        records_from_arrays(
            TickerSeries, [1.0, 2.0], [5.0, 6.0], [4.0, np.nan], [np.nan, 7.0], [1.0, 1.0], [0.0, np.nan], symbol="A/B"
        ),
    ]
    with CandleStore(path) as store:
        for series in some:
            assert store.records.import_series(series).added == len(series)
            assert store.records.import_series(series).added == 0
    with CandleStore(path) as store:
        for series in some[1:]:
            loaded = store.records.load(type(series), series.exchange_name, series.symbol, series.time_frame)
            assert loaded.same_records(series)
            assert loaded.sha256 == series.sha256
        loaded = store.records.load(TradeSeries, *NAMES)
        assert loaded.ids.tolist() == [2**53 + 1, 2**63 - 1, 0], "those of one time are in the order of their ids"
        assert loaded.price.tolist() == [5e-324, 0.1 + 0.2, 1.7e308]


def test_one_catalogue_of_everything(path, make_series):
    with CandleStore(path) as store:
        store.import_series(make_series([0, 1, 5], source="a.csv"))
        assert [item.kind for item in store.contents()] == ["candles"]
        store.records.import_series(trades([(1.0, 2.0), (3.0, 2.0)], source="b.csv"))
        store.records.import_series(funding([0.0, 28800.0, 86400.0, 115200.0], [0.1] * 4, source="c.csv"))
        store.records.import_series(marks([0.0, 3600.0], source="d.csv"))
        store.records.import_series(marks([14400.0], source="e.csv"))
        start = 1_700_000_040.0
        assert store.contents() == [
            StoredItem("candles", *NAMES, "1m", 3, start, start + 300, 3, ("a.csv",)),
            StoredItem("funding", *NAMES, None, 4, 0.0, 115200.0, 1, ("c.csv",)),
            StoredItem("mark", *NAMES, "1h", 3, 0.0, 14400.0, 2, ("d.csv", "e.csv")),
            StoredItem("trades", *NAMES, None, 2, 1.0, 3.0, None, ("b.csv",)),
        ]
        assert [item.candles for item in store.catalogue()] == [3]
        assert store.records.load(MarkPriceSeries, *NAMES, "1h").quality.missing == 2


def test_candles_are_as_they_were(path, make_series):
    """A store of candles alone stays byte for byte what it was; other kinds leave candles alone."""
    with CandleStore(path) as store:
        store.import_series(make_series([0, 1]))
        assert store.records.catalogue() == []
        with pytest.raises(DataError, match="no trades local BTC/USDT are stored"):
            store.records.load(TradeSeries, *NAMES)
    with closing(sqlite3.connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert names == {"series", "day", "source"}
        (packed,) = connection.execute("SELECT packed FROM day").fetchone()
    assert packed == np.stack(make_series([0, 1]).columns(), axis=1).astype("<f8").tobytes()
    with CandleStore(path) as store:
        store.records.import_series(trades([(1.0, 2.0)]))
        assert store.load(*NAMES, "1m").same_candles(make_series([0, 1]))
        assert store.records.remove(TRADES, *NAMES) == 1
        assert store.records.catalogue() == []
        assert len(store.load(*NAMES, "1m")) == 2


def test_spans(path):
    with CandleStore(path) as store:
        store.records.import_series(trades([(1.0, 2.0), (DAY, 3.0), (DAY + 1, 4.0)]))
        assert store.records.load(TradeSeries, *NAMES, None, DAY, DAY + 1).price.tolist() == [3.0]
        with pytest.raises(DataError, match="no trade of BTC/USDT in this span"):
            store.records.load(TradeSeries, *NAMES, None, 5 * DAY)
        with pytest.raises(DataError, match="is not before"):
            store.records.load(TradeSeries, *NAMES, None, 5.0, 5.0)
        with pytest.raises(DataError, match=r"did you mean trades local BTC/USDT\?"):
            store.records.load(TradeSeries, "local", "BTC/USDC")
        with pytest.raises(DataError, match="no funding rates local BTC/USDT are stored"):
            store.records.remove(FUNDING, *NAMES)


def test_contradictions_change_nothing(path):
    with CandleStore(path) as store:
        store.records.import_series(trades([(1.0, 2.0)], [5]))
        store.records.import_series(funding([28800.01], [0.1]))
        store.records.import_series(marks([3600.0]))
        before = path.read_bytes()
        for series, reason in (
            (
                trades([(0.5, 1.0), (1.0, 3.0)], [4, 5], source="x"),
                "x: the trade of 1970-01-01 00:00:01 has other numbers",
            ),
            (trades([(1.0, 2.0)], source="x"), "have ids and its own have none"),
            (funding([0.0, 28800.02], [0.1, 0.2]), "the funding rate of 1970-01-01 08:00:00.010 has other numbers"),
            (marks([0.0, 3600.0], 6.0), "the mark price of 1970-01-01 01:00:00 has other numbers"),
            (marks([1800.0]), "open at other times"),
            (trades([(1.0, 2.0)]).slice(5.0), "no trade to import"),
        ):
            with pytest.raises(DataError, match=reason):
                store.records.import_series(series)
            assert path.read_bytes() == before
        assert store.records.import_series(funding([28800.02], [0.1])).already_stored == 1
        assert store.records.remove(MARK_PRICES, *NAMES, "1h") == 1


@pytest.mark.parametrize("change", ["kind = 'candles'", "time_frame = '1x'", "time_frame = '1h'", "kind = 'x'"])
def test_a_damaged_entry_is_told(path, change):
    with CandleStore(path) as store:
        store.records.import_series(trades([(1.0, 2.0)]))
        store._connection.execute(f"UPDATE record_series SET {change}")
        with pytest.raises(DataError, match="the store is damaged: the entry of local BTC/USDT"):
            store.contents()


def test_trades_are_no_ticks_of_mark_prices(path):
    """Their rows take as many bytes, so only the numbers tell."""
    with CandleStore(path) as store:
        store.records.import_series(trades([(1.0, 2.0)]))
        store._connection.execute("UPDATE record_series SET kind = 'mark'")
        with pytest.raises(DataError, match="is not a number above zero"):
            store.records.load(MarkPriceSeries, *NAMES)


def test_mark_prices_as_they_came_have_no_time_frame(path):
    prices = [np.array([5.0, 6.0, 5.5])] * 4
    ticks = records_from_arrays(MarkPriceSeries, [1.0, 1.25, 7.0], *prices, symbol="BTC/USDT", ticks=True)
    assert (ticks.time_frame, ticks.quality.gaps) == (None, ())
    with CandleStore(path) as store:
        store.records.import_series(ticks)
        store.records.import_series(marks([0.0, 3600.0]))
        assert store.records.load(MarkPriceSeries, *NAMES).same_records(ticks)
        assert len(store.records.load(MarkPriceSeries, *NAMES, "1h")) == 2
        assert [(item.time_frame, item.missing) for item in store.contents()] == [(None, None), ("1h", 0)]


def test_a_ticker_tells_some_price(path):
    nan = [np.nan]
    best = records_from_arrays(TickerSeries, [1.0], nan, [5.0], nan, nan, nan, symbol="A/B")
    assert np.isnan(best.last[0])
    with pytest.raises(DataError, match="row 1: it tells no price"):
        records_from_arrays(TickerSeries, [1.0], nan, nan, nan, [1.0], nan, symbol="A/B")


def test_a_damaged_day_is_named(path):
    with CandleStore(path) as store:
        store.records.import_series(trades([(1.0, 2.0)]))
        store._connection.execute("UPDATE record_day SET checksum = checksum + 1")
        with pytest.raises(DataError, match="the store is damaged: the trades of 1970-01-01"):
            store.records.load(TradeSeries, *NAMES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 80_000), patch=st.binary(min_size=1, max_size=30))
def test_damage_anywhere_gives_trades_or_an_error(tmp_path_factory, place, patch):
    path = tmp_path_factory.mktemp("store") / "x"
    made = trades([(minute * 600.0, 2.0) for minute in range(1500)])
    with CandleStore(path) as store:
        store.records.import_series(made)
    data = bytearray(path.read_bytes())
    place %= len(data)
    data[place : place + len(patch)] = patch
    path.write_bytes(data)
    try:
        with CandleStore(path) as store:
            store.contents()
            store.records.load(TradeSeries, *NAMES)
            store.records.import_series(trades([(100.0, 2.0)]))
    except OctoBotError as error:
        assert error.remedy  # noqa: PT017 - either outcome is right


KILLED = """
import os, signal, sys
from octobot_trading.history import CandleStore, read_market_data
from octobot_trading.history.stored_days import StoredDays

path, csv, point = sys.argv[1], sys.argv[2], int(sys.argv[3])
write, calls = StoredDays._write, []

def die_at_the_point(days, *arguments):
    write(days, *arguments)
    calls.append(1)
    if len(calls) == point:
        os.kill(os.getpid(), signal.SIGKILL)

StoredDays._write = die_at_the_point
(series,) = read_market_data(csv)
with CandleStore(path) as store:
    # So small a cache makes SQLite write into the file before the transaction ends.
    store._connection.execute("PRAGMA cache_size = 1")
    store.records.import_series(series)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("point", [1, 5, 10])
@pytest.mark.parametrize("had_trades", [False, True])
def test_a_killed_import_of_trades_loses_nothing(tmp_path, path, make_series, point, had_trades):
    before = trades([(1.0, 2.0), (DAY, 3.0)])
    with CandleStore(path) as store:
        store.import_series(make_series([0, 1, 2]))
        if had_trades:
            store.records.import_series(before)
    csv = tmp_path / "BTC_USDT.csv"
    csv.write_text("\n".join(f"{second * 60},{1 + second % 7},2.5" for second in range(14_400)))
    done = subprocess.run([sys.executable, "-c", KILLED, path, csv, str(point)], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert os.path.exists(f"{path}-journal")
    with CandleStore(path) as store:
        assert store.load(*NAMES, "1m").same_candles(make_series([0, 1, 2]))
        if had_trades:
            assert store.records.load(TradeSeries, *NAMES).same_records(before)
        else:
            assert store.records.catalogue() == []
        (series,) = read_market_data(csv)
        added = store.records.import_series(series).added
        assert len(store.records.load(TradeSeries, *NAMES)) == added + len(before) * had_trades
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("point", [1, 4])
def test_a_killed_import_of_an_order_book_loses_nothing(tmp_path, path, point):
    session = tmp_path / "spot.txt"
    lines = [
        f'{1_700_000_000 + 30 * place}000000000 {{"stream":"btcusdt@depth","data":{{"e":"depthUpdate","s":"BTCUSDT",'
        f'"U":{place},"u":{place},"b":[["1.5","{place % 7}"]],"a":[["2.5","{place % 5}"]]}}}}'
        for place in range(200)
    ]
    session.write_text("\n".join(lines[:100]))
    with CandleStore(path) as store:
        (before,) = read_market_data(session)
        assert store.records.import_series(before).added == 200
    session.write_text("\n".join(lines))
    done = subprocess.run([sys.executable, "-c", KILLED, path, session, str(point)], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with CandleStore(path) as store:
        assert store.records.load(OrderBookSeries, "binance", "BTC/USDT").same_records(before)
        (series,) = read_market_data(session)
        assert store.records.import_series(series).added == 200
        assert store.records.load(OrderBookSeries, "binance", "BTC/USDT").same_records(series)
        assert store.contents()[0].missing == 0


def test_recorded_trades_import_twice(path, recorded_trades):
    with CandleStore(path) as store:
        for name in ("freqtrade/XRP_ETH-trades.json.gz", "ccapi/gemini_eth-usd_2021-07-01_trade.csv.xz"):
            (series,) = read_market_data(recorded_trades(name))
            assert store.records.import_series(series).added == len(series)
            assert store.records.import_series(series).added == 0
            loaded = store.records.load(TradeSeries, series.exchange_name, series.symbol)
            assert loaded.same_records(series)
            assert loaded.sha256 != series.sha256, "that of the numbers, not of the file"
