# SPDX-License-Identifier: Apache-2.0
"""The bytes of a file, decompressed and with their digest."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike, fspath
from typing import IO, Any

from octobot_commons.errors import DataError

#: More than the one-minute candles of a century; what expands further was made to fill the memory.
_LARGEST_EXPANSION = 4 * 1024**3
_PIECE = 1 << 20
_REMEDY_DAMAGED = "the file is damaged or incomplete: download or export it again"
_REMEDY_TEXT = "give a text file (UTF-8, or UTF-16 with its byte order mark)"
_COMPRESSIONS: dict[bytes, Callable[[IO[bytes]], Any]] = {b"\x1f\x8b": gzip.open, b"\xfd7zXZ\0": lzma.open}
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Content:
    """A file in memory: ``data`` is decompressed, ``sha256`` is that of the file as it lies on the disk."""

    name: str
    data: bytes
    sha256: str

    def text(self) -> bytes:
        """The data as UTF-8 without a byte order mark.

        Raises:
            DataError: it is no text.
        """
        data = self.data
        if data.startswith(_UTF_16_MARKS):
            try:
                data = data.decode("utf-16").encode()
            except UnicodeError as error:
                raise DataError(f"it is no UTF-16 text: {error}", file=self.name, remedy=_REMEDY_TEXT) from error
        data = data.removeprefix(codecs.BOM_UTF8)
        nul = data.find(b"\0")
        if nul >= 0:
            row = data.count(b"\n", 0, nul) + 1
            raise DataError("it is no text", file=self.name, row=row, remedy=_REMEDY_TEXT)
        return data


def load_content(path: str | PathLike[str]) -> Content:
    """Read a file, plain or compressed with gzip or xz.

    Raises:
        DataError: it is missing, unreadable, empty or damaged.
    """
    name = fspath(path)
    try:
        with open(name, "rb") as file:
            stored = file.read()
    except FileNotFoundError as error:
        raise DataError("there is no such file", file=name, remedy="check the path") from error
    except IsADirectoryError as error:
        raise DataError("it is a folder", file=name, remedy="name one of the files in it") from error
    except (OSError, ValueError) as error:
        raise DataError(f"it cannot be read: {error}", file=name, remedy="check the path and its rights") from error
    data = _expand(name, stored)
    if not data or data.isspace():
        raise DataError("it is empty", file=name, remedy="export it again with at least one candle")
    return Content(name, data, hashlib.sha256(stored).hexdigest())


def _expand(name: str, data: bytes) -> bytes:
    expand = next((expand for magic, expand in _COMPRESSIONS.items() if data.startswith(magic)), None)
    if expand is None:
        return data
    try:
        with expand(io.BytesIO(data)) as compressed:
            expanded = _read_all(compressed)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise DataError(f"it cannot be decompressed: {error}", file=name, remedy=_REMEDY_DAMAGED) from error
    if expanded is None:
        raise DataError("it expands to more than 4 GiB", file=name, remedy="split it into several files")
    return expanded


def _read_all(compressed: IO[bytes]) -> bytes | None:
    """Everything, piece by piece as read(limit) would allocate the limit; None if it exceeds that."""
    target = io.BytesIO()
    while piece := compressed.read(_PIECE):
        if target.tell() + len(piece) > _LARGEST_EXPANSION:
            return None
        target.write(piece)
    return target.getvalue()
