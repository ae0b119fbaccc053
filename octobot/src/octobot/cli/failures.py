# SPDX-License-Identifier: Apache-2.0
"""What the command line says, and which code it exits with, when something is wrong."""

from __future__ import annotations

import os
from enum import IntEnum

import click

from octobot_commons.errors import (
    ArchiveError,
    ConfigurationError,
    DataError,
    EnvironmentFault,
    LookAheadError,
    OctoBotError,
    TentacleFolderError,
    TentacleLoadError,
    UnknownTentacleError,
    UserInputError,
)
from octobot_commons.secrets import redact, redacted_traceback

_CONFIGURATION = (
    ArchiveError,
    ConfigurationError,
    LookAheadError,
    TentacleFolderError,
    TentacleLoadError,
    UnknownTentacleError,
)
#: Set to any value to see the traceback of a failure that is explained without one.
DEBUG_VARIABLE = "OCTOBOT_DEBUG"


class ExitCode(IntEnum):
    """The documented exit codes."""

    OK = 0
    BUG = 1
    USAGE = 2
    DATA = 3
    CONFIGURATION = 4
    ENVIRONMENT = 5
    FOUND = 6
    INTERRUPTED = 130
    CLOSED_PIPE = 141

    @classmethod
    def describe(cls) -> str:
        """The codes for a help page."""
        return (
            "Exit codes: 0 done, 1 a bug of ours, 2 wrong usage, 3 market data or stored runs cannot be used, "
            "4 a profile, setting or tentacle cannot be used, 5 the outside world failed (disk, "
            "network), 6 a verification has found something, 130 interrupted, 141 whoever read the output has "
            "stopped, as `head` does."
        )


def report_failure(error: Exception) -> ExitCode:
    """Print what went wrong on the error output; returns the code to exit with."""
    if os.environ.get(DEBUG_VARIABLE):
        click.echo(redacted_traceback(error), err=True)
    if isinstance(error, click.exceptions.Abort):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return ExitCode.USAGE
    code = _code_of(error)
    if code is ExitCode.BUG:
        click.echo(redacted_traceback(error), err=True)
        click.echo("octobot: this is a bug of ours, please report it with the lines above", err=True)
    else:
        click.echo(redact(f"octobot: {error}"), err=True)
    return code


def _code_of(error: Exception) -> ExitCode:
    if isinstance(error, DataError):
        return ExitCode.DATA
    if isinstance(error, _CONFIGURATION):
        return ExitCode.CONFIGURATION
    if isinstance(error, UserInputError):
        return ExitCode.USAGE
    if isinstance(error, EnvironmentFault) or (isinstance(error, OSError) and not isinstance(error, OctoBotError)):
        return ExitCode.ENVIRONMENT
    return ExitCode.BUG
