# SPDX-License-Identifier: Apache-2.0
"""Reading folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from octobot_commons.archives.limits import Counted, Limits
from octobot_commons.archives.names import LEFT_BEHIND, check_names, refused


def read_folder(folder: Path, limits: Limits) -> dict[str, bytes]:
    """The files of the folder by path. All names are checked before the first file is read.

    Raises:
        ArchiveError: it holds what is no file, such as a symbolic link, or too much.
        OSError: it cannot be read.
    """
    counted = Counted(folder, limits)
    names = []
    for name in _names_in(folder, "", limits.depth):
        names.append(name)
        counted.check_names(len(names))
    check_names(names, folder, limits.depth)
    return {name: _read(folder, name, counted) for name in sorted(names) if not name.endswith("/")}


def _names_in(folder: Path, prefix: str, depth: int) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = prefix + entry.name
            if entry.name in LEFT_BEHIND:
                continue
            found = entry.stat(follow_symlinks=False)
            mode = found.st_mode
            if stat.S_ISDIR(mode):
                yield f"{name}/"
                if depth:  # one more than allowed, which is then refused by its name
                    yield from _names_in(Path(entry.path), f"{name}/", depth - 1)
            elif stat.S_ISREG(mode):
                if found.st_nlink > 1:  # it may be a file from elsewhere, whatever rights protect its other names
                    raise refused(folder, name, "it has another name", "put a copy there")
                yield name
            else:
                what = "a symbolic link" if stat.S_ISLNK(mode) else "neither a file nor a folder"
                raise refused(folder, name, f"it is {what}", "put a file there")


def _read(folder: Path, name: str, counted: Counted) -> bytes:
    with (folder / name).open("rb") as file:
        # One byte more than allowed is enough to refuse it.
        content = file.read(counted.limits.file_bytes + 1)
    counted.add(name, len(content))
    return content
