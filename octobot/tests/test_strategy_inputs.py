# SPDX-License-Identifier: Apache-2.0
"""Required, default and compatible evaluators of strategies, as a profile is loaded."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from octobot.tentacles import load_active_tentacles
from octobot_commons.configuration import Profile, TentaclesSetupConfig, find_profile, load_profile
from octobot_commons.errors import ProfileError, UnknownTentacleError
from octobot_commons.tentacles_management import TentacleRegistry
from octobot_evaluators.evaluators import RealTimeEvaluator, StrategyEvaluator, TAEvaluator
from octobot_tentacles.trading_modes.daily import DailyTradingMode


class TrendEvaluator(TAEvaluator):
    pass


class MoodEvaluator(TAEvaluator):
    pass


class BetterMoodEvaluator(MoodEvaluator):
    pass


class TickEvaluator(RealTimeEvaluator):
    pass


class PickyStrategy(StrategyEvaluator):
    pass


class OtherStrategy(StrategyEvaluator):
    pass


def load(activation: dict[str, bool], **configs: dict[str, Any]) -> list[str]:
    """The names of the evaluators that run."""
    profile: Profile = load_profile(find_profile("daily_trading"))
    everything = (TrendEvaluator, MoodEvaluator, BetterMoodEvaluator, TickEvaluator, PickyStrategy, OtherStrategy)
    registry = TentacleRegistry([])
    for tentacle in (*everything, DailyTradingMode):
        registry.add(tentacle)
    setup = TentaclesSetupConfig({"DailyTradingMode": True, **activation}, configs)
    active = load_active_tentacles(replace(profile, tentacles_setup=setup), registry)
    return [one.get_name() for one in active.evaluators]


def on(*names: str) -> dict[str, bool]:
    return dict.fromkeys(names, True)


def test_a_strategy_for_any_evaluator_runs_what_is_activated() -> None:
    assert load(on("PickyStrategy", "TrendEvaluator", "TickEvaluator")) == ["TickEvaluator", "TrendEvaluator"]


def test_what_no_strategy_is_made_for_is_left_out_with_a_notice(caplog: pytest.LogCaptureFixture) -> None:
    picky = {"required_evaluators": ["TrendEvaluator"]}
    activation = on("PickyStrategy", "TrendEvaluator", "MoodEvaluator")
    assert load(activation, PickyStrategy=picky) == ["TrendEvaluator"]
    assert "MoodEvaluator is not run: no active strategy concludes from it" in caplog.text
    everything = on("OtherStrategy")
    assert load({**activation, **everything}, PickyStrategy=picky) == ["MoodEvaluator", "TrendEvaluator"]


def test_a_required_evaluator_may_be_derived_from() -> None:
    picky = {"required_evaluators": ["MoodEvaluator"]}
    assert load(on("PickyStrategy", "BetterMoodEvaluator"), PickyStrategy=picky) == ["BetterMoodEvaluator"]


def test_kinds_that_a_strategy_cannot_use_are_left_out() -> None:
    picky = {"compatible_evaluator_types": ["TA"]}
    assert load(on("PickyStrategy", "TrendEvaluator", "TickEvaluator"), PickyStrategy=picky) == ["TrendEvaluator"]


def test_default_evaluators_run_where_none_is_activated(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    picky = {"default_config": ["TrendEvaluator", "MoodEvaluator"]}
    assert load(on("PickyStrategy"), PickyStrategy=picky) == ["MoodEvaluator", "TrendEvaluator"]
    assert "its default ones run: TrendEvaluator, MoodEvaluator" in caplog.text
    assert load(on("PickyStrategy", "TickEvaluator"), PickyStrategy=picky) == ["TickEvaluator"]
    assert load({**on("PickyStrategy"), "MoodEvaluator": False}, PickyStrategy=picky) == ["TrendEvaluator"]


def test_evaluators_required_by_name_are_its_default_ones() -> None:
    picky = {"required_evaluators": ["TrendEvaluator"]}
    assert load(on("PickyStrategy"), PickyStrategy=picky) == ["TrendEvaluator"]


def test_a_strategy_without_any_is_said_to_have_none(caplog: pytest.LogCaptureFixture) -> None:
    assert load(on("PickyStrategy")) == []
    assert "activates no evaluator for PickyStrategy, and it has no default ones" in caplog.text


def test_default_evaluators_must_be_there() -> None:
    with pytest.raises(UnknownTentacleError, match=r"did you mean TrendEvaluator\?"):
        load(on("PickyStrategy"), PickyStrategy={"default_config": ["TrendEvaluatr"]})
    with pytest.raises(ProfileError, match="default_config: DailyTradingMode is no evaluator"):
        load(on("PickyStrategy"), PickyStrategy={"default_config": ["DailyTradingMode"]})
