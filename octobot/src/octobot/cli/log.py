# SPDX-License-Identifier: Apache-2.0
"""Where what a command has to say goes: warnings on the error output, all of a bot's in a file that is rotated."""

from __future__ import annotations

import json
import logging
import os
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from octobot_commons.configuration.paths import user_folder
from octobot_commons.errors import EnvironmentFault
from octobot_commons.secrets import RedactingFormatter, redact_outputs

#: Name of the level to show, like DEBUG; WARNING by default, INFO in files.
LEVEL_VARIABLE = "OCTOBOT_LOG"
_FILE_BYTES: Final = 10_000_000
_OLDER_FILES: Final = 5


def log_to_stderr() -> None:
    """Show what is at least as important as ``OCTOBOT_LOG`` says, one line each."""
    logging.basicConfig(level=_level(logging.WARNING), format="%(levelname)s %(name)s: %(message)s")
    redact_outputs()


def log_to_file(name: str, *, as_json: bool = False) -> Path:
    """Write to ``logs/NAME.log`` in the user's folder too; returns the path.

    Raises:
        EnvironmentFault: it cannot be written.
    """
    path = user_folder() / "logs" / f"{name}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_FILE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8")
    except OSError as error:
        remedy = "see that the folder can be written, or set OCTOBOT_HOME to another one"
        raise EnvironmentFault(f"the log cannot be written: {error}", file=path, remedy=remedy) from error
    handler.setFormatter(RedactingFormatter(_JsonFormatter() if as_json else _HumanFormatter()))
    root, level = logging.getLogger(), _level(logging.INFO)
    for other in root.handlers:
        other.setLevel(max(other.level, root.level))
    root.addHandler(handler)
    root.setLevel(min(root.level, level))
    handler.setLevel(level)
    return path


def _level(usual: int) -> int:
    return logging.getLevelNamesMapping().get(os.environ.get(LEVEL_VARIABLE, "").upper(), usual)


class _UtcFormatter(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        return f"{seconds}.{int(record.msecs):03d}Z"


class _HumanFormatter(_UtcFormatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")


class _JsonFormatter(_UtcFormatter):
    def format(self, record: logging.LogRecord) -> str:
        content = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            content["exception"] = self.formatException(record.exc_info)
        return json.dumps(content)
