# SPDX-License-Identifier: Apache-2.0
"""The bytes of a file, decompressed and with their digest.

What is compressed may expand to 64 MiB or, if that is more, to 500 times its size, and to 4 GiB at most: recorded
market data shrink to a tenth or a hundredth, and only what was made to fill the memory shrinks so much further.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os import PathLike, fspath

from octobot_commons.errors import DataError

_LARGEST_EXPANSION = 4 * 1024**3
_ALWAYS_EXPANDED = 64 * 1024**2
_LARGEST_FACTOR = 500
#: The best of xz's presets needs 65 MiB; a file may ask for more than there is.
_XZ_MEMORY = 512 * 1024**2
_PIECE = 1 << 20
_REMEDY_DAMAGED = "the file is damaged or incomplete: download or export it again"
_REMEDY_TEXT = "give a text file (UTF-8, or UTF-16 with its byte order mark)"
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Content:
    """A file in memory: ``sha256`` is that of the file as it lies on the disk.

    ``data`` is decompressed, and UTF-8 without a byte order mark where it was text with one.
    """

    name: str
    data: bytes
    sha256: str

    def text(self) -> bytes:
        """The data, for a layout that is text.

        Raises:
            DataError: it is no text.
        """
        nul = self.data.find(b"\0")
        if nul >= 0:
            row = self.data.count(b"\n", 0, nul) + 1
            raise DataError("it is no text", file=self.name, row=row, remedy=_REMEDY_TEXT)
        return self.data


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
    data = without_mark(name, _expand(name, stored))
    if not data or data.isspace():
        raise DataError("it is empty", file=name, remedy="export it again with at least one candle")
    return Content(name, data, hashlib.sha256(stored).hexdigest())


def without_mark(name: str, data: bytes) -> bytes:
    """Text that begins with a byte order mark as UTF-8 without one; all else as it is.

    Raises:
        DataError: it says that it is UTF-16 and is not.
    """
    if data.startswith(_UTF_16_MARKS):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError as error:
            raise DataError(f"it is no UTF-16 text: {error}", file=name, remedy=_REMEDY_TEXT) from error
    return data.removeprefix(codecs.BOM_UTF8)


def largest_expansion(stored: int) -> int:
    """To how many bytes so many compressed ones may expand."""
    return min(_LARGEST_EXPANSION, max(_ALWAYS_EXPANDED, _LARGEST_FACTOR * stored))


def too_large(name: str, limit: int) -> DataError:
    """The error of what expands further."""
    return DataError(f"it expands to more than {limit >> 20} MiB", file=name, remedy="split it into several files")


def _expand(name: str, data: bytes) -> bytes:
    expand = next((expand for magic, expand in _COMPRESSIONS.items() if data.startswith(magic)), None)
    if expand is None:
        return data
    limit, target = largest_expansion(len(data)), io.BytesIO()
    try:
        for piece in expand(data):
            if target.tell() + len(piece) > limit:
                raise too_large(name, limit)
            target.write(piece)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise DataError(f"it cannot be decompressed: {error}", file=name, remedy=_REMEDY_DAMAGED) from error
    return target.getvalue()


def _gunzipped(data: bytes) -> Iterator[bytes]:
    with gzip.open(io.BytesIO(data)) as compressed:
        while piece := compressed.read(_PIECE):
            yield piece


def _unxzed(data: bytes) -> Iterator[bytes]:
    """All streams of the file; lzma.open would take a damaged second one for the end."""
    rest = data
    while rest.strip(b"\0"):  # streams may be followed by NULs
        stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY)
        yield stream.decompress(rest.lstrip(b"\0"), _PIECE)
        while not stream.eof:
            if stream.needs_input:
                raise EOFError("it ends in the middle of a stream")
            yield stream.decompress(b"", _PIECE)
        rest = stream.unused_data


_COMPRESSIONS: dict[bytes, Callable[[bytes], Iterator[bytes]]] = {b"\x1f\x8b": _gunzipped, b"\xfd7zXZ\0": _unxzed}
