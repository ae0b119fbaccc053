# SPDX-License-Identifier: Apache-2.0
"""What a strategy's settings file says about its inputs, and what holds where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from octobot_commons.constants import CONFIG_WILDCARD
from octobot_commons.enums import TimeFrames
from octobot_evaluators.constants import (
    STRATEGIES_COMPATIBLE_EVALUATOR_TYPES,
    STRATEGIES_DEFAULT_EVALUATORS,
    STRATEGIES_REQUIRED_EVALUATORS,
    STRATEGIES_REQUIRED_TIME_FRAME,
    STRATEGY_INPUT_TYPES,
)

if TYPE_CHECKING:
    from octobot_commons.configuration import TentaclesSetupConfig
    from octobot_evaluators.evaluators.strategy_evaluator import StrategyEvaluator


def settings_of(
    strategy: type[StrategyEvaluator],
    tentacles_setup_config: TentaclesSetupConfig,
    strategy_config: dict[str, Any] | None,
) -> dict[str, Any]:
    """The given settings, or those of the profile."""
    return tentacles_setup_config.get_config(strategy) if strategy_config is None else strategy_config


def required_time_frames(strategy: type[StrategyEvaluator], settings: dict[str, Any]) -> list[str]:
    """The configured time frames, else those of the strategy's default config, else one hour."""
    configured = settings.get(STRATEGIES_REQUIRED_TIME_FRAME)
    if configured is None:
        configured = strategy.get_default_config().get(STRATEGIES_REQUIRED_TIME_FRAME, (TimeFrames.ONE_HOUR,))
    return [str(time_frame) for time_frame in configured]


def required_evaluators(settings: dict[str, Any]) -> list[str]:
    """The configured evaluators, else any."""
    return list(settings.get(STRATEGIES_REQUIRED_EVALUATORS, (CONFIG_WILDCARD,)))


def default_evaluators(settings: dict[str, Any]) -> list[str]:
    """The configured evaluators to begin with, else those that are required by name."""
    named = [name for name in required_evaluators(settings) if name != CONFIG_WILDCARD]
    return list(settings.get(STRATEGIES_DEFAULT_EVALUATORS, named))


def compatible_evaluator_types(settings: dict[str, Any]) -> list[str]:
    """The configured kinds, else all that a strategy can listen to."""
    configured = settings.get(STRATEGIES_COMPATIBLE_EVALUATOR_TYPES, (CONFIG_WILDCARD,))
    return list(STRATEGY_INPUT_TYPES) if CONFIG_WILDCARD in configured else list(configured)
