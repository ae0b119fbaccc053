# SPDX-License-Identifier: Apache-2.0
"""A run that is being written, and the statements that write it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from octobot.report.jsonable import to_jsonable
from octobot.runs.ids import run_name
from octobot.runs.liveness import LifeSign
from octobot.runs.records import RunEnd, RunStart, RunStatus
from octobot.runs.rows import FILL_FIELDS, ORDER_COLUMNS, fill_row, json_text, order_row, portfolio_text
from octobot.runs.schema import FORMAT
from octobot_commons.errors import BugError
from octobot_commons.sqlite_file import transaction, translated_faults
from octobot_trading.personal_data.trades.fill import Fill

_RUN_COLUMNS = (
    "id", "kind", "name", "status", "started_time", "seed", "settings", "settings_sha256", "code", "inputs", "candles",
    "reference_market", "starting_portfolio",
)  # fmt: skip
_KEY = ("order_id", "symbol")
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in ORDER_COLUMNS if name not in _KEY)


def _insert(table: str, columns: Iterable[str]) -> str:
    names = tuple(columns)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


_INSERT_RUN = _insert("run", _RUN_COLUMNS)
_PUT_ORDER = _insert("run_order", ("run_id", *ORDER_COLUMNS)) + (
    f" ON CONFLICT (run_id, symbol, order_id) DO UPDATE SET {_CHANGES}"
)
_LAST_CAUSE = "SELECT COALESCE(MAX(number), 0) FROM cause WHERE run_id = ?"
_INSERT_CAUSE = _insert("cause", ("run_id", "number", "record"))
_EXPLAIN = "UPDATE run_order SET cause_number = ? WHERE run_id = ? AND symbol = ? AND order_id = ?"
_INSERT_FILL = _insert("fill", ("run_id", *FILL_FIELDS))
_GET_FILL = f"SELECT run_id, {', '.join(FILL_FIELDS)} FROM fill WHERE run_id = ? AND symbol = ? AND fill_id = ?"


def insert_run(connection: sqlite3.Connection, start: RunStart) -> int:
    """Part of a transaction; returns the new run's number, higher than all others whatever the clock says."""
    (last,) = connection.execute("SELECT COALESCE(MAX(id), 0) FROM run").fetchone()
    number = max(int(start.started_time * 1000), int(last) + 1)
    settings = to_jsonable(start.settings)
    canonical = json.dumps(settings, sort_keys=True, separators=(",", ":"), allow_nan=False)
    values = (
        number, start.kind.value, start.name, RunStatus.RUNNING.value, start.started_time, str(start.seed),
        json_text(settings), hashlib.sha256(canonical.encode()).hexdigest(), json_text(start.code),
        json_text(start.inputs), json_text(start.candles), start.reference_market,
        portfolio_text(start.starting_portfolio),
    )  # fmt: skip
    connection.execute(_INSERT_RUN, values)
    return number


def put_orders(connection: sqlite3.Connection, number: int, orders: Iterable[Mapping[str, Any]]) -> None:
    """New orders, and the newest state of those that are known."""
    connection.executemany(_PUT_ORDER, [order_row(number, order) for order in orders])


def explain_orders(
    connection: sqlite3.Connection, number: int, orders: Iterable[Mapping[str, Any]], causes: Iterable[Any]
) -> None:
    """What stored orders were made from; the same object is kept once, None leaves an order without."""
    (last,) = connection.execute(_LAST_CAUSE, (number,)).fetchone()
    numbers: dict[int, int] = {}
    known: list[Any] = []
    explained = []
    for order, cause in zip(orders, causes, strict=True):
        if cause is None:
            continue
        if id(cause) not in numbers:
            numbers[id(cause)] = last + 1 + len(known)
            known.append(cause)
        explained.append((numbers[id(cause)], number, order["symbol"], order["order_id"]))
    rows = [(number, numbers[id(cause)], _compressed(cause)) for cause in known]
    connection.executemany(_INSERT_CAUSE, rows)
    if connection.executemany(_EXPLAIN, explained).rowcount < len(explained):
        raise BugError("an order that is explained is not stored", field="order_id")


