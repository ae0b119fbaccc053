# SPDX-License-Identifier: Apache-2.0
"""Which evaluators the strategies of a profile conclude from: required ones, and default ones where it has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from octobot_commons.configuration import Profile, TentaclesSetupConfig
from octobot_commons.constants import CONFIG_WILDCARD
from octobot_commons.errors import ProfileError
from octobot_commons.logging import get_logger
from octobot_evaluators.evaluators import AbstractEvaluator, StrategyEvaluator

_logger = get_logger("Profile")
Evaluator = type[AbstractEvaluator]
Strategy = type[StrategyEvaluator]


def choose_evaluators(
    profile: Profile, strategies: Iterable[Strategy], active: Sequence[Evaluator], load: Callable[[str], type]
) -> tuple[Evaluator, ...]:
    """The active evaluators that some strategy is made for, and the default ones of a strategy that has none of them.

    An evaluator that nobody concludes from is left out, with a notice: cycles would wait for it. A default one that the
    profile sets to false stays off.

    Raises:
        UnknownTentacleError: a default evaluator is not installed.
        ProfileError: a default evaluator is none.
    """
    setup = profile.tentacles_setup
    chosen: dict[str, Evaluator] = {}
    for strategy in strategies:
        used = [one for one in active if is_input(strategy, one, setup)]
        if not used:
            used = [_checked(load(name), strategy, profile) for name in _defaults(strategy, setup)]
            _notice_defaults(strategy, used)
        chosen.update((one.get_name(), one) for one in used)
    for one in active:
        if one.get_name() not in chosen:
            _logger.warning("%s is not run: no active strategy concludes from it", one.get_name())
    return tuple(chosen[name] for name in sorted(chosen))


def is_input(strategy: Strategy, evaluator: Evaluator, setup: TentaclesSetupConfig) -> bool:
    """Whether a strategy is made for an evaluator, by name (its own or a base's) and kind."""
    kind = evaluator.EVALUATOR_TYPE
    if kind is not None and kind.value not in strategy.get_compatible_evaluators_types(setup):
        return False
    required = strategy.get_required_evaluators(setup)
    return CONFIG_WILDCARD in required or any(base.__name__ in required for base in evaluator.__mro__)


def _defaults(strategy: Strategy, setup: TentaclesSetupConfig) -> list[str]:
    return [name for name in strategy.get_default_evaluators(setup) if setup.activation.get(name, True)]


def _notice_defaults(strategy: Strategy, used: Sequence[Evaluator]) -> None:
    names = ", ".join(one.get_name() for one in used)
    if used:
        _logger.info(
            "the profile activates no evaluator for %s, so its default ones run: %s", strategy.get_name(), names
        )
    else:
        _logger.warning("the profile activates no evaluator for %s, and it has no default ones", strategy.get_name())


def _checked(found: type, strategy: Strategy, profile: Profile) -> Evaluator:
    if issubclass(found, AbstractEvaluator):
        return found
    setup = profile.tentacles_setup
    raise ProfileError(
        f"{found.__name__} is no evaluator",
        file=setup.config_file(strategy),
        field="default_config",
        remedy="name evaluators only",
    )
