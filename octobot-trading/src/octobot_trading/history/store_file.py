# SPDX-License-Identifier: Apache-2.0
"""The SQLite file of the store: made, opened, its version checked, its faults told apart."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from octobot_commons.errors import DataError, EnvironmentFault, OctoBotError

#: "OBCS", so that another program's database is never taken for a store.
_APPLICATION_ID = 0x4F424353
_VERSION = 1
_BUSY_TIMEOUT_SECONDS = 10.0
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_SCHEMA = (
    """CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        exchange_name TEXT NOT NULL,
        symbol TEXT NOT NULL,
        time_frame TEXT NOT NULL,
        UNIQUE (exchange_name, symbol, time_frame)
    )""",
    """CREATE TABLE day (
        series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
        day INTEGER NOT NULL,
        candles INTEGER NOT NULL,
        first_time REAL NOT NULL,
        last_time REAL NOT NULL,
        checksum INTEGER NOT NULL,
        packed BLOB NOT NULL,
        UNIQUE (series_id, day)
    )""",
    """CREATE TABLE source (
        series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
        file TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        UNIQUE (series_id, file, sha256)
    )""",
    f"PRAGMA application_id = {_APPLICATION_ID}",
    f"PRAGMA user_version = {_VERSION}",
)

#: Of the kinds that are no candles; made when the first of them is imported, so that a store of candles stays as it is
#: and a program that knows candles only still reads a store that holds more.
_RECORD_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS record_series (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        exchange_name TEXT NOT NULL,
        symbol TEXT NOT NULL,
        time_frame TEXT NOT NULL,
        UNIQUE (kind, exchange_name, symbol, time_frame)
    )""",
    """CREATE TABLE IF NOT EXISTS record_day (
        series_id INTEGER NOT NULL REFERENCES record_series (id) ON DELETE CASCADE,
        day INTEGER NOT NULL,
        records INTEGER NOT NULL,
        first_time REAL NOT NULL,
        last_time REAL NOT NULL,
        checksum INTEGER NOT NULL,
        packed BLOB NOT NULL,
        UNIQUE (series_id, day)
    )""",
    """CREATE TABLE IF NOT EXISTS record_source (
        series_id INTEGER NOT NULL REFERENCES record_series (id) ON DELETE CASCADE,
        file TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        UNIQUE (series_id, file, sha256)
    )""",
)


def open_store_file(path: Path) -> sqlite3.Connection:
    """Open a store, or make an empty one that only its owner may read.

    Raises:
        DataError: the file is no store, is damaged or was made by a newer version.
        EnvironmentFault: the file cannot be opened.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
        connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_SECONDS, isolation_level=None)
        with translated_faults(path):
            # A rollback journal keeps the store one file, readable from read-only folders too.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            _prepare(connection, path)
    except (OSError, sqlite3.Error, ValueError, OctoBotError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, OctoBotError):
            raise
        raise EnvironmentFault(
            f"it cannot be opened: {error}", file=path, remedy="check the folder's rights"
        ) from error
    return connection


def has_record_tables(connection: sqlite3.Connection) -> bool:
    """Whether anything but candles was ever imported."""
    query = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'record_series'"
    return bool(connection.execute(query).fetchone()[0])


def make_record_tables(connection: sqlite3.Connection) -> None:
    """Make room for other kinds than candles; part of the transaction that imports the first of them."""
    for statement in _RECORD_SCHEMA:
        connection.execute(statement)


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
def translated_faults(path: Path) -> Iterator[None]:
    """SQLite's errors as ours: a damaged file is a DataError, anything else (locked, disk full) the outside world's."""
    try:
        yield
    except (UnicodeError, OverflowError) as error:  # texts and numbers that nothing here has written
        raise damaged(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            raise damaged(path, str(error)) from error
        remedy = "see that the disk has room and no other program uses the store, then try again"
        raise EnvironmentFault(f"the store cannot be used: {error}", file=path, remedy=remedy) from error


def damaged(path: Path, what: str) -> DataError:
    """The error of a store that holds what was not stored in it."""
    return DataError(f"the store is damaged: {what}", file=path, remedy="move the file away and import the data again")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if _is_empty(connection):
        with transaction(connection):
            if _is_empty(connection):  # another process may have been faster
                for statement in _SCHEMA:
                    connection.execute(statement)
    if _pragma(connection, "application_id") != _APPLICATION_ID:
        raise DataError("it is another program's database", file=path, remedy="name a new file or a candle store")
    version = _pragma(connection, "user_version")
    if version != _VERSION:
        raise DataError(
            f"the store has version {version}, this program reads version {_VERSION}",
            file=path,
            remedy="install a newer OctoBot, or move the file away and import the data again",
        )


def _is_empty(connection: sqlite3.Connection) -> bool:
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    return bool(tables == 0 and _pragma(connection, "application_id") == 0)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
