# SPDX-License-Identifier: Apache-2.0
"""The table of the candle store that holds a blob per series and day."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_commons.errors import DataError
from octobot_trading.history import day_blobs
from octobot_trading.history.store_file import damaged
from octobot_trading.history.validation import format_time
from octobot_trading.util import FloatArray

_LAST_DAY = 2**62


class StoredDays:
    """Reads and writes days; whoever calls it owns the transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def read(self, series_id: int, start_time: float | None, end_time: float | None) -> FloatArray:
        """The candles, a row each, of all days that the span touches.

        Raises:
            DataError: a day is not what was once stored.
        """
        first = 0 if start_time is None else int(start_time // DAYS_TO_SECONDS)
        last = _LAST_DAY if end_time is None else int(end_time // DAYS_TO_SECONDS)
        rows = self._connection.execute(
            "SELECT packed, candles, checksum, day FROM day WHERE series_id = ? AND day BETWEEN ? AND ? ORDER BY day",
            (series_id, first, last),
        ).fetchall()
        for packed, candles, checksum, day in rows:
            if not (isinstance(packed, bytes) and day_blobs.is_intact(packed, candles, checksum)):
                raise damaged(self._path, f"the candles of {format_time(day * DAYS_TO_SECONDS)[:10]}")
        return day_blobs.unpack(b"".join(packed for packed, *_ in rows))

    def import_day(self, series_id: int, day: int, imported: FloatArray, source: str) -> int:
        """Add candles of one day to those stored; returns how many were new.

        Raises:
            DataError: a stored candle has other numbers.
        """
        stored = self.read(series_id, day * DAYS_TO_SECONDS, day * DAYS_TO_SECONDS)
        merged, conflict = day_blobs.merge(stored, imported)
        if conflict is not None:
            raise DataError(
                f"the candle of {format_time(conflict)} has other numbers than the stored one",
                file=source,
                remedy=f"correct the file, or remove the stored series from {self._path} first",
            )
        added = len(merged) - len(stored)
        if added:
            self._write(series_id, day, merged)
        return added

    def _write(self, series_id: int, day: int, candles: FloatArray) -> None:
        packed = day_blobs.pack(candles)
        self._connection.execute(
            "INSERT OR REPLACE INTO day (series_id, day, candles, first_time, last_time, checksum, packed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (series_id, day, len(candles), float(candles[0, 0]), float(candles[-1, 0]), zlib.crc32(packed), packed),
        )
