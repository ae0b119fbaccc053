# SPDX-License-Identifier: Apache-2.0
"""Recorded events of feeds in a SQLite file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from octobot_commons.causality import check_known
from octobot_commons.errors import DataError, did_you_mean
from octobot_commons.services.feed_event import FeedEvent
from octobot_commons.sqlite_file import SqliteFormat, SqliteStore, open_sqlite_file, transaction, translated_faults

FORMAT = SqliteFormat(
    application_id=0x4F42_4645,  # "OBFE"
    steps=(
        (
            "CREATE TABLE feed (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
            "CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, feed_id INTEGER NOT NULL REFERENCES feed (id),"
            " time REAL NOT NULL, key TEXT, data BLOB NOT NULL)",
            "CREATE INDEX event_by_time ON event (feed_id, time, id)",
        ),
    ),
    name="file of recorded feeds",
    remedy="restore a copy of it, or record anew into another file",
    remedy_if_foreign="give a file that OctoBot has recorded feeds into",
)
_EVENTS = "SELECT event.id, time, key, data FROM event JOIN feed ON feed.id = feed_id WHERE name = ?"


class StoredFeed(NamedTuple):
    """One line of the catalogue; times are those of the first and last event."""

    name: str
    events: int
    first_time: float
    last_time: float


class FeedEventStore(SqliteStore):
    """Events by feed, each with the time at which it became known. What is appended is on the disk.

    Raises:
        DataError: the file is of another kind, is damaged or, when reading, is not there.
        EnvironmentFault: the file cannot be opened.
    """

    def __init__(self, path: Path, *, must_exist: bool = False) -> None:
        if must_exist and not path.is_file():
            remedy = "record feeds first, or give the right path"
            raise DataError("there is no such file of recorded feeds", file=path, remedy=remedy)
        super().__init__(path, open_sqlite_file(path, FORMAT))

    def append(self, feed_name: str, event: FeedEvent) -> None:
        """Keep an event.

        Raises:
            EnvironmentFault: the file cannot be written.
        """
        data = msgspec.json.encode(event.data)
        with translated_faults(self.path, FORMAT), transaction(self._connection):
            self._connection.execute("INSERT OR IGNORE INTO feed (name) VALUES (?)", (feed_name,))
            self._connection.execute(
                "INSERT INTO event (feed_id, time, key, data) SELECT id, ?, ?, ? FROM feed WHERE name = ?",
                (event.time, event.key, data, feed_name),
            )

    def catalogue(self) -> list[StoredFeed]:
        """What is stored, by name.

        Raises:
            DataError: the file is damaged.
        """
        query = (
            "SELECT name, COUNT(*), MIN(time), MAX(time) FROM feed JOIN event ON feed_id = feed.id"
            " GROUP BY feed.id ORDER BY name"
        )
        with translated_faults(self.path, FORMAT):
            return [StoredFeed(*row) for row in self._connection.execute(query)]

    def check_has(self, feed_name: str) -> None:
        """DataError where nothing is stored of a feed; names what is."""
        check_has(self.path, self.catalogue(), feed_name)

    def read(self, feed_name: str, first_time: float | None = None, end_time: float = math.inf) -> Iterator[FeedEvent]:
        """Events with ``first_time <= time <= end_time``, in the order in which they became known.

        Raises:
            DataError: the file is damaged.
            LookAheadError: a backtest runs and has not come to one of them.
        """
        self._check_times(feed_name)
        first = -math.inf if first_time is None else first_time
        query = f"{_EVENTS} AND time >= ? AND time <= ? ORDER BY time, event.id"
        yield from self._events(query, (feed_name, first, end_time))

    def last_before(self, feed_name: str, time: float, count: int) -> list[FeedEvent]:
        """The last events with a smaller time, oldest first.

        Raises:
            DataError: the file is damaged.
        """
        query = f"{_EVENTS} AND time < ? ORDER BY time DESC, event.id DESC LIMIT ?"
        return list(self._events(query, (feed_name, time, count)))[::-1]

    def _check_times(self, feed_name: str) -> None:
        """A time that is no number would be left out of every span without a word."""
        query = f"{_EVENTS} AND typeof(time) <> 'real' LIMIT 1"
        with translated_faults(self.path, FORMAT):
            row = self._connection.execute(query, (feed_name,)).fetchone()
        if row is not None:
            self._event(*row)

    def _events(self, query: str, parameters: tuple[Any, ...]) -> Iterator[FeedEvent]:
        with translated_faults(self.path, FORMAT):
            rows = self._connection.execute(query, parameters)
        while True:
            with translated_faults(self.path, FORMAT):
                row = rows.fetchone()
            if row is None:
                return
            event = self._event(*row)
            check_known(event.time, "an event of a feed")
            yield event

    def _event(self, row: int, time: Any, key: Any, data: Any) -> FeedEvent:
        if not (isinstance(time, float) and math.isfinite(time)):
            raise self._damaged(row, f"its time is {time!r}")
        if not (key is None or isinstance(key, str)):
            raise self._damaged(row, f"its key is {key!r}")
        try:
            return FeedEvent(time, key, msgspec.json.decode(data))
        except (msgspec.MsgspecError, TypeError, UnicodeError) as error:
            raise self._damaged(row, f"its data are no JSON: {error}") from error

    def _damaged(self, row: int, what: str) -> DataError:
        return DataError(f"a recorded event is damaged: {what}", file=self.path, row=row, remedy=FORMAT.remedy)


def check_has(path: Path, catalogue: Iterable[StoredFeed], feed_name: str) -> None:
    """DataError where a file holds nothing of a feed; names what it holds."""
    held = [one.name for one in catalogue]
    if feed_name not in held:
        otherwise = f"it holds {', '.join(held)}" if held else "it holds none yet"
        remedy = did_you_mean(feed_name, held, otherwise)
        raise DataError(f"no events of {feed_name} are recorded", file=path, remedy=remedy)
