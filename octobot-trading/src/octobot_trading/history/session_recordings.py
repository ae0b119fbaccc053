# SPDX-License-Identifier: Apache-2.0
"""Files of recorded sessions and archives of order books, opened: from what venue they are and what they hold."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from octobot_trading.history import naming
from octobot_trading.history.candle_series import UNKNOWN_EXCHANGE
from octobot_trading.history.readers import book_archives, recorded_session
from octobot_trading.history.readers.book_archives import ReadyLine
from octobot_trading.history.readers.content import Content
from octobot_trading.history.readers.recorded_session import SessionLine
from octobot_trading.history.readers.venues import BY_NAME, BYBIT_ARCHIVE, Venue
from octobot_trading.history.readers.venues.detection import LOOKED_AT, venue_of

Line: TypeAlias = SessionLine | ReadyLine


@dataclass(frozen=True, slots=True)
class Recording:
    """A file; ``lines`` starts it anew each time. Files of one layout and exchange belong together."""

    content: Content
    layout: str
    venue: Venue
    lines: Callable[[Content], Iterator[Line]]


@dataclass(slots=True)
class SessionFiles:
    """The files of one venue, read together by time. ``ignored`` are parts of archives that hold no market data."""

    venue: Venue
    recordings: list[Recording] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    def lines(self) -> Iterator[Line]:
        """All lines by time, those of one file in its order."""
        if len(self.recordings) == 1:
            return self.recordings[0].lines(self.recordings[0].content)
        files = (_in_time(one.lines(one.content)) for one in self.recordings)
        return heapq.merge(*files, key=lambda line: line.time)


def _in_time(lines: Iterator[Line]) -> Iterator[Line]:
    """Lines without a time of their own (what could not be read) go with the line before them."""
    latest = 0.0
    for line in lines:
        latest = max(latest, line.time)
        yield line if line.time == latest or isinstance(line, ReadyLine) else line._replace(time=latest)


def is_session(content: Content) -> bool:
    """Whether a file is a recorded session or an archive of order books, told from its content."""
    return _is_plain(content) or any(map(_is_plain, book_archives.members(content)))


def _is_plain(content: Content) -> bool:
    return (
        recorded_session.matches(content)
        or book_archives.is_json_lines(content)
        or book_archives.is_depth_csv(content)
        or book_archives.is_top_csv(content)
    )


def group_files(contents: Sequence[Content]) -> list[SessionFiles]:
    """The files by venue and layout, in the order of their first one; a file given twice is read once.

    Raises:
        DataError: the venue of one cannot be told.
    """
    groups: dict[tuple[str, str], SessionFiles] = {}
    for content in {content.sha256: content for content in contents}.values():
        parts = [content] if _is_plain(content) else book_archives.members(content)
        readable = [part for part in parts if _is_plain(part)]
        for part in readable:
            recording = _open(part)
            key = recording.venue.exchange_name, recording.layout
            groups.setdefault(key, SessionFiles(recording.venue)).recordings.append(recording)
        if readable:
            groups[key].ignored += tuple(part.name for part in parts if part not in readable)
    return list(groups.values())


def _open(content: Content) -> Recording:
    if book_archives.is_json_lines(content):
        return Recording(content, "json lines", BYBIT_ARCHIVE, book_archives.json_lines)
    if book_archives.is_depth_csv(content):
        return Recording(content, "depth", BY_NAME["binanceusdm"], book_archives.depth_csv)
    if book_archives.is_top_csv(content):
        return Recording(content, "top", _venue_by_name(content.name), book_archives.top_csv)
    head = replace(content, data=content.data[:LOOKED_AT])
    venue = venue_of(recorded_session.read_lines(head), content.name)
    return Recording(content, "session", venue, recorded_session.read_lines)


def _venue_by_name(file: str) -> Venue:
    """Of a layout that is the same for all venues only the file's name tells the venue, and the symbol."""
    return Venue(naming.exchange_of_file(file) or UNKNOWN_EXCHANGE, (), BYBIT_ARCHIVE.parser, lambda name: name or None)
