# SPDX-License-Identifier: Apache-2.0
"""What tentacles require of each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from octobot_commons.configuration.profile import Profile
from octobot_commons.configuration.profile_file import PROFILE_FILE
from octobot_commons.configuration.tentacles_setup import TENTACLES_CONFIG_FILE
from octobot_commons.configuration.validation.problem import Find, Severity
from octobot_commons.constants import CONFIG_REQUIRED_STRATEGIES, CONFIG_WILDCARD
from octobot_commons.errors import ProfileError, did_you_mean
from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry

EVALUATOR_KINDS = (TentacleKind.TA, TentacleKind.REAL_TIME, TentacleKind.SOCIAL, TentacleKind.SCRIPTED)

_COMPATIBLE_KINDS = "compatible_evaluator_types"
_REQUIRED_EVALUATORS = "required_evaluators"
_REQUIRED_COUNT = "required_strategies_min_count"


def check_strategy(profile: Profile, name: str, settings: dict[str, Any], known: TentacleRegistry, find: Find) -> None:
    """Find evaluators that a strategy is made for and that are off."""
    setup = profile.tentacles_setup
    for required in _names(settings, _REQUIRED_EVALUATORS):
        if not setup.is_activated(required):
            activate = "activate it in tentacles_config.json"
            remedy = activate if required in known else did_you_mean(required, setup.activated_names(), activate)
            error = ProfileError(f"{required} is required and not activated", file=setup.config_file(name),
                                 field=_REQUIRED_EVALUATORS, remedy=remedy)  # fmt: skip
            find(error, Severity.WARNING)


def check_mode(profile: Profile, name: str, settings: dict[str, Any], known: TentacleRegistry, find: Find) -> None:
    """Find strategies that a trading mode needs and that are off, and markets that it does not trade."""
    setup = profile.tentacles_setup
    required, count = _names(settings, CONFIG_REQUIRED_STRATEGIES), settings.get(_REQUIRED_COUNT)
    needed = count if isinstance(count, int) else 1
    if required and sum(setup.is_activated(one) for one in required) < needed:
        message = f"of {', '.join(required)} at least {needed} must be activated"
        usable = [one for one in required if one in known]
        remedy = f"activate {' or '.join(usable) or 'one of them'} in tentacles_config.json"
        error = ProfileError(message, file=setup.config_file(name), field=CONFIG_REQUIRED_STRATEGIES, remedy=remedy)
        find(error, Severity.WARNING)
    for exchange, config in profile.enabled_exchanges().items():
        # Modes are above this package; what is none of their base has no say.
        supported = [str(one) for one in getattr(known.load(name), "get_supported_exchange_types", list)()]
        if supported and config.exchange_type not in supported:
            message, remedy = f"{name} does not trade {config.exchange_type} markets", f"write {' or '.join(supported)}"
            file = (profile.path or Path()) / PROFILE_FILE
            field = f"config.exchanges.{exchange}.exchange-type"
            find(ProfileError(message, file=file, field=field, remedy=remedy), Severity.ERROR)


def needs_strategies(profile: Profile, name: str, known: TentacleRegistry) -> bool:
    """Whether a trading mode does nothing without a strategy."""
    # Modes are above this package; what is none of their base is woken by strategies.
    ask = getattr(known.load(name), "get_required_strategies", None)
    return ask is None or bool(ask(profile.tentacles_setup))


def check_used(
    profile: Profile,
    evaluators: Sequence[str],
    strategies: Sequence[dict[str, Any]],
    known: TentacleRegistry,
    find: Find,
) -> None:
    """Find active evaluators that no active strategy, given by its settings, is made for: they are not run."""
    for name in evaluators:
        bases = {base.__name__ for base in known.load(name).__mro__}
        kind = known.info(name).kind
        if not any(_is_made_for(settings, kind, bases) for settings in strategies):
            file = (profile.path or Path()) / TENTACLES_CONFIG_FILE
            remedy = "set it to false, or activate a strategy that is made for it"
            error = ProfileError("no active strategy concludes from it: it is not run", file=file, field=name,
                                 remedy=remedy)  # fmt: skip
            find(error, Severity.WARNING)


def _is_made_for(settings: dict[str, Any], kind: TentacleKind, names: set[str]) -> bool:
    kinds, required = _names(settings, _COMPATIBLE_KINDS), _names(settings, _REQUIRED_EVALUATORS)
    return (not kinds or kind in kinds) and (not required or not names.isdisjoint(required))


def _names(settings: dict[str, Any], key: str) -> Sequence[str]:
    """The names under this key; none where a wildcard is among them, or what is no list of names."""
    names = settings.get(key)
    usable = isinstance(names, list) and CONFIG_WILDCARD not in names
    return [name for name in names or () if isinstance(name, str)] if usable else []
