# SPDX-License-Identifier: Apache-2.0
"""Rows of the run store as runs."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import InvalidOperation
from pathlib import Path
from typing import Any

from octobot.runs.ids import run_name
from octobot.runs.liveness import is_written
from octobot.runs.records import RunEnd, RunKind, RunLine, RunStart, RunStatus, StoredRun
from octobot.runs.rows import FILL_FIELDS, ORDER_COLUMNS, fill_of, order_of, portfolio_of
from octobot.runs.schema import FORMAT

_LINES = """SELECT id, kind, name, status, started_time, ended_time, settings, figures, settings_sha256,
    (SELECT COUNT(*) FROM run_order WHERE run_id = run.id), (SELECT COUNT(*) FROM fill WHERE run_id = run.id)
    FROM run ORDER BY id DESC"""
_START = """SELECT kind, name, started_time, seed, settings, code, reference_market, starting_portfolio, inputs,
    candles, status, error, settings_sha256 FROM run WHERE id = ?"""
_END = "SELECT ended_time, final_portfolio, figures, note_counts, timings FROM run WHERE id = ?"
_ORDERS = f"SELECT cause_number, {', '.join(ORDER_COLUMNS)} FROM run_order WHERE run_id = ? ORDER BY number"
_CAUSES = "SELECT number, record FROM cause WHERE run_id = ?"
_FILLS = f"SELECT {', '.join(FILL_FIELDS)} FROM fill WHERE run_id = ? ORDER BY number"


def read_lines(connection: sqlite3.Connection, path: Path) -> list[RunLine]:
    """All runs, newest first."""
    return [_line(connection, path, row) for row in connection.execute(_LINES).fetchall()]


def read_run(connection: sqlite3.Connection, path: Path, number: int) -> StoredRun | None:
    """All of one run as it was at one moment; None where there is none."""
    connection.execute("BEGIN")
    try:
        row = connection.execute(_START, (number,)).fetchone()
        end = connection.execute(_END, (number,)).fetchone()
        causes = dict(connection.execute(_CAUSES, (number,)).fetchall())
        orders = connection.execute(_ORDERS, (number,)).fetchall()
        fills = connection.execute(_FILLS, (number,)).fetchall()
    finally:
        connection.execute("COMMIT")
    if row is None:
        return None
    with _checked(path, number):
        kind, name, started, seed, settings, code, market, portfolio, inputs, candles, status, error, digest = row
        start = RunStart(
            RunKind(kind), name, float(started), int(seed), json.loads(settings), json.loads(code), market,
            portfolio_of(portfolio), json.loads(inputs), json.loads(candles),
        )  # fmt: skip
        return StoredRun(
            id=run_name(number),
            status=status_of(connection, path, number, status),
            error=error,
            settings_sha256=digest,
            start=start,
            end=_end(end) if status == RunStatus.FINISHED else None,
            orders=[order_of(order[1:]) for order in orders],
            fills=[fill_of(fill) for fill in fills],
            causal_records=[None if order[0] is None else _cause(causes[int(order[0])]) for order in orders],
        )


def status_of(connection: sqlite3.Connection, path: Path, number: int, stored: str) -> RunStatus:
    """The stored status, unless a run goes on by it whose process does not."""
    if stored != RunStatus.RUNNING or is_written(path, run_name(number)):
        return RunStatus(stored)
    # It may have ended between the two looks.
    row = connection.execute("SELECT status FROM run WHERE id = ?", (number,)).fetchone()
    return RunStatus.KILLED if row is None or row[0] == RunStatus.RUNNING else RunStatus(row[0])


def _cause(record: str | bytes) -> Any:
    """Records of stores that were brought up from an older version are plain texts."""
    return json.loads(record if isinstance(record, str) else zlib.decompress(record))


def _line(connection: sqlite3.Connection, path: Path, row: tuple[Any, ...]) -> RunLine:
    number, kind, name, status, started, ended, settings, figures, digest, orders, fills = row
    with _checked(path, number):
        return RunLine(
            id=run_name(number),
            kind=RunKind(kind),
            name=name,
            status=status_of(connection, path, number, status),
            started_time=float(started),
            ended_time=None if ended is None else float(ended),
            symbols=tuple(json.loads(settings).get("symbols", ())),
            orders=orders,
            fills=fills,
            figures=None if figures is None else json.loads(figures),
            settings_sha256=digest,
        )


def _end(row: tuple[Any, ...]) -> RunEnd:
    ended, portfolio, figures, note_counts, timings = row
    return RunEnd(
        float(ended), portfolio_of(portfolio), json.loads(figures), json.loads(note_counts), json.loads(timings)
    )


@contextmanager
def _checked(path: Path, number: int) -> Iterator[None]:
    """What cannot be read back was not written by us."""
    try:
        yield
    except (ValueError, TypeError, AttributeError, KeyError, InvalidOperation, zlib.error) as error:
        raise FORMAT.damaged(path, f"run {run_name(number)} cannot be read: {error}") from error
