# SPDX-License-Identifier: Apache-2.0
"""Warnings and errors of a command, one line each, on the error output."""

from __future__ import annotations

import logging
import os

#: Name of the level to show, like DEBUG; WARNING by default.
LEVEL_VARIABLE = "OCTOBOT_LOG"


def log_to_stderr() -> None:
    """Show what is at least as important as ``OCTOBOT_LOG`` says."""
    level = os.environ.get(LEVEL_VARIABLE, "WARNING").upper()
    known = logging.getLevelNamesMapping()
    logging.basicConfig(level=known.get(level, logging.WARNING), format="%(levelname)s %(name)s: %(message)s")
