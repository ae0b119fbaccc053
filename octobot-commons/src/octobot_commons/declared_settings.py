# SPDX-License-Identifier: Apache-2.0
"""What a tentacle declares of its settings, and everything that is wrong with those of a profile."""

from __future__ import annotations

import copy
import re
from typing import Any, NamedTuple

from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig
from octobot_commons.errors import ConfigurationError, OctoBotError, SettingError
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle
from octobot_commons.user_inputs import UserInputs


class DeclaredSettings(NamedTuple):
    """``inputs.config`` is a copy of the settings, completed with defaults, which also replace what is wrong."""

    inputs: UserInputs
    problems: list[OctoBotError]


def declare_settings(tentacle_class: type[AbstractTentacle], tentacles_setup: TentaclesSetupConfig) -> DeclaredSettings:
    """Have a tentacle declare its settings, which changes nothing of the setup; finds all problems, not the first.

    A tentacle that compares its settings itself stops at the first that does not fit; it is then asked again with the
    default of that one.
    """
    problems: dict[str, OctoBotError] = {}

    def report(error: OctoBotError) -> None:
        problems.setdefault(str(error), error)

    scratch = copy.deepcopy(tentacles_setup)
    try:
        config = scratch.get_config(tentacle_class)
    except ConfigurationError as error:
        report(error)
        scratch = TentaclesSetupConfig()
        config = scratch.get_config(tentacle_class)
    dropped: set[str] = set()
    while True:
        inputs = UserInputs(config, tentacle_class.get_name())
        try:
            tentacle = tentacle_class.make_for_settings(scratch)
            tentacle.report_setting = report
            tentacle.load_config()
            return DeclaredSettings(tentacle.UI, list(problems.values()))
        except OctoBotError as error:
            report(error)
            key = re.split(r"[.\[]", error.field or "")[0]
        except Exception as error:  # noqa: BLE001 - the tentacle's own code, which may do anything
            report(_failure(tentacle_class, tentacles_setup, error))
            key = ""
        if key in dropped or config.pop(key, None) is None:
            return DeclaredSettings(inputs, list(problems.values()))
        dropped.add(key)


def _failure(tentacle_class: type[AbstractTentacle], setup: TentaclesSetupConfig, error: Exception) -> OctoBotError:
    name: Any = tentacle_class.get_name()
    return SettingError(
        f"{name} cannot declare its settings: {type(error).__name__}: {error}",
        file=setup.config_file(tentacle_class),
        remedy="repair the tentacle, or the settings that it cannot bear",
    )
