# SPDX-License-Identifier: Apache-2.0
"""What can be wrong in the file of a store: SQLite's own structures, and days that are not what was once stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from octobot_trading.history import day_blobs
from octobot_trading.history.kinds import KINDS
from octobot_trading.history.store_file import has_record_tables
from octobot_trading.history.validation import format_time

#: kind, exchange, symbol and time frame ("" for none) of a series.
SeriesNames = tuple[str, str, str, str]
_WHOLE_FILE: SeriesNames = ("", "", "", "")

_DAYS_OF_CANDLES = (
    "SELECT 'candles', exchange_name, symbol, time_frame, day, candles, first_time, last_time, checksum, packed"
    " FROM series JOIN day ON series_id = id ORDER BY id, day"
)
_DAYS_OF_RECORDS = (
    "SELECT kind, exchange_name, symbol, time_frame, day, records, first_time, last_time, checksum, packed"
    " FROM record_series JOIN record_day ON series_id = id ORDER BY id, day"
)


def stored_faults(connection: sqlite3.Connection) -> Iterator[tuple[SeriesNames, str]]:
    """Each fault with the series it is in (empty names: the file itself), one day in memory at a time.

    Raises:
        sqlite3.Error: the file cannot be read on.
    """
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield _WHOLE_FILE, f"SQLite's integrity check: {message}"
    for table, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield _WHOLE_FILE, f"a row of table {table} belongs to no series"
    yield from _faulty_days(connection.execute(_DAYS_OF_CANDLES))
    if has_record_tables(connection):
        yield from _faulty_days(connection.execute(_DAYS_OF_RECORDS))


def _faulty_days(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[SeriesNames, str]]:
    for kind, exchange, symbol, frame, *day in rows:
        fault = _day_fault(kind, *day)
        if fault:
            yield (kind, exchange, symbol, frame), fault


def _day_fault(
    kind_name: str, day: int, count: object, first: object, last: object, checksum: object, packed: object
) -> str | None:
    kind = KINDS.get(kind_name)
    if kind is None:
        return f"{kind_name!r} is no kind of data that this program knows"
    if not isinstance(day, int):
        return f"a day is {day!r}"
    date = format_time(day * kind.block_seconds)[:10]
    if not (isinstance(packed, bytes) and day_blobs.is_intact(kind, packed, count, checksum)):
        return f"the {kind.plural} of {date} are not what was stored: length or checksum differ"
    times = day_blobs.unpack(kind, [packed])[kind.names[0]]
    if not len(times):
        return f"{date} is stored without a {kind.noun}"
    if (float(times[0]), float(times[-1])) != (first, last):
        return f"the catalogue has other times than the {kind.plural} of {date}"
    if not (times // kind.block_seconds == day).all():
        return f"{kind.plural} of another day are stored under {date}"
    return None
