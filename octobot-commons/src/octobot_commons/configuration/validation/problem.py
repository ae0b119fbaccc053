# SPDX-License-Identifier: Apache-2.0
"""One finding about a profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from octobot_commons.errors import OctoBotError


class Severity(IntEnum):
    """An ERROR keeps the profile from running, a WARNING is probably not meant, a REMARK is of what nothing reads."""

    ERROR = 0
    WARNING = 1
    REMARK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """``file`` is relative to the profile's folder, with ``/``."""

    severity: Severity
    message: str
    file: str | None = None
    field: str | None = None
    row: int | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        text = OctoBotError(self.message, file=self.file, field=self.field, row=self.row, remedy=self.remedy)
        return f"{self.severity.name.lower()}: {text}"

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "severity": self.severity.name.lower(),
            "file": self.file,
            "field": self.field,
            "row": self.row,
            "message": self.message,
            "remedy": self.remedy,
        }


#: Takes a finding and how bad it is.
Find = Callable[[OctoBotError, Severity], None]


def problem_of(error: OctoBotError, severity: Severity, folder: Path) -> Problem:
    """The finding that an error tells of."""
    file = error.file
    if file is not None and Path(file).is_relative_to(folder):
        file = Path(file).relative_to(folder).as_posix()
    return Problem(
        severity=severity, message=error.message, file=file, field=error.field, row=error.row, remedy=error.remedy
    )
