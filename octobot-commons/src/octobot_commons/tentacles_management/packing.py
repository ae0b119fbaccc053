# SPDX-License-Identifier: Apache-2.0
"""Makes a zip of a tentacle folder, for others to install."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from octobot_commons.archives import read_files, write_zip
from octobot_commons.errors import EnvironmentFault
from octobot_commons.tentacles_management.folders import TentacleFolder
from octobot_commons.tentacles_management.installation import install
from octobot_commons.tentacles_management.kinds import FOLDER_OF_KIND


def pack(folder: TentacleFolder, output: Path | None = None, overwrite: bool = False) -> Path:
    """Write a zip that ``install`` takes, as ``output`` or ``<folder>-<version>.zip`` here; returns its path.

    Equal folders give equal bytes. Hidden files, caches and what systems leave behind stay out.

    Raises:
        ArchiveError, TentacleFolderError: nobody could install it; says why.
        UserInputError: the file is there, and is not to be overwritten.
        EnvironmentFault: the disk.
    """
    path = output or Path(f"{folder.name}-{folder.metadata.version}.zip")
    folder.check()
    assert folder.kind is not None
    place = f"{FOLDER_OF_KIND.get(folder.kind, '/'.join(folder.place))}/{folder.name}"
    files = {f"{place}/{name}": content for name, content in read_files(folder.path).items() if not _is_hidden(name)}
    try:
        with TemporaryDirectory() as trial:
            packed = Path(trial, "packed.zip")
            write_zip(files, packed)
            install(packed, root=Path(trial, "root"))
    except OSError as error:
        raise EnvironmentFault(f"cannot be written: {error.strerror or error}", file=error.filename) from error
    write_zip(files, path, overwrite)
    return path


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))
