# SPDX-License-Identifier: Apache-2.0
"""Whether the process that writes a run still lives: it holds a lock that the system takes back, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_REFUSED = (BlockingIOError, PermissionError)


class LifeSign:
    """A locked file beside the store, for as long as a run is being written."""

    def __init__(self, store: Path, name: str) -> None:
        self._path = _lock_path(store, name)
        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        _lock(self._file)

    def end(self) -> None:
        """The run is no longer written."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)


def is_written(store: Path, name: str) -> bool:
    """Whether a process holds the life sign of this run."""
    try:
        file = os.open(_lock_path(store, name), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        _lock(file)
    except _REFUSED:
        return True
    finally:
        os.close(file)
    return False


def forget(store: Path, name: str) -> None:
    """Remove what a process that was killed has left behind."""
    _lock_path(store, name).unlink(missing_ok=True)


def _lock_path(store: Path, name: str) -> Path:
    return store.with_name(f"{store.name}-{name}.lock")


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        # Of the open file, not of the process: another open file of the same process is refused, too.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
