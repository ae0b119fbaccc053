# SPDX-License-Identifier: Apache-2.0
"""The store of runs: one SQLite file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from octobot.runs.ids import run_name, run_number
from octobot.runs.liveness import forget
from octobot.runs.reading import read_lines, read_run, status_of
from octobot.runs.records import RunEnd, RunLine, RunStart, RunStatus, StoredRun
from octobot.runs.schema import FORMAT
from octobot.runs.writing import RunWriter, end_run, explain_orders, insert_fills, insert_run, put_orders
from octobot_commons.configuration import user_folder
from octobot_commons.errors import DataError, UserInputError
from octobot_commons.sqlite_file import SqliteStore, open_sqlite_file, transaction, translated_faults
from octobot_trading.personal_data.trades.fill import Fill

#: Stands for the id of the newest run.
NEWEST = "newest"


def runs_path() -> Path:
    """The file that keeps a user's runs."""
    return user_folder() / "runs.sqlite"


class RunStore(SqliteStore):
    """Runs with their settings, hashes, orders, fills and figures, several processes at once.

    Use it as a context manager, in one thread.

    Args:
        path: by default ``runs.sqlite`` in the user folder.
        now: the time on the wall in Unix seconds.

    Raises:
        DataError: the file is no run store, is damaged or was made by a newer version.
        EnvironmentFault: the file cannot be opened.
    """

    def __init__(self, path: str | PathLike[str] | None = None, now: Callable[[], float] = time.time) -> None:
        file = runs_path() if path is None else Path(path)
        super().__init__(file, open_sqlite_file(file, FORMAT))
        self._now = now

    def begin(self, start: RunStart) -> RunWriter:
        """A run whose orders and fills are stored as they come.

        Raises:
            EnvironmentFault: the store cannot be written.
        """
        return RunWriter(self._connection, self.path, start, self._now)

    def add(
        self,
        start: RunStart,
        end: RunEnd,
        orders: Sequence[Mapping[str, Any]] = (),
        fills: Iterable[Fill] = (),
        causes: Sequence[Any] = (),
    ) -> str:
        """Store a finished run in one transaction; returns its id. ``causes`` are what the orders were made from,
        one for each or none at all: JSON values, or their text as bytes.

        Raises:
            EnvironmentFault: the store cannot be written; nothing of the run is stored.
        """
        with translated_faults(self.path, FORMAT), transaction(self._connection):
            number = insert_run(self._connection, start)
            put_orders(self._connection, number, orders)
            if causes:
                explain_orders(self._connection, number, orders, causes)
            insert_fills(self._connection, number, fills)
            end_run(self._connection, number, end)
        return run_name(number)

    def runs(self) -> list[RunLine]:
        """All runs, newest first.

        Raises:
            DataError: the store is damaged.
            EnvironmentFault: the store cannot be read.
        """
        with translated_faults(self.path, FORMAT):
            return read_lines(self._connection, self.path)

    def load(self, name: str) -> StoredRun:
        """Everything of one run, by its id or ``newest``.

        Raises:
            DataError: there is no such run, or the store is damaged.
            EnvironmentFault: the store cannot be read.
        """
        with translated_faults(self.path, FORMAT):
            found = read_run(self._connection, self.path, self._number(name))
        if found is None:
            raise self._unknown(name)
        return found

    def delete(self, names: Sequence[str]) -> list[str]:
        """Forget runs, all of them or none; returns their ids.

        Raises:
            DataError: one of them is not stored.
            UserInputError: one of them is still being written.
            EnvironmentFault: the store cannot be written.
        """
        with translated_faults(self.path, FORMAT):
            with transaction(self._connection):
                numbers = list(dict.fromkeys(self._number(name) for name in names))
                for number in numbers:
                    self._delete(number)
            for number in numbers:
                forget(self.path, run_name(number))
        return [run_name(number) for number in numbers]

    def compact(self) -> int:
        """Give the space of what was deleted back to the disk; returns how many bytes.

        Raises:
            EnvironmentFault: the disk has no room for a copy, or another process is writing.
        """
        with translated_faults(self.path, FORMAT):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            before = self.path.stat().st_size
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return before - self.path.stat().st_size

    def _delete(self, number: int) -> None:
        row = self._connection.execute("SELECT status FROM run WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise self._unknown(run_name(number))
        if status_of(self._connection, self.path, number, row[0]) is RunStatus.RUNNING:
            raise UserInputError(f"run {run_name(number)} is still being written", remedy="stop its bot first")
        self._connection.execute("DELETE FROM run WHERE id = ?", (number,))

    def _number(self, name: str) -> int:
        if name != NEWEST:
            return run_number(name)
        (number,) = self._connection.execute("SELECT MAX(id) FROM run").fetchone()
        if number is None:
            raise DataError("no run is stored yet", file=self.path, remedy="run `octobot backtest`")
        return int(number)

    def _unknown(self, name: str) -> DataError:
        return DataError(f"no run {name} is stored", file=self.path, remedy="`octobot runs list` shows the ids")
