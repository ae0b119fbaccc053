# SPDX-License-Identifier: Apache-2.0
"""The SQLite file of the store: its tables and the words of its faults."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from octobot_commons import sqlite_file
from octobot_commons.errors import DataError
from octobot_commons.sqlite_file import SqliteFormat, transaction

__all__ = [
    "damaged",
    "has_record_tables",
    "make_record_tables",
    "open_store_file",
    "transaction",
    "translated_faults",
]

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
)
_FORMAT = SqliteFormat(
    application_id=0x4F424353,  # "OBCS"
    steps=(_SCHEMA,),
    name="store",
    remedy="move the file away and import the data again",
    remedy_if_foreign="name a new file or a candle store",
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
    return sqlite_file.open_sqlite_file(path, _FORMAT)


def has_record_tables(connection: sqlite3.Connection) -> bool:
    """Whether anything but candles was ever imported."""
    query = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'record_series'"
    return bool(connection.execute(query).fetchone()[0])


def make_record_tables(connection: sqlite3.Connection) -> None:
    """Make room for other kinds than candles; part of the transaction that imports the first of them."""
    for statement in _RECORD_SCHEMA:
        connection.execute(statement)


def translated_faults(path: Path) -> AbstractContextManager[None]:
    """SQLite's errors as ours: a damaged file is a DataError, anything else (locked, disk full) the outside world's."""
    return sqlite_file.translated_faults(path, _FORMAT)


def damaged(path: Path, what: str) -> DataError:
    """The error of a store that holds what was not stored in it."""
    return _FORMAT.damaged(path, what)
