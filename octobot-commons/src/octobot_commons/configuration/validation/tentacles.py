# SPDX-License-Identifier: Apache-2.0
"""What is activated: whether it can be loaded, has what it requires, and its settings."""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration.profile import Profile
from octobot_commons.configuration.validation.problem import Find, Severity
from octobot_commons.configuration.validation.requirements import (
    EVALUATOR_KINDS,
    check_mode,
    check_strategy,
    check_used,
    needs_strategies,
)
from octobot_commons.configuration.validation.roles import role_problems
from octobot_commons.declared_settings import declare_settings
from octobot_commons.errors import UnknownTentacleError, UserInputError
from octobot_commons.tentacles_management import AbstractTentacle, TentacleKind, TentacleRegistry


def check_tentacles(profile: Profile, registry: TentacleRegistry, find: Find) -> None:
    """Find what is activated and cannot run, or not with these settings."""
    by_kind: dict[TentacleKind, list[str]] = {}
    settings: dict[str, dict[str, Any]] = {}
    for name in profile.tentacles_setup.activated_names():
        tentacle_class = _load(name, profile, registry, find)
        if tentacle_class is None:
            continue
        kind = registry.info(name).kind
        by_kind.setdefault(kind, []).append(name)
        inputs, problems = declare_settings(tentacle_class, profile.tentacles_setup)
        for error in problems:
            find(error, Severity.ERROR)
        settings[name] = inputs.config
    modes, strategies = (by_kind.get(kind, []) for kind in (TentacleKind.TRADING_MODE, TentacleKind.STRATEGY))
    needs_strategy = not modes or any(needs_strategies(profile, name, registry) for name in modes)
    for error in role_problems(profile, modes, strategies, needs_strategy):
        find(error, Severity.ERROR)
    for name in modes:
        check_mode(profile, name, settings[name], registry, find)
    for name in strategies:
        check_strategy(profile, name, settings[name], registry, find)
    evaluators = [name for kind, names in by_kind.items() if kind in EVALUATOR_KINDS for name in names]
    if strategies:
        check_used(profile, evaluators, [settings[name] for name in strategies], registry, find)


def _load(name: str, profile: Profile, registry: TentacleRegistry, find: Find) -> type[AbstractTentacle] | None:
    setup = profile.tentacles_setup
    try:
        return registry.load_for(name, setup)
    except UnknownTentacleError:
        severity = Severity.REMARK if setup.is_service(name) else Severity.ERROR
        find(setup.unknown(name, registry.names()), severity)
    except UserInputError as error:
        find(error, Severity.ERROR)
    return None
