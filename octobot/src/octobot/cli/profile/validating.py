# SPDX-License-Identifier: Apache-2.0
"""`octobot profile validate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from octobot.cli.failures import ExitCode
from octobot.cli.profile.exchanges import known_exchanges
from octobot.cli.profile.output import problem_lines
from octobot.cli.tables import print_json
from octobot_commons.configuration import find_profile
from octobot_commons.configuration.validation import Severity, validate_profile
from octobot_commons.errors import ProfileError
from octobot_commons.tentacles_management import TentacleRegistry


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def validate(name: str, as_json: bool) -> None:
    """Check every file, field and setting of a profile and list all that is wrong. NAME may be a folder.

    Errors keep it from running: the exit code is 4. Warnings are probably not meant, remarks are of what nothing reads.

    \b
    Keys of --json:
      path, is_valid   is_valid: there are no errors
      problems         severity, file, field, row, message, remedy; null where not known
    """
    registry = TentacleRegistry.discover()
    folder = _folder_of(name)
    problems = validate_profile(folder, registry, known_exchanges(registry))
    is_valid = all(problem.severity is not Severity.ERROR for problem in problems)
    if as_json:
        listed = [problem.to_dict() for problem in problems]
        print_json({"path": str(folder), "is_valid": is_valid, "problems": listed})
    else:
        click.echo("\n".join((f"{folder}:", *problem_lines(problems))))
    if not is_valid:
        sys.exit(ExitCode.CONFIGURATION)


def _folder_of(name: str) -> Path:
    try:
        return find_profile(name)
    except ProfileError:
        if Path(name).is_dir():
            return Path(name)  # what it lacks is told with all the rest
        raise
