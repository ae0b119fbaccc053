# SPDX-License-Identifier: Apache-2.0
"""The order of the checks."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from pathlib import Path

from octobot_commons.configuration.profile_file import PROFILE_FILE, read_profile
from octobot_commons.configuration.validation.files import check_files
from octobot_commons.configuration.validation.problem import Problem, Severity, problem_of
from octobot_commons.configuration.validation.tentacles import check_tentacles
from octobot_commons.configuration.validation.trading import check_trading
from octobot_commons.errors import OctoBotError
from octobot_commons.tentacles_management import TentacleRegistry


def validate_profile(
    path: str | PathLike[str], registry: TentacleRegistry, exchange_names: Collection[str] | None = None
) -> list[Problem]:
    """All problems of a profile folder, the worst first; the settings of each tentacle that it activates included.

    Args:
        registry: the tentacles that are installed. Those that the profile activates are imported.
        exchange_names: the exchanges that are known; None: their names are not checked.

    Raises:
        EnvironmentFault: a file exists and cannot be read.
    """
    folder = Path(path)
    problems: dict[Problem, None] = {}

    def find(error: OctoBotError, severity: Severity) -> None:
        problems.setdefault(problem_of(error, severity, folder))

    profile = read_profile(folder, lambda error: find(error, Severity.ERROR))
    if (folder / PROFILE_FILE).is_file():
        check_trading(profile, exchange_names, find)
        check_tentacles(profile, registry, find)
        check_files(profile, registry, find)
    return sorted(problems, key=lambda problem: problem.severity)
