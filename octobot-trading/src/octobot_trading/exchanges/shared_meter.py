# SPDX-License-Identifier: Apache-2.0
"""A budget of requests that several bots of one machine share, as an exchange counts them by address.

SQLite does the locking between processes, on every platform. The state is worth nothing after a crash of the machine,
so nothing waits for the disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from octobot_commons.sqlite_file import SqliteFormat, SqliteStore, open_sqlite_file, transaction, translated_faults
from octobot_trading.exchanges.request_budget import taken

FORMAT: Final = SqliteFormat(
    application_id=0x0B07_1274,
    steps=(("CREATE TABLE meters (name TEXT PRIMARY KEY, full_time REAL NOT NULL, pause_time REAL NOT NULL)",),),
    name="shared budget of requests",
    remedy="delete it: nothing in it is needed",
    remedy_if_foreign="delete it, or let the bots share another file",
)
_LONG_AGO: Final = -1e300


class SharedMeter(SqliteStore):
    """One bucket, in a file; ``name`` is that of the host that counts.

    Raises:
        DataError: the file is damaged or another program's.
        EnvironmentFault: it cannot be used.
    """

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(path, open_sqlite_file(path, FORMAT))
        self._name = name
        with self._changing():
            self._connection.execute("INSERT OR IGNORE INTO meters VALUES (?, ?, ?)", (name, _LONG_AGO, _LONG_AGO))
        self._connection.execute("PRAGMA synchronous = OFF")

    def take(self, now: float, seconds: float, tolerance: float) -> float:
        """See ``Meter``."""
        with self._changing():
            full_time, pause_time = self._connection.execute(
                "SELECT full_time, pause_time FROM meters WHERE name = ?", (self._name,)
            ).fetchone()
            free_time, full_after = taken(now, seconds, tolerance, full_time, pause_time)
            if free_time <= now:
                self._connection.execute("UPDATE meters SET full_time = ? WHERE name = ?", (full_after, self._name))
        return free_time

    def pause_until(self, time: float) -> None:
        """See ``Meter``."""
        with self._changing():
            self._connection.execute(
                "UPDATE meters SET pause_time = max(pause_time, ?) WHERE name = ?", (time, self._name)
            )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with translated_faults(self.path, FORMAT), transaction(self._connection):
            yield
