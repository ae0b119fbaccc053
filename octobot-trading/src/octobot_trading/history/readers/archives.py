# SPDX-License-Identifier: Apache-2.0
"""Zip archives: what is in them, within the limits of ``content.py``."""

from __future__ import annotations

import io
import lzma
import zipfile
from collections.abc import Iterator

from octobot_commons.archives.zips import ZIP_FAULTS
from octobot_commons.errors import DataError
from octobot_trading.history.readers.content import largest_expansion, too_large

_REMEDY = "the archive is damaged or incomplete: download it again"
_FAULTS = (*ZIP_FAULTS, lzma.LZMAError)


def is_archive(data: bytes) -> bool:
    """Whether it begins like a zip archive."""
    return data.startswith(b"PK")


def members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of an archive, each with its path in it, in the archive's order; two of one path are both there.

    Raises:
        DataError: it is damaged, or expands to more than ``largest_expansion``.
    """
    limit = largest_expansion(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # A folder that holds bytes is a file whose name was spoiled.
            files = [info for info in archive.infolist() if info.file_size or not info.is_dir()]
            # No more than these sizes is read, whatever there is.
            if sum(info.file_size for info in files) > limit:
                raise too_large(name, limit)
            for info in files:
                yield info.filename, _read(archive, info, name)
    except _FAULTS as error:
        raise DataError(f"it cannot be unpacked: {str(error)[:200]}", file=name, remedy=_REMEDY) from error


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    try:
        return archive.read(info)
    except _FAULTS as error:
        raise DataError(
            f"it cannot be unpacked: {str(error)[:200]}", file=f"{name}/{info.filename}", remedy=_REMEDY
        ) from error
