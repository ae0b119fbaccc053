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
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from octobot_commons.errors import DataError
from octobot_trading.history.readers.content import Content

_LINE = re.compile(
    r"(?:(?P<nanoseconds>\d{16,20})\ (?=[{\[])"
    r"|(?:(?P<url>[a-z]+://\S+)\ (?P<way><->|<-|->)\ )?(?P<seconds>\d+(?:\.\d+)?)(?::\ |$))"
    r"(?P<text>.*)",
    re.DOTALL,
)
_CONFIGURATION = "configuration: "
_REMEDY = "give a session recorded by cryptofeed or by hftbacktest's collector"


@dataclass(frozen=True, slots=True)
class SessionMessage:
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
            return json.loads(self.text)
        except (ValueError, RecursionError) as error:
            remedy = "the recording is damaged or was cut off: leave this line out"
            raise DataError(f"it is no JSON: {error}", file=self.file, row=self.row, remedy=remedy) from error


def matches(content: Content) -> bool:
    """Whether the first line is one of a recorded session."""
    first = content.data.split(b"\n", 1)[0].decode(errors="replace").rstrip("\r")
    return first.startswith(_CONFIGURATION) or _LINE.fullmatch(first) is not None


def read(content: Content) -> Iterator[SessionMessage]:
    """What was received, in the order of the file.

    Raises:
        DataError: a line is not of a recorded session; names file and row.
    """
    for row, line in enumerate(content.text().decode(errors="replace").split("\n"), 1):
        line = line.rstrip("\r")
        if not line or line.startswith(_CONFIGURATION):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise DataError("it is no line of a recorded session", file=content.name, row=row, remedy=_REMEDY)
        if match["way"] not in ("<->", "<-") and match["text"]:
            nanoseconds = match["nanoseconds"]
            time = int(nanoseconds) / 1e9 if nanoseconds else float(match["seconds"])
            text = match["text"]
            if text.startswith(("b'", 'b"')):
                text = _unpack(text, content.name, row)
            yield SessionMessage(time, match["url"], text, row, content.name)


def _unpack(text: str, file: str, row: int) -> str:
    try:
        data: bytes = ast.literal_eval(text)
        return (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode()
    except (ValueError, SyntaxError, EOFError, OSError, zlib.error) as error:
        raise DataError(f"its bytes cannot be read: {error}", file=file, row=row, remedy=_REMEDY) from error
