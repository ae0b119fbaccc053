# SPDX-License-Identifier: Apache-2.0
"""The tables of the store that hold a blob per series and day: one of candles, one of all other kinds."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_commons.errors import DataError
from octobot_trading.history import day_blobs
from octobot_trading.history.kinds import CANDLES, NO_ID, RecordKind, Records
from octobot_trading.history.store_file import damaged
from octobot_trading.history.validation import format_time

_LAST_DAY = 2**62


class StoredDays:
    """Reads and writes days of one kind; whoever calls it owns the transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path, kind: RecordKind = CANDLES) -> None:
        self._connection = connection
        self._path = path
        self.kind = kind
        self._table, self._count = ("day", "candles") if kind is CANDLES else ("record_day", "records")

    def read(self, series_id: int, start_time: float | None, end_time: float | None) -> Records:
        """The records of all days that the span touches.

        Raises:
            DataError: a day is not what was once stored.
        """
        first = 0 if start_time is None else int(start_time // DAYS_TO_SECONDS)
        last = _LAST_DAY if end_time is None else int(end_time // DAYS_TO_SECONDS)
        rows = self._connection.execute(
            f"SELECT packed, {self._count}, checksum, day FROM {self._table}"
            " WHERE series_id = ? AND day BETWEEN ? AND ? ORDER BY day",
            (series_id, first, last),
        ).fetchall()
        for packed, records, checksum, day in rows:
            if not (isinstance(packed, bytes) and day_blobs.is_intact(self.kind, packed, records, checksum)):
                raise damaged(self._path, f"the {self.kind.plural} of {format_time(day * DAYS_TO_SECONDS)[:10]}")
        return day_blobs.unpack(self.kind, b"".join(packed for packed, *_ in rows))

    def read_parts(self, series_id: int, first_time: float | None, rows: int) -> Iterator[Records]:
        """The records from the day of ``first_time`` on, as many days at a time as have ``rows`` records or more.

        Raises:
            DataError: a day is not what was once stored.
        """
        first = -_LAST_DAY if first_time is None else int(first_time // DAYS_TO_SECONDS)
        counts = self._connection.execute(
            f"SELECT day, {self._count} FROM {self._table} WHERE series_id = ? AND day >= ? ORDER BY day",
            (series_id, first),
        ).fetchall()
        start, total = None, 0
        for day, count in counts:
            start, total = day if start is None else start, total + count
            if total >= rows or day == counts[-1][0]:
                yield self.read(series_id, start * DAYS_TO_SECONDS, day * DAYS_TO_SECONDS)
                start, total = None, 0

    def time_before(self, series_id: int, time: float, rows: int) -> float:
        """The start of a day from which on at least ``rows`` records come before ``time``, where there are so many."""
        found, total = time, 0
        days = self._connection.execute(
            f"SELECT day, {self._count} FROM {self._table} WHERE series_id = ? AND day < ? ORDER BY day DESC",
            (series_id, int(time // DAYS_TO_SECONDS)),
        )
        for day, count in days:
            found, total = day * DAYS_TO_SECONDS, total + count
            if total >= rows:
                break
        days.close()
        return float(min(found, time // DAYS_TO_SECONDS * DAYS_TO_SECONDS))

    def import_all(self, series_id: int, records: Records, source: str) -> int:
        """Add records to those stored; returns how many were new.

        Raises:
            DataError: a stored record has other numbers.
        """
        days = day_blobs.split_days(self.kind, records)
        return sum(self.import_day(series_id, day, of_day, source) for day, of_day in days)

    def import_day(self, series_id: int, day: int, imported: Records, source: str) -> int:
        """Add records of one day to those stored; returns how many were new.

        Raises:
            DataError: a stored record has other numbers.
        """
        stored = self.read(series_id, day * DAYS_TO_SECONDS, day * DAYS_TO_SECONDS)
        self._check_ids(stored, imported, source)
        merged, conflict = day_blobs.merge(self.kind, stored, imported)
        if conflict is not None:
            raise DataError(
                f"the {self.kind.noun} of {format_time(conflict)} has other numbers than the stored one",
                file=source,
                remedy=f"correct the file, or remove the stored series from {self._path} first",
            )
        added = len(merged) - len(stored)
        if added:
            self._write(series_id, day, merged)
        return added

    def _check_ids(self, stored: Records, imported: Records, source: str) -> None:
        if not (self.kind.many_at_a_time and len(stored)):
            return
        have, has = (bool((records["id"] != NO_ID).all()) for records in (stored, imported))
        if have != has:
            told = "have ids and its own have none" if have else "have no ids and its own do"
            raise DataError(
                f"the stored trades of {format_time(stored['time'][0])[:10]} {told}, so what is in both cannot be told",
                file=source,
                remedy=f"remove the stored series from {self._path} first, or import under another exchange name",
            )

    def _write(self, series_id: int, day: int, records: Records) -> None:
        packed = day_blobs.pack(records)
        times = records[self.kind.names[0]]
        self._connection.execute(
            f"INSERT OR REPLACE INTO {self._table}"
            f" (series_id, day, {self._count}, first_time, last_time, checksum, packed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (series_id, day, len(records), float(times[0]), float(times[-1]), zlib.crc32(packed), packed),
        )
