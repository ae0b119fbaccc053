# SPDX-License-Identifier: Apache-2.0
"""Which tentacles a profile runs, and what is said of a profile that cannot run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octobot.tentacles import load_active_tentacles
from octobot_commons.configuration import Profile, TentaclesSetupConfig, find_profile, load_profile
from octobot_commons.errors import ProfileError, UnknownTentacleError


@pytest.fixture
def profile() -> Profile:
    return load_profile(find_profile("daily_trading"))


def _activating(profile: Profile, *names: str) -> Profile:
    return replace(profile, tentacles_setup=TentaclesSetupConfig(dict.fromkeys(names, True)))


def test_evaluators_strategies_and_the_mode_are_told_apart(profile: Profile) -> None:
    active = load_active_tentacles(profile)
    assert [one.get_name() for one in active.evaluators] == [
        "DoubleMovingAverageTrendEvaluator",
        "RSIMomentumEvaluator",
    ]
    assert [one.get_name() for one in active.strategies] == ["SimpleStrategyEvaluator"]
    assert active.trading_mode.get_name() == "DailyTradingMode"


def test_a_profile_without_a_mode_or_strategy_is_refused(profile: Profile) -> None:
    with pytest.raises(ProfileError, match="exactly one trading mode, and activates none"):
        load_active_tentacles(_activating(profile, "SimpleStrategyEvaluator"))
    with pytest.raises(ProfileError, match="activates no strategy"):
        load_active_tentacles(_activating(profile, "DailyTradingMode", "RSIMomentumEvaluator"))


def test_an_unknown_tentacle_is_refused_with_the_nearest_name(profile: Profile) -> None:
    with pytest.raises(UnknownTentacleError, match=r"did you mean DailyTradingMode\?"):
        load_active_tentacles(_activating(profile, "DayliTradingMode"))
