# SPDX-License-Identifier: Apache-2.0
"""The tentacles that a profile activates, loaded and told apart."""

from __future__ import annotations

from dataclasses import dataclass

from octobot.strategy_inputs import choose_evaluators
from octobot_commons.configuration import Profile
from octobot_commons.configuration.validation.roles import role_problems
from octobot_commons.tentacles_management import TentacleRegistry
from octobot_evaluators.evaluators import AbstractEvaluator, StrategyEvaluator
from octobot_trading.automations import AbstractAutomations
from octobot_trading.modes import AbstractTradingMode


@dataclass(frozen=True, slots=True)
class ActiveTentacles:
    """What a profile runs."""

    evaluators: tuple[type[AbstractEvaluator], ...]
    strategies: tuple[type[StrategyEvaluator], ...]
    trading_mode: type[AbstractTradingMode]
    automations: tuple[type[AbstractAutomations], ...] = ()


def load_active_tentacles(profile: Profile, registry: TentacleRegistry | None = None) -> ActiveTentacles:
    """Load what the profile activates; see ``choose_evaluators`` for which evaluators run.

    Raises:
        UnknownTentacleError: it names a tentacle that is not installed.
        ProfileError: it activates no strategy and its trading mode needs one, or not exactly one trading mode.
    """
    registry = registry or TentacleRegistry.discover()
    setup = profile.tentacles_setup
    classes = [registry.load_for(name, setup) for name in sorted(setup.check_activated(registry.names()))]
    strategies = tuple(one for one in classes if issubclass(one, StrategyEvaluator))
    activated = [
        one for one in classes if issubclass(one, AbstractEvaluator) and not issubclass(one, StrategyEvaluator)
    ]
    modes = [one for one in classes if issubclass(one, AbstractTradingMode)]
    mode_names, strategy_names = ([one.get_name() for one in group] for group in (modes, strategies))
    needs_strategy = not modes or any(one.get_required_strategies(setup) for one in modes)
    for error in role_problems(profile, mode_names, strategy_names, needs_strategy):
        raise error
    evaluators = choose_evaluators(profile, strategies, activated, lambda name: registry.load_for(name, setup))
    automations = tuple(one for one in classes if issubclass(one, AbstractAutomations))
    return ActiveTentacles(evaluators, strategies, modes[0], automations)
