# SPDX-License-Identifier: Apache-2.0
"""What is stored comes back as it was, whoever writes beside and whatever ends the writer."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot.runs import RunEnd, RunKind, RunStart, RunStatus, RunStore
from octobot.runs.ids import run_name, run_number
from octobot.runs.rows import ORDER_FIELDS
from octobot.runs.schema import FORMAT
from octobot_commons.errors import BugError, DataError, UserInputError
from octobot_commons.sqlite_file import open_sqlite_file
from octobot_trading.enums import OrderSide
from octobot_trading.personal_data.trades.fill import Fill

_START = RunStart(RunKind.LIVE, "mine", 1_700_000_000.5, 2**70, {"symbols": ["BTC/USDT"]}, {}, "USDT", {})
_END = RunEnd(1_700_000_009.0, {"USDT": Decimal("1.10")}, {"performance": {}})
#: Text that SQLite and JSON have to be careful with.
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_amounts = st.decimals(allow_nan=False, allow_infinity=False)
_times = st.floats(0, 4e9)


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


_orders = st.fixed_dictionaries(
    {
        **dict.fromkeys(("order_id", "symbol", "side", "type", "status"), _texts),
        **dict.fromkeys(("quantity", "filled_quantity", "cost"), _amounts),
        **dict.fromkeys(("price", "stop_price", "average_price"), _maybe(_amounts)),
        "fees": st.dictionaries(_texts, _amounts, max_size=2),
        "creation_time": _times,
        "closing_time": _maybe(_times),
        **dict.fromkeys(("reason", "tag", "group_id"), _maybe(_texts)),
        "cause": _maybe(st.dictionaries(_texts, st.integers(-(2**70), 2**70) | _texts | _times, max_size=2)),
    }
)
_fills = st.builds(
    Fill, _texts, _texts, _texts, st.sampled_from(OrderSide), _amounts, _amounts, _amounts, _amounts, _texts, _texts,
    _times,
)  # fmt: skip


def _exact(value: Any) -> Any:
    """Decimals that are equal may have other digits; their texts may not."""
    return repr(sorted(value.items()) if isinstance(value, dict) else value)


def _fill(number: int) -> Fill:
    one = Decimal("1.00")
    return Fill(f"f{number}", "o", "BTC/USDT", OrderSide.BUY, one, one, one, one, "BTC", "taker", float(number))


def _order(number: int, **changes: Any) -> dict[str, Any]:
    order: dict[str, Any] = dict.fromkeys(ORDER_FIELDS)
    order.update(dict.fromkeys(("side", "type", "status"), "x"), order_id=f"o{number}", symbol="BTC/USDT", fees={})
    order.update(quantity=Decimal(1), filled_quantity=Decimal(0), cost=Decimal(0), creation_time=1.0)
    return {**order, **changes}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    orders=st.lists(_orders, max_size=3, unique_by=lambda one: (one["symbol"], one["order_id"])),
    fills=st.lists(_fills, max_size=3, unique_by=lambda one: (one.symbol, one.fill_id)),
    portfolio=st.dictionaries(_texts, _amounts, max_size=3),
)
def test_all_comes_back_exactly(path: Path, orders: list[Any], fills: list[Fill], portfolio: dict[str, Any]) -> None:
    with RunStore(path) as store:
        whole = store.load(store.add(_START, _END, orders, fills))
        with store.begin(_START) as run:
            for order in orders:
                run.put_order(order)
                run.put_order(order)
            for fill in fills:
                run.add_fill(fill)
                run.add_fill(fill)
            run.finish(RunEnd(2.0, portfolio, {}))
        piecewise = store.load(run.id)
    for stored in (whole, piecewise):
        assert [_exact(one) for one in stored.orders] == [_exact(one) for one in orders]
        assert _exact(stored.fills) == _exact(fills)
        assert stored.start == _START
    assert whole.end == _END
    assert piecewise.end is not None
    assert _exact(piecewise.end.final_portfolio) == _exact(portfolio)


def test_a_run_that_goes_on(path: Path) -> None:
    with RunStore(path) as store, RunStore(path) as reader, store.begin(_START) as run:
        run.put_order(_order(1, status="open"))
        run.put_order(_order(2))
        run.put_order(_order(1, status="filled"))
        run.explain_order("BTC/USDT", "o1", {"why": [1, "2"]})
        seen = reader.load(run.id)
        assert [(one["order_id"], one["status"]) for one in seen.orders] == [("o1", "filled"), ("o2", "x")]
        assert seen.causal_records == [{"why": [1, "2"]}, None]
        assert (seen.status, seen.end) == (RunStatus.RUNNING, None)
        with pytest.raises(UserInputError, match="still being written"):
            reader.delete([run.id])
        run.finish(_END)
        assert reader.load("newest").status is RunStatus.FINISHED
        with pytest.raises(BugError, match="has ended already"):
            run.add_fill(_fill(1))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_what_only_some_orders_have_comes_back(path: Path) -> None:
    order = _order(1, parent_id="7", trailing_percent=Decimal("0.50"), reduce_only=True)
    with RunStore(path) as store:
        name = store.add(_START, _END, [order, _order(2)])
        assert store.load(name).orders == [order, _order(2)]


def test_a_failure_is_told_and_leaves_nothing_half(path: Path) -> None:
    with RunStore(path) as store:
        run = store.begin(_START)
        run.add(fills=[_fill(1)])
        changed = Fill("f1", "o", "BTC/USDT", OrderSide.SELL, *[Decimal(1)] * 4, "BTC", "taker", 1.0)
        with pytest.raises(BugError, match="other values"), run:
            run.add([_order(1)], [_fill(2), changed])
        stored = store.load(run.id)
        assert (stored.status, stored.fills, stored.orders) == (RunStatus.FAILED, [_fill(1)], [])
        assert stored.error is not None
        assert "f1" in stored.error
        incomplete = _order(1)
        del incomplete["tag"]
        with pytest.raises(BugError, match="lacks fields that are stored: tag"):
            store.add(_START, _END, [incomplete])
        with pytest.raises(BugError, match="nan is no time"):
            store.add(_START, _END, [_order(1, creation_time=float("nan"))])
        assert [one.id for one in store.runs()] == [run.id]


_KILLED = """
import sys, os, signal
sys.path.insert(0, sys.argv[3])
from test_store import _START, _fill, _order
from octobot.runs import RunStore
with RunStore(sys.argv[1]) as store:
    run = store.begin(_START)
    print(run.id, flush=True)
    store._connection.execute("PRAGMA cache_size = 1")
    for number in range(1000):
        if number == int(sys.argv[2]):
            def half():
                yield from (_fill(number) for number in range(5000, 5200))
                os.kill(os.getpid(), signal.SIGKILL)
            run.add([_order(number) for number in range(5000, 5200)], half())
        run.add([_order(number)], [_fill(number)])
        print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("point", [0, 1, 150])
