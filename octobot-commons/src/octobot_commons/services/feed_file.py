# SPDX-License-Identifier: Apache-2.0
"""Events of feeds in a text file, written by hand or by another program: one JSON object a line."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import AbstractContextManager
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec

from octobot_commons.causality import check_known
from octobot_commons.errors import DataError, EnvironmentFault
from octobot_commons.services.feed_event import FeedEvent
from octobot_commons.services.feed_store import FeedEventStore, StoredFeed, check_has

#: Files of this kind end so; all others are those that OctoBot records into.
TEXT_SUFFIX = ".jsonl"
_time = itemgetter(0)


class RecordedEvents(Protocol):
    """Events by feed, in the order in which they became known."""

    def catalogue(self) -> list[StoredFeed]:
        """What there is, by name."""

    def read(self, feed_name: str, first_time: float | None = None, end_time: float = math.inf) -> Iterator[FeedEvent]:
        """Events with ``first_time <= time <= end_time``."""

    def last_before(self, feed_name: str, time: float, count: int) -> list[FeedEvent]:
        """The last events with a smaller time, oldest first."""

    def check_has(self, feed_name: str) -> None:
        """DataError where there is nothing of a feed."""

    def close(self) -> None:
        """Let go of the file."""


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    feed: str
    time: float
    data: Any
    key: str | None = None


class FeedEventFile(AbstractContextManager["FeedEventFile"]):
    """The events of a file of lines such as ``{"feed": "NewsFeed", "time": 1672531200, "key": null, "data": {...}}``.

    ``time`` is when it became known, in Unix seconds; lines may stand in any order, ``key`` may be left out.

    Raises:
        DataError: it is not there, or a line cannot be used; names the line.
        EnvironmentFault: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._feeds: dict[str, list[FeedEvent]] = {}
        decoder = msgspec.json.Decoder(_Line)
        for number, text in enumerate(_lines(path), start=1):
            if text.strip():
                line = self._decoded(decoder, text, number)
                self._feeds.setdefault(line.feed, []).append(FeedEvent(line.time, line.key, line.data))
        for events in self._feeds.values():
            events.sort(key=_time)

    def catalogue(self) -> list[StoredFeed]:
        """What there is, by name."""
        return [
            StoredFeed(name, len(events), events[0].time, events[-1].time)
            for name, events in sorted(self._feeds.items())
        ]

    def check_has(self, feed_name: str) -> None:
        """DataError where there is nothing of a feed; names what there is."""
        check_has(self.path, self.catalogue(), feed_name)

    def read(self, feed_name: str, first_time: float | None = None, end_time: float = math.inf) -> Iterator[FeedEvent]:
        """Events with ``first_time <= time <= end_time``, in the order in which they became known.

        Raises:
            LookAheadError: a backtest runs and has not come to one of them.
        """
        events = self._feeds.get(feed_name, [])
        first = 0 if first_time is None else bisect_left(events, first_time, key=_time)
        for event in events[first : bisect_right(events, end_time, key=_time)]:
            check_known(event.time, "an event of a feed")
            yield event

    def last_before(self, feed_name: str, time: float, count: int) -> list[FeedEvent]:
        """The last events with a smaller time, oldest first."""
        events = self._feeds.get(feed_name, [])
        end = bisect_left(events, time, key=_time)
        return events[max(0, end - count) : end]

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _decoded(self, decoder: msgspec.json.Decoder[_Line], text: bytes, number: int) -> _Line:
        remedy = 'write {"feed": "its name", "time": Unix seconds, "key": text or null, "data": anything}'
        try:
            line = decoder.decode(text)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise DataError(
                f"this is no event of a feed: {error}", file=self.path, row=number, remedy=remedy
            ) from error
        if not math.isfinite(line.time):
            raise DataError(f"{line.time} is no time", file=self.path, row=number, remedy=remedy)
        return line


def open_recorded_events(path: Path) -> FeedEventFile | FeedEventStore:
    """The events of a file, by its name a text file or one that OctoBot has recorded into.

    Raises:
        DataError: it is not there or cannot be used.
        EnvironmentFault: it cannot be opened.
    """
    return FeedEventFile(path) if path.suffix == TEXT_SUFFIX else FeedEventStore(path, must_exist=True)


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except FileNotFoundError:
        remedy = "record feeds first, or give the right path"
        raise DataError("there is no such file of recorded feeds", file=path, remedy=remedy) from None
    except OSError as error:
        raise EnvironmentFault(f"it cannot be read: {error.strerror}", file=path) from error
