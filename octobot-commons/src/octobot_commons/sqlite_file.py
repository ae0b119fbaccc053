# SPDX-License-Identifier: Apache-2.0
"""A SQLite file of ours: made, opened, brought to the newest version, its faults told apart."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from octobot_commons.errors import DataError, EnvironmentFault, OctoBotError

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_ATTEMPTS_TO_SWITCH = 100


@dataclass(frozen=True, slots=True)
class SqliteFormat:
    """What tells a kind of file from others, and how it is made.

    Attributes:
        application_id: so that another program's database is never taken for one of this kind.
        steps: of statements; step ``n`` makes version ``n`` out of the one before, an empty file being version 0.
        name: what messages call it.
        remedy: of a file that is damaged or of a version that cannot be read.
        remedy_if_foreign: of another program's database.
        write_ahead: keep a write-ahead log, so that reading and appending do not wait for each other. Without it the
            file is one, readable from read-only folders too.
        busy_seconds: how long to wait for another process that writes.
    """

    application_id: int
    steps: tuple[tuple[str, ...], ...]
    name: str
    remedy: str
    remedy_if_foreign: str
    write_ahead: bool = False
    busy_seconds: float = 10.0

    @property
    def version(self) -> int:
        """The newest."""
        return len(self.steps)

    def damaged(self, path: Path, what: str) -> DataError:
        """The error of a file that holds what was not stored in it."""
        return DataError(f"the {self.name} is damaged: {what}", file=path, remedy=self.remedy)


class SqliteStore:
    """Something that is kept in a SQLite file of ours, open until ``close`` or the end of a ``with`` block."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards. Closing twice does nothing more."""
        self._connection.close()


def open_sqlite_file(path: Path, file_format: SqliteFormat) -> sqlite3.Connection:
    """Open a file of this format in its newest version, or make an empty one that only its owner may read.

    What is committed is on the disk. An older version is brought to the newest in one transaction.

    Raises:
        DataError: the file is of another kind, is damaged or was made by a newer version.
        EnvironmentFault: the file cannot be opened.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
        connection = sqlite3.connect(path, timeout=file_format.busy_seconds, isolation_level=None)
        with translated_faults(path, file_format):
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            _prepare(connection, path, file_format)
    except (OSError, sqlite3.Error, ValueError, OctoBotError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, OctoBotError):
            raise
        raise EnvironmentFault(
            f"it cannot be opened: {error}", file=path, remedy="check the folder's rights"
        ) from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside is kept, or nothing of it; no other process writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def translated_faults(path: Path, file_format: SqliteFormat) -> Iterator[None]:
    """SQLite's errors as ours: a damaged file is a DataError, anything else (locked, disk full) the outside world's."""
    try:
        yield
    except (UnicodeError, OverflowError) as error:  # texts and numbers that nothing here has written
        raise file_format.damaged(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            raise file_format.damaged(path, str(error)) from error
        remedy = f"see that the disk has room and no other program uses the {file_format.name}, then try again"
        raise EnvironmentFault(f"the {file_format.name} cannot be used: {error}", file=path, remedy=remedy) from error


def _prepare(connection: sqlite3.Connection, path: Path, file_format: SqliteFormat) -> None:
    if not _is_empty(connection):
        _check_kind(connection, path, file_format)
    if _pragma(connection, "user_version") < file_format.version:
        with transaction(connection):
            if _is_empty(connection):  # another process may have been faster
                connection.execute(f"PRAGMA application_id = {file_format.application_id}")
            _migrate(connection, file_format)
    _check_kind(connection, path, file_format)
    if file_format.write_ahead:
        _write_ahead(connection)


def _migrate(connection: sqlite3.Connection, file_format: SqliteFormat) -> None:
    for step in file_format.steps[_pragma(connection, "user_version") :]:
        for statement in step:
            connection.execute(statement)
    if _pragma(connection, "user_version") < file_format.version:
        connection.execute(f"PRAGMA user_version = {file_format.version}")


def _check_kind(connection: sqlite3.Connection, path: Path, file_format: SqliteFormat) -> None:
    if _pragma(connection, "application_id") != file_format.application_id:
        raise DataError("it is another program's database", file=path, remedy=file_format.remedy_if_foreign)
    version = _pragma(connection, "user_version")
    if version > file_format.version:
        raise DataError(
            f"the {file_format.name} has version {version}, this program reads version {file_format.version}",
            file=path,
            remedy=f"install a newer OctoBot, or {file_format.remedy}",
        )


def _write_ahead(connection: sqlite3.Connection) -> None:
    """SQLite does not wait where two processes switch at once: whoever comes second waits for the first to be done."""
    for attempt in range(_ATTEMPTS_TO_SWITCH):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or attempt == _ATTEMPTS_TO_SWITCH - 1:
                raise
            with transaction(connection):
                continue


def _is_empty(connection: sqlite3.Connection) -> bool:
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    return bool(tables == 0 and _pragma(connection, "application_id") == 0)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