def test_a_kill_loses_nothing_that_was_acknowledged(path: Path, point: int) -> None:
    command = [sys.executable, "-c", _KILLED, str(path), str(point), str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    name, *acknowledged = done.stdout.split()
    assert len(acknowledged) == point
    with RunStore(path) as store:
        stored = store.load(name)
        assert stored.status is RunStatus.KILLED
        assert stored.fills == [_fill(number) for number in range(point)]
        assert [order["order_id"] for order in stored.orders] == [f"o{number}" for number in range(point)]
        assert store.runs()[0].status is RunStatus.KILLED
        store.delete([name])
    assert [file.name for file in path.parent.iterdir()] == [path.name]


_WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from test_store import _START, _END, _fill, _order
from octobot.runs import RunStore
with RunStore(sys.argv[1]) as store:
    for number in range(10):
        print(store.add(_START, _END, [_order(number)], [_fill(number)]))
        with store.begin(_START) as run:
            run.add_fill(_fill(number))
            run.finish(_END)
        print(run.id)
"""


def test_processes_at_once(path: Path) -> None:
    command = [sys.executable, "-c", _WRITER, str(path), str(Path(__file__).parent)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [writer.communicate(timeout=60) for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 3, answers
    names = [name for out, _ in answers for name in out.split()]
    with RunStore(path) as store:
        lines = store.runs()
    assert sorted((one.id for one in lines), reverse=True) == [one.id for one in lines]
    assert len(set(names)) == 60
    assert set(names) == {one.id for one in lines}
    assert {(one.status, one.fills) for one in lines} == {(RunStatus.FINISHED, 1)}


_VERSION_1 = """
CREATE TABLE run (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, error TEXT,
    started_time REAL NOT NULL, ended_time REAL, seed TEXT NOT NULL, settings TEXT NOT NULL,
    settings_sha256 TEXT NOT NULL, code TEXT NOT NULL, inputs TEXT NOT NULL, candles TEXT NOT NULL,
    reference_market TEXT NOT NULL, starting_portfolio TEXT NOT NULL, final_portfolio TEXT, figures TEXT,
    note_counts TEXT, timings TEXT);
CREATE TABLE run_order (number INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, order_id TEXT NOT NULL, symbol TEXT NOT NULL,
    side TEXT NOT NULL, type TEXT NOT NULL, quantity TEXT NOT NULL, price TEXT, stop_price TEXT, status TEXT NOT NULL,
    filled_quantity TEXT NOT NULL, average_price TEXT, cost TEXT NOT NULL, fees TEXT NOT NULL,
    creation_time REAL NOT NULL, closing_time REAL, reason TEXT, tag TEXT, group_id TEXT, cause TEXT,
    UNIQUE (run_id, symbol, order_id));
CREATE TABLE fill (number INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    fill_id TEXT NOT NULL, order_id TEXT NOT NULL, symbol TEXT NOT NULL, side TEXT NOT NULL, quantity TEXT NOT NULL,
    price TEXT NOT NULL, cost TEXT NOT NULL, fee TEXT NOT NULL, fee_asset TEXT NOT NULL,
    taker_or_maker TEXT NOT NULL, time REAL NOT NULL, UNIQUE (run_id, symbol, fill_id));
INSERT INTO run VALUES (1700000000500, 'backtest', 'old', 'finished', NULL, 1.0, 2.0, '7', '{}', 'x', '{}', '[]', '[]',
    'USDT', '{}', '{}', '{}', '{}', '{}');
INSERT INTO run_order (run_id, order_id, symbol, side, type, quantity, status, filled_quantity, cost, fees,
    creation_time) VALUES (1700000000500, 'o1', 'A/B', 'buy', 'limit', '1.50', 'open', '0', '0', '{}', 1.0);
PRAGMA application_id = 1329746515;
PRAGMA user_version = 1;
"""


def test_a_store_of_version_1_is_brought_to_the_newest(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(_VERSION_1)
    connection.close()
    with RunStore(path) as store:
        (name,) = (one.id for one in store.runs())
        stored = store.load(name)
        store.add(_START, _END, [_order(1)], [_fill(1)])
    assert (stored.start.seed, stored.orders[0]["quantity"], stored.causal_records) == (7, Decimal("1.50"), [None])
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT.version,)
    connection.close()


def test_causal_records_of_version_3_are_kept(path: Path) -> None:
    connection = open_sqlite_file(path, replace(FORMAT, steps=FORMAT.steps[:3]))
    connection.execute(
        "INSERT INTO run VALUES (1000, 'live', 'p', 'finished', NULL, 1.0, 2.0, '0', '{}', 'x', '{}', '[]', '[]',"
        " 'USDT', '{}', '{}', '{}', '{}', '{}')"
    )
    names = "number, run_id, order_id, symbol, side, type, quantity, status, filled_quantity, cost, fees, creation_time"
    rows = [(n, 1000, f"o{n}", "BTC/USDT", "buy", "market", "1", "open", "0", "0", "{}", 1.0) for n in (1, 2)]
    connection.executemany(f"INSERT INTO run_order ({names}) VALUES ({', '.join('?' * 12)})", rows)
    connection.execute("""UPDATE run_order SET causal_record = '{"why": 1}' WHERE number = 2""")
    connection.close()
    with RunStore(path) as store:
        assert store.load("newest").causal_records == [None, {"why": 1}]


def test_the_cause_of_several_orders_is_kept_once(path: Path) -> None:
    shared, own = {"why": "x" * 1000}, {"why": "x" * 1000}
    with RunStore(path) as store:
        store.add(_START, _END, [_order(n) for n in range(4)], causes=[shared, None, shared, own])
        assert store.load("newest").causal_records == [shared, None, shared, own]
        assert store._connection.execute("SELECT COUNT(*) FROM cause").fetchone() == (2,)
        store.delete(["newest"])
        assert store._connection.execute("SELECT COUNT(*) FROM cause").fetchone() == (0,)


def test_what_is_no_store_is_refused(path: Path) -> None:
    with RunStore(path) as store:
        name = store.add(_START, _END)
        store._connection.execute("UPDATE run SET seed = 'many'")
        with pytest.raises(DataError, match=f"damaged: run {name} cannot be read"):
            store.load(name)
        store._connection.execute("PRAGMA user_version = 99")
    with pytest.raises(DataError, match=r"has version 99, this program reads version 4 \(install a newer OctoBot"):
        RunStore(path)
    path.write_bytes(os.urandom(8192))
    with pytest.raises(DataError, match="is damaged"):
        RunStore(path)
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(DataError, match="another program's database"):
        RunStore(path)


def test_deleting_is_all_or_nothing_and_gives_space_back(path: Path) -> None:
    with RunStore(path) as store:
        kept, gone = (store.add(_START, _END, [_order(n) for n in range(2000)]) for _ in range(2))
        with pytest.raises(DataError, match=r"no run 000000001 is stored"):
            store.delete([gone, "000000001"])
        assert len(store.runs()) == 2
        assert store.delete([gone, gone]) == [gone]
        assert store.compact() > 100_000
        assert [one.id for one in store.runs()] == [kept]
        assert len(store.load(kept).orders) == 2000


@given(st.integers(0, 2**45 - 1), st.integers(0, 2**45 - 1))
def test_names_sort_as_numbers_do(one: int, other: int) -> None:
    assert run_number(run_name(one).upper()) == one
    assert (run_name(one) < run_name(other)) == (one < other)
