# SPDX-License-Identifier: Apache-2.0
"""The tables of the store that hold a blob per series and day: one of candles, one of all other kinds."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
        self._kind = kind
        self._table, self._count = ("day", "candles") if kind is CANDLES else ("record_day", "records")

    def read(self, series_id: int, start_time: float | None, end_time: float | None) -> Records:
        """The records of all days that the span touches.

        Raises:
            DataError: a day is not what was once stored.
        """
        days = [packed for packed, _ in self._intact_days(series_id, start_time, end_time)]
        return day_blobs.unpack(self._kind, b"".join(days))

    def read_columns(self, series_id: int, start_time: float | None, end_time: float | None) -> NDArray[np.float64]:
        """As ``read``, of a kind whose columns are all floats: a row for each column, every number copied once."""
        fields = len(self._kind.fields)
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
            (series_id, *_day_span(start_time, end_time)),
        )
        for packed, records, checksum, day in rows:
            if not (isinstance(packed, bytes) and day_blobs.is_intact(self._kind, packed, records, checksum)):
                raise damaged(self._path, f"the {self._kind.plural} of {format_time(day * DAYS_TO_SECONDS)[:10]}")
            yield packed, records

    def import_all(self, series_id: int, records: Records, source: str) -> int:
        """Add records to those stored; returns how many were new.

        Raises:
            DataError: a stored record has other numbers.
        """
        days = day_blobs.split_days(self._kind, records)
        return sum(self.import_day(series_id, day, of_day, source) for day, of_day in days)

    def import_day(self, series_id: int, day: int, imported: Records, source: str) -> int:
        """Add records of one day to those stored; returns how many were new.

        Raises:
            DataError: a stored record has other numbers.
        """
        stored = self.read(series_id, day * DAYS_TO_SECONDS, day * DAYS_TO_SECONDS)
        self._check_ids(stored, imported, source)
        merged, conflict = day_blobs.merge(self._kind, stored, imported)
        if conflict is not None:
            raise DataError(
                f"the {self._kind.noun} of {format_time(conflict)} has other numbers than the stored one",
                file=source,
                remedy=f"correct the file, or remove the stored series from {self._path} first",
            )
        added = len(merged) - len(stored)
        if added:
            self._write(series_id, day, merged)
        return added

    def _check_ids(self, stored: Records, imported: Records, source: str) -> None:
        if not (self._kind.many_at_a_time and len(stored)):
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
        times = records[self._kind.names[0]]
        self._connection.execute(
            f"INSERT OR REPLACE INTO {self._table}"
            f" (series_id, day, {self._count}, first_time, last_time, checksum, packed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (series_id, day, len(records), float(times[0]), float(times[-1]), zlib.crc32(packed), packed),
        )


def _day_span(start_time: float | None, end_time: float | None) -> tuple[int, int]:
    first = 0 if start_time is None else int(start_time // DAYS_TO_SECONDS)
    return first, _LAST_DAY if end_time is None else int(end_time // DAYS_TO_SECONDS)
