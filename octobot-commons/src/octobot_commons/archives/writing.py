# SPDX-License-Identifier: Apache-2.0
"""Files as a folder or a zip archive, which appear whole or not at all."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from octobot_commons.atomic_file import atomic_file, atomic_folder

_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def write_folder(files: Mapping[str, bytes], folder: str | PathLike[str]) -> None:
    """Write a new folder. The paths must have been checked (``read_files``, ``check_names``).

    Raises:
        UserInputError: there is something of that name.
        EnvironmentFault: it cannot be written.
    """
    with atomic_folder(Path(folder)) as part:
        write_into(files, part)


def write_into(files: Mapping[str, bytes], folder: Path) -> None:
    """Write into a folder that is there, for whoever looks at it before it takes its name (``atomic_folder``)."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def write_zip(files: Mapping[str, bytes], path: str | PathLike[str], overwrite: bool = False) -> None:
    """Write an archive whose bytes depend on the files only: equal files give equal archives everywhere.

    Raises:
        UserInputError: there is such a file and it is not to be overwritten.
        EnvironmentFault: it cannot be written.
    """
    with atomic_file(Path(path), overwrite) as part, zipfile.ZipFile(part, "w") as archive:
        for name in sorted(files):
            # Neither time (1980 here) nor system nor version of zlib may show, so nothing is compressed.
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr, info.compress_type = _UNIX, _PLAIN_FILE, zipfile.ZIP_STORED
            archive.writestr(info, files[name])
