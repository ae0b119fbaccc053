# SPDX-License-Identifier: Apache-2.0
"""What somebody hands over, a folder or a zip archive, as checked files."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from octobot_commons.archives.folders import read_folder
from octobot_commons.archives.limits import DEFAULT_LIMITS, Limits
from octobot_commons.archives.writing import write_folder
from octobot_commons.archives.zips import read_zip
from octobot_commons.errors import ArchiveError, EnvironmentFault


def read_files(source: str | PathLike[str], limits: Limits = DEFAULT_LIMITS) -> dict[str, bytes]:
    """The files of a folder or zip archive: path with ``/`` → content. Nothing is written anywhere.

    Caches and what systems leave behind (``names.LEFT_BEHIND``) are left out, empty folders too.

    Raises:
        ArchiveError: no such folder or archive, a damaged one, or one that holds a path that leads outside or means
            something else on another system, a link or device, an encrypted file, or more than the limits allow.
        EnvironmentFault: it exists and cannot be read.
    """
    path = Path(source)
    try:
        if path.is_dir():
            return read_folder(path, limits)
        if not path.is_file():
            raise ArchiveError("no such folder or zip archive", file=path, remedy="correct the path")
        with path.open("rb") as file:
            # What is packed is not larger than the files, but for the directory.
            data = file.read(2 * limits.total_bytes)
    except OSError as error:
        raise EnvironmentFault(f"it cannot be read: {error.strerror or error}", file=path) from error
    if len(data) == 2 * limits.total_bytes:
        raise ArchiveError(f"it has {len(data):,} bytes or more", file=path, remedy="remove what does not belong to it")
    return read_zip(path, data, limits)


def check_and_unpack(
    source: str | PathLike[str], into: str | PathLike[str], limits: Limits = DEFAULT_LIMITS
) -> tuple[str, ...]:
    """Check a folder or zip archive whole, then write its files to the new folder ``into``, whole or not at all.

    Returns the paths that were written.

    Raises:
        ArchiveError: see ``read_files``.
        UserInputError: ``into`` exists.
        EnvironmentFault: something cannot be read or written.
    """
    files = read_files(source, limits)
    write_folder(files, into)
    return tuple(files)
