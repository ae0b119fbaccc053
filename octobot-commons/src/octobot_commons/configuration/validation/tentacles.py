# SPDX-License-Identifier: Apache-2.0
"""What is activated: whether it can be loaded, has what it requires, and its settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from octobot_commons.configuration.profile import Profile
from octobot_commons.configuration.tentacles_setup import SERVICES_CATEGORY, TENTACLES_CONFIG_FILE
from octobot_commons.configuration.validation.problem import Find, Severity
from octobot_commons.configuration.validation.roles import role_problems
from octobot_commons.constants import CONFIG_WILDCARD
from octobot_commons.declared_settings import declare_settings
from octobot_commons.errors import OctoBotError, ProfileError, TentacleLoadError, UnknownTentacleError, did_you_mean
from octobot_commons.tentacles_management import AbstractTentacle, TentacleKind, TentacleRegistry

_REQUIRED_EVALUATORS = "required_evaluators"
_REQUIRED_STRATEGIES = "required_strategies"
_REQUIRED_COUNT = "required_strategies_min_count"


def check_tentacles(profile: Profile, registry: TentacleRegistry, find: Find) -> None:
    """Find what is activated and cannot run, or not with these settings."""
    by_kind: dict[TentacleKind, list[str]] = {}
    for name in profile.tentacles_setup.activated_names():
        tentacle_class = _load(name, profile, registry, find)
        if tentacle_class is None:
            continue
        kind = registry.info(name).kind
        by_kind.setdefault(kind, []).append(name)
        inputs, problems = declare_settings(tentacle_class, profile.tentacles_setup)
        for error in problems:
            find(error, Severity.ERROR)
        _check_requirements(profile, tentacle_class, kind, inputs.config, registry, find)
    modes, strategies = (by_kind.get(kind, []) for kind in (TentacleKind.TRADING_MODE, TentacleKind.STRATEGY))
    for error in role_problems(profile, modes, strategies):
        find(error, Severity.ERROR)


def _load(name: str, profile: Profile, registry: TentacleRegistry, find: Find) -> type[AbstractTentacle] | None:
    setup = profile.tentacles_setup
    try:
        return registry.load(name)
    except UnknownTentacleError:
        is_service = setup.categories.get(name) == SERVICES_CATEGORY
        message = "service is not installed and stays off" if is_service else "unknown tentacle"
        remedy = did_you_mean(name, registry.names(), None if is_service else "install it or set it to false")
        file = setup.folder / TENTACLES_CONFIG_FILE if setup.folder else None
        error: OctoBotError = UnknownTentacleError(message, file=file, field=name, remedy=remedy)
        find(error, Severity.REMARK if is_service else Severity.ERROR)
    except TentacleLoadError as error:
        find(error, Severity.ERROR)
    return None


def _check_requirements(
    profile: Profile,
    tentacle_class: type[AbstractTentacle],
    kind: TentacleKind,
    settings: dict[str, Any],
    registry: TentacleRegistry,
    find: Find,
) -> None:
    setup = profile.tentacles_setup
    file = setup.config_file(tentacle_class)
    if kind is TentacleKind.STRATEGY:
        for name in _names(settings, _REQUIRED_EVALUATORS):
            if not setup.is_activated(name):
                activate = "activate it in tentacles_config.json"
                remedy = activate if name in registry else did_you_mean(name, setup.activated_names(), activate)
                error = ProfileError(f"{name} is required and not activated", file=file, field=_REQUIRED_EVALUATORS,
                                     remedy=remedy)  # fmt: skip
                find(error, Severity.WARNING)
    elif kind is TentacleKind.TRADING_MODE and (required := _names(settings, _REQUIRED_STRATEGIES)):
        count = settings.get(_REQUIRED_COUNT)
        needed = count if isinstance(count, int) else 1
        if sum(setup.is_activated(name) for name in required) < needed:
            message = f"of {', '.join(required)} at least {needed} must be activated"
            known = [name for name in required if name in registry]
            remedy = f"activate {' or '.join(known) or 'one of them'} in tentacles_config.json"
            find(ProfileError(message, file=file, field=_REQUIRED_STRATEGIES, remedy=remedy), Severity.WARNING)


def _names(settings: dict[str, Any], key: str) -> Sequence[str]:
    """The names under this key; none where a wildcard is among them, or what is no list of names."""
    names = settings.get(key)
    usable = isinstance(names, list) and CONFIG_WILDCARD not in names
    return [name for name in names or () if isinstance(name, str)] if usable else []
