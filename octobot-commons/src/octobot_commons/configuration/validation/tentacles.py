# SPDX-License-Identifier: Apache-2.0
"""What is activated: whether it can be loaded, has what it requires, and its settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from octobot_commons.configuration.profile import Profile
from octobot_commons.configuration.profile_file import PROFILE_FILE
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
        if kind is TentacleKind.STRATEGY:
            _check_strategy(profile, name, inputs.config, registry, find)
        elif kind is TentacleKind.TRADING_MODE:
            _check_mode(profile, name, inputs.config, registry, find)
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


def _check_strategy(profile: Profile, name: str, settings: dict[str, Any], known: TentacleRegistry, find: Find) -> None:
    setup = profile.tentacles_setup
    for required in _names(settings, _REQUIRED_EVALUATORS):
        if not setup.is_activated(required):
            activate = "activate it in tentacles_config.json"
            remedy = activate if required in known else did_you_mean(required, setup.activated_names(), activate)
            error = ProfileError(f"{required} is required and not activated", file=setup.config_file(name),
                                 field=_REQUIRED_EVALUATORS, remedy=remedy)  # fmt: skip
            find(error, Severity.WARNING)


def _check_mode(profile: Profile, name: str, settings: dict[str, Any], known: TentacleRegistry, find: Find) -> None:
    setup = profile.tentacles_setup
    required, count = _names(settings, _REQUIRED_STRATEGIES), settings.get(_REQUIRED_COUNT)
    needed = count if isinstance(count, int) else 1
    if required and sum(setup.is_activated(one) for one in required) < needed:
        message = f"of {', '.join(required)} at least {needed} must be activated"
        usable = [one for one in required if one in known]
        remedy = f"activate {' or '.join(usable) or 'one of them'} in tentacles_config.json"
        error = ProfileError(message, file=setup.config_file(name), field=_REQUIRED_STRATEGIES, remedy=remedy)
        find(error, Severity.WARNING)
    for exchange, config in profile.enabled_exchanges().items():
        # Modes are above this package; what is none of their base has no say.
        supported = [str(one) for one in getattr(known.load(name), "get_supported_exchange_types", list)()]
        if supported and config.exchange_type not in supported:
            message, remedy = f"{name} does not trade {config.exchange_type} markets", f"write {' or '.join(supported)}"
            file = (profile.path or Path()) / PROFILE_FILE
            field = f"config.exchanges.{exchange}.exchange-type"
            find(ProfileError(message, file=file, field=field, remedy=remedy), Severity.ERROR)


def _names(settings: dict[str, Any], key: str) -> Sequence[str]:
    """The names under this key; none where a wildcard is among them, or what is no list of names."""
    names = settings.get(key)
    usable = isinstance(names, list) and CONFIG_WILDCARD not in names
    return [name for name in names or () if isinstance(name, str)] if usable else []
