# SPDX-License-Identifier: Apache-2.0
"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from octobot_commons.errors import EnvironmentFault, UserInputError

_READABLE = 0o644


@contextmanager
def atomic_file(path: Path, overwrite: bool) -> Iterator[Path]:
    """Give the path of an empty file beside ``path`` that takes its name when the block ends well.

    What was there before stays until then, also if the process is killed: that leaves ``.NAME.*.part`` behind.

    Raises:
        UserInputError: there is such a file and it is not to be overwritten.
        EnvironmentFault: it cannot be written.
    """
    refuse_existing(path, overwrite)
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
        part = Path(name)
        try:
            yield part
            _put_in_place(part, path, overwrite)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Give the path of an empty folder beside ``path`` that takes its name when the block ends well.

    A process that is killed meanwhile leaves ``.NAME.*.part`` behind.

    Raises:
        UserInputError: there is something of that name.
        EnvironmentFault: it cannot be written.
    """
    _refuse_taken(path)
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", suffix=".part", dir=path.parent) as outer:
            # Inside, as the outer one is for its owner only.
            part = Path(outer, "folder")
            part.mkdir()
            yield part
            for content in part.rglob("*"):
                _sync(content)
            _sync(part)
            _refuse_taken(path)
            part.rename(path)
        _sync(path.parent)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentFault(
            f"it cannot be written: {error.strerror or error}", file=path, remedy="check the disk and its rights"
        ) from error


def refuse_existing(path: Path, overwrite: bool) -> None:
    """Refuse a path that is taken.

    Raises:
        UserInputError: there is such a file and it is not to be overwritten, or it is a folder.
    """
    if path.is_dir():
        raise UserInputError("it is a folder", file=path, remedy="name a file")
    if path.exists() and not overwrite:
        raise _taken(path)


def _put_in_place(part: Path, path: Path, overwrite: bool) -> None:
    _sync(part)
    part.chmod(_READABLE & ~_umask())
    if overwrite:
        part.replace(path)
    else:
        try:
            os.link(part, path)  # unlike a rename it fails where another process was faster
        except FileExistsError:
            raise _taken(path) from None
        except OSError:  # a file system without links
            refuse_existing(path, overwrite)
            part.replace(path)
    _sync(path.parent)


def _taken(path: Path) -> UserInputError:
    return UserInputError("it exists already", file=path, remedy="name another file, or allow it to be overwritten")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _refuse_taken(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise UserInputError("it exists already", file=path, remedy="choose another name, or remove it first")


def _sync(path: Path) -> None:
    if path.is_dir():
        if os.name != "posix":
            return  # elsewhere a folder cannot be opened
        handle = os.open(path, os.O_RDONLY)
    else:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
