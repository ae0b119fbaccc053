# SPDX-License-Identifier: Apache-2.0
"""The tables of the store that hold a blob per series and day: one of candles, one of all other kinds."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
        days = [packed for packed, _ in self._intact_days(series_id, start_time, end_time)]
        return day_blobs.unpack(self.kind, days)

    def read_columns(self, series_id: int, start_time: float | None, end_time: float | None) -> NDArray[np.float64]:
        """As ``read``, of a kind whose columns are all floats: a row for each column, every number copied once."""
        fields = len(self.kind.fields)
        # A list, as one statement sees one state of the file whatever other processes write meanwhile.
        days = list(self._intact_days(series_id, start_time, end_time))
        columns, filled = np.empty((fields, sum(records for _, records in days))), 0
        for packed, records in days:
            columns[:, filled : filled + records] = np.frombuffer(packed, dtype="<f8").reshape(-1, fields).T
            filled += records
        return columns

    def _intact_days(
        self, series_id: int, start_time: float | None, end_time: float | None
    ) -> Iterator[tuple[bytes, int]]:
        rows = self._connection.execute(
            f"SELECT packed, {self._count}, checksum, day FROM {self._table}"
            " WHERE series_id = ? AND day BETWEEN ? AND ? ORDER BY day",
            (series_id, *self._span(start_time, end_time)),
        )
        for packed, records, checksum, day in rows:
            if not (isinstance(packed, bytes) and day_blobs.is_intact(self.kind, packed, records, checksum)):
                date = format_time(day * self.kind.block_seconds)[:10]
                raise damaged(self._path, f"the {self.kind.plural} of {date}")
            yield packed, records

    def read_day(self, series_id: int, day: int) -> Records:
        """The records of one block of time, of ``kind.block_seconds`` from ``day`` times that.

        Raises:
            DataError: it is not what was once stored.
        """
        start_time = float(day * self.kind.block_seconds)
        return self.read(series_id, start_time, start_time)

    def days(self, series_id: int) -> list[int]:
        """The blocks that are stored."""
        query = f"SELECT day FROM {self._table} WHERE series_id = ? ORDER BY day"
        found = [day for (day,) in self._connection.execute(query, (series_id,))]
        if not all(isinstance(day, int) for day in found):
            raise damaged(self._path, f"the days of {self.kind.plural}")
        return found

    def read_parts(self, series_id: int, first_time: float | None, rows: int) -> Iterator[Records]:
        """The records from the block of ``first_time`` on, as many blocks at a time as have ``rows`` records or more.

        Raises:
            DataError: a block is not what was once stored.
        """
        seconds = self.kind.block_seconds
        counts = self._connection.execute(
            f"SELECT day, {self._count} FROM {self._table} WHERE series_id = ? AND day >= ? ORDER BY day",
            (series_id, -_LAST_DAY if first_time is None else int(first_time // seconds)),
        ).fetchall()
        start, total = None, 0
        for day, count in counts:
            start, total = day if start is None else start, total + count
            if total >= rows or day == counts[-1][0]:
                yield self.read(series_id, start * seconds, day * seconds)
                start, total = None, 0

    def time_before(self, series_id: int, time: float, rows: int) -> float:
        """The start of a block from which on at least ``rows`` records come before ``time``, if there are so many."""
        seconds = self.kind.block_seconds
        found, total = int(time // seconds), 0
        days = self._connection.execute(
            f"SELECT day, {self._count} FROM {self._table} WHERE series_id = ? AND day < ? ORDER BY day DESC",
            (series_id, found),
        )
        for day, count in days:
            found, total = day, total + count
            if total >= rows:
                break
        days.close()
        return float(found * seconds)

    def _span(self, start_time: float | None, end_time: float | None) -> tuple[int, int]:
        first = 0 if start_time is None else int(start_time // self.kind.block_seconds)
        return first, _LAST_DAY if end_time is None else int(end_time // self.kind.block_seconds)

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
        stored = self.read_day(series_id, day)
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

    def replace_day(self, series_id: int, day: int, records: Records) -> None:
        """Put these records, in their order, in the place of those stored."""
        self._write(series_id, day, records)

    def _write(self, series_id: int, day: int, records: Records) -> None:
        packed = day_blobs.pack(self.kind, records)
        times = records[self.kind.names[0]]
        self._connection.execute(
            f"INSERT OR REPLACE INTO {self._table}"
            f" (series_id, day, {self._count}, first_time, last_time, checksum, packed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (series_id, day, len(records), float(times[0]), float(times[-1]), zlib.crc32(packed), packed),
        )
