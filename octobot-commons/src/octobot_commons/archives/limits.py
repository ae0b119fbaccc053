# SPDX-License-Identifier: Apache-2.0
"""How much an archive or folder may hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from octobot_commons.errors import ArchiveError

_MIB = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``expansion`` is how many times its packed size a file may have; up to ``always_expanded`` bytes it is not asked.

    ``names`` are files and folders together, ``depth`` is how many names a path may consist of.
    """

    names: int = 1_000
    depth: int = 8
    file_bytes: int = 8 * _MIB
    total_bytes: int = 32 * _MIB
    expansion: int = 200
    always_expanded: int = 1 * _MIB


DEFAULT_LIMITS = Limits()


@dataclass(slots=True)
class Counted:
    """What has been read so far, refusing what goes beyond the limits as soon as it does."""

    source: Path
    limits: Limits
    total: int = 0
    _in_file: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, size: int, packed: int | None = None) -> None:
        """Count ``size`` more bytes of this file, of which the archive has ``packed``.

        Raises:
            ArchiveError: that is too much.
        """
        limits = self.limits
        self.total += size
        in_file = self._in_file[name] = self._in_file.get(name, 0) + size
        if in_file > limits.file_bytes:
            raise self._refusal(name, f"it has more than {limits.file_bytes:,} bytes")
        if self.total > limits.total_bytes:
            raise self._refusal(None, f"its files have more than {limits.total_bytes:,} bytes together")
        if packed is not None and in_file > max(limits.always_expanded, packed * limits.expansion):
            raise self._refusal(name, f"it expands to more than {limits.expansion} times its packed size")

    def check_names(self, count: int) -> None:
        """Refuse too many files and folders.

        Raises:
            ArchiveError: that is too many.
        """
        if count > self.limits.names:
            raise self._refusal(None, f"it holds more than {self.limits.names:,} files and folders")

    def _refusal(self, name: str | None, message: str) -> ArchiveError:
        return ArchiveError(message, file=self.source, field=name, remedy="remove what does not belong to it")
