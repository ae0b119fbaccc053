# SPDX-License-Identifier: Apache-2.0
"""Recorded sessions with a venue: one line per message, with the time at which it was received.

Two layouts are read, told apart line by line: ``<nanoseconds> <message>``, as raw Binance streams are recorded by
hftbacktest's collector, and cryptofeed's ``<seconds>: <message>`` beside its lines of what was opened
(``<url> <-> <seconds>``), sent (``<url> <- <seconds>: <message>``) and answered to a request
(``<url> -> <seconds>: <message>``). A message in Python's notation of bytes is taken out of it and decompressed.
"""

from __future__ import annotations

import ast
import gzip
import io
import json
import re
import warnings
import zlib
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

from octobot_commons.errors import DataError
from octobot_trading.history.readers.content import Content

_LINE = re.compile(
    r"(?:(?P<nanoseconds>\d{16,20})\ (?=[{\[])"
    r"|(?:(?P<url>[a-z]+://\S+)\ (?P<way><->|<-|->)\ )?(?P<seconds>\d+(?:\.\d+)?)(?::\ |$))"
    r"(?P<text>.*)",
    re.DOTALL,
)
#: One literal; what is an expression may be anything.
_BYTES = re.compile(r"""b'[^'\\]*(?:\\.[^'\\]*)*'|b"[^"\\]*(?:\\.[^"\\]*)*\"""")
_CONFIGURATION = "configuration: "
#: A message of no venue is longer.
_LONGEST_MESSAGE = 64 * 1024**2
_REMEDY = "give a session recorded by cryptofeed or by hftbacktest's collector"


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is none of its numbers")


#: NaN and Infinity, which Python takes, are no JSON.
_JSON = json.JSONDecoder(parse_constant=_no_number)


class SessionMessage(NamedTuple):
    """A message that was received, on a socket or, with ``url``, as the answer to a request. ``time`` is in seconds."""

    time: float
    url: str | None
    text: str
    row: int
    file: str

    def json(self) -> Any:
        """The message, decoded.

        Raises:
            DataError: it is no JSON; names file and row.
        """
        try:
            return _JSON.decode(self.text)
        except (ValueError, RecursionError) as error:
            remedy = "the recording is damaged or was cut off: leave this line out"
            raise DataError(
                f"it is no JSON: {str(error)[:200]}", file=self.file, row=self.row, remedy=remedy
            ) from error


class LineKind(Enum):
    """What a line of a session is; the values name those that are no messages, for the report."""

    RECEIVED = "messages"
    SENT = "requests and subscriptions"
    OPENED = "connections opened"
    CONFIGURATION = "configurations of the recorder"
    UNUSABLE = "unusable lines"


class SessionLine(NamedTuple):
    """A line; ``text`` is the message, or of an unusable line what is wrong with it."""

    kind: LineKind
    time: float
    url: str | None
    text: str
    row: int
    file: str

    def message(self) -> SessionMessage:
        """What was received."""
        return SessionMessage(self.time, self.url, self.text, self.row, self.file)


def matches(content: Content) -> bool:
    """Whether the first line is one of a recorded session."""
    first = content.data[: max(content.data.find(b"\n"), 0) or None].decode(errors="replace").rstrip("\r")
    return first.startswith(_CONFIGURATION) or _LINE.fullmatch(first) is not None


def read(content: Content) -> Iterator[SessionMessage]:
    """What was received, in the order of the file.

    Raises:
        DataError: a line is not of a recorded session; names file and row.
    """
    for line in read_lines(content):
        if line.kind is LineKind.UNUSABLE:
            raise DataError(line.text, file=content.name, row=line.row, remedy=_REMEDY)
        if line.kind is LineKind.RECEIVED:
            yield line.message()


def read_lines(content: Content) -> Iterator[SessionLine]:
    """Every line that is not blank, in the order of the file; one that cannot be read as an unusable one."""
    for row, line in enumerate(content.text().decode(errors="replace").split("\n"), 1):
        line = line.rstrip("\r")
        if line.strip():
            yield _session_line(line, row, content.name)


def _session_line(line: str, row: int, file: str) -> SessionLine:
    match = _LINE.fullmatch(line)
    if match is None:
        if line.startswith(_CONFIGURATION):
            return SessionLine(LineKind.CONFIGURATION, 0.0, None, line, row, file)
        return SessionLine(LineKind.UNUSABLE, 0.0, None, "it is no line of a recorded session", row, file)
    nanoseconds, url, way, seconds, text = match.groups()
    time = int(nanoseconds) / 1e9 if nanoseconds else float(seconds)
    if way == "<-":
        return SessionLine(LineKind.SENT, time, url, text, row, file)
    if way == "<->" or not text:
        return SessionLine(LineKind.OPENED, time, url, text, row, file)
    if text.startswith(("b'", 'b"')):
        try:
            text = _unpack(text)
        except (ValueError, SyntaxError, EOFError, OSError, zlib.error, MemoryError) as error:
            return SessionLine(LineKind.UNUSABLE, time, url, f"its bytes cannot be read: {error}", row, file)
    return SessionLine(LineKind.RECEIVED, time, url, text, row, file)


def _unpack(text: str) -> str:
    if _BYTES.fullmatch(text) is None:
        raise ValueError("they are not in Python's notation")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of escapes that Python does not know
        data: bytes = ast.literal_eval(text)
    if data.startswith(b"\x1f\x8b"):
        with gzip.open(io.BytesIO(data)) as compressed:
            data = compressed.read(_LONGEST_MESSAGE + 1)
        if len(data) > _LONGEST_MESSAGE:
            raise ValueError("they expand to more than 64 MiB")
    return data.decode()