def _compressed(cause: Any) -> bytes:
    return zlib.compress(cause if isinstance(cause, bytes) else json_text(cause).encode())


def insert_fills(connection: sqlite3.Connection, number: int, fills: Iterable[Fill]) -> None:
    """Fills that are not stored yet."""
    connection.executemany(_INSERT_FILL, [fill_row(number, fill) for fill in fills])


def end_run(connection: sqlite3.Connection, number: int, end: RunEnd) -> None:
    """The run has come to its end."""
    connection.execute(
        "UPDATE run SET status = ?, ended_time = ?, final_portfolio = ?, figures = ?, note_counts = ?, timings = ?"
        " WHERE id = ?",
        (
            RunStatus.FINISHED.value, end.ended_time, portfolio_text(end.final_portfolio), json_text(end.figures),
            json_text(end.note_counts), json_text(end.timings), number,
        ),
    )  # fmt: skip


class RunWriter:
    """A run that goes on. Whatever a call has been given is on the disk when it returns.

    As a context manager it tells the store of a failure that ends it.

    Raises, in every call:
        EnvironmentFault: the store cannot be written; what was to be written is not.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, start: RunStart, now: Callable[[], float]) -> None:
        self._connection = connection
        self._path = path
        self._now = now
        with translated_faults(path, FORMAT), transaction(connection):
            self._number = insert_run(connection, start)
            self.id = run_name(self._number)
            self._life: LifeSign | None = LifeSign(path, self.id)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._life is not None:
            self.fail("it was not finished" if error is None else f"{type(error).__name__}: {error}")

    def put_order(self, order: Mapping[str, Any]) -> None:
        """An order as ``Order.to_dict()`` tells it; in place of what was stored of it before."""
        self.add(orders=[order])

    def add_fill(self, fill: Fill) -> None:
        """One more fill; the same one a second time changes nothing, as exchanges repeat themselves."""
        self.add(fills=[fill])

    def add(self, orders: Iterable[Mapping[str, Any]] = (), fills: Iterable[Fill] = ()) -> None:
        """Several at once: all of them are stored or none."""
        self._check_open()
        with translated_faults(self._path, FORMAT), transaction(self._connection):
            put_orders(self._connection, self._number, orders)
            for fill in fills:
                if not self._has(fill):
                    insert_fills(self._connection, self._number, [fill])

    def explain_order(self, symbol: str, order_id: str, record: Any) -> None:
        """Keep what a stored order was made from: JSON values."""
        self._check_open()
        order = {"symbol": symbol, "order_id": order_id}
        with translated_faults(self._path, FORMAT), transaction(self._connection):
            explain_orders(self._connection, self._number, [order], [record])

    def finish(self, end: RunEnd) -> None:
        """The run has come to its end; nothing can be added any more."""
        self._check_open()
        with translated_faults(self._path, FORMAT), transaction(self._connection):
            end_run(self._connection, self._number, end)
        self._release()

    def fail(self, message: str) -> None:
        """A failure has ended the run."""
        self._check_open()
        query = "UPDATE run SET status = ?, error = ?, ended_time = ? WHERE id = ?"
        values = (RunStatus.FAILED.value, message, self._now(), self._number)
        with translated_faults(self._path, FORMAT), transaction(self._connection):
            self._connection.execute(query, values)
        self._release()

    def _has(self, fill: Fill) -> bool:
        row = fill_row(self._number, fill)
        stored = self._connection.execute(_GET_FILL, (self._number, fill.symbol, fill.fill_id)).fetchone()
        if stored is not None and stored != row:
            raise BugError(f"fill {fill.fill_id} of {fill.symbol} is stored with other values", field="fill_id")
        return stored is not None

    def _check_open(self) -> None:
        if self._life is None:
            raise BugError(f"run {self.id} has ended already", field="run")

    def _release(self) -> None:
        if self._life is not None:
            self._life.end()
            self._life = None
