# SPDX-License-Identifier: Apache-2.0
"""The profile as a user meets it: installed, loadable, with tentacles and settings that exist."""

from __future__ import annotations

from decimal import Decimal
from importlib import metadata

import pytest

from octobot_commons.configuration import Profile, installed_profiles, load_profile
from octobot_commons.tentacles_management import TentacleRegistry
from octobot_commons.user_inputs import UserInputs
from octobot_evaluators.evaluators import AbstractEvaluator
from octobot_tentacles.evaluators.strategies.simple import SimpleStrategyEvaluator
from octobot_tentacles.trading_modes.daily.settings import DailySettings, register


@pytest.fixture
def profile() -> Profile:
    return load_profile(installed_profiles()["daily_trading"])


def test_trades_bitcoin_on_paper(profile: Profile) -> None:
    assert profile.symbols_by_cryptocurrency() == {"Bitcoin": ["BTC/USDT"]}
    assert list(profile.enabled_exchanges()) == ["binance"]
    simulator = profile.trader_simulator
    assert simulator.enabled
    assert not profile.trader_enabled
    assert simulator.starting_portfolio == {"USDT": Decimal(1000)}
    assert simulator.fees.maker == simulator.fees.taker == Decimal("0.1")
    assert (profile.reference_market, profile.risk) == ("USDT", Decimal("0.5"))


def test_activates_tentacles_of_this_package_that_load(profile: Profile) -> None:
    registry = TentacleRegistry.discover()
    names = profile.tentacles_setup.activated_names()
    assert sorted(names) == [
        "DailyTradingMode",
        "DoubleMovingAverageTrendEvaluator",
        "RSIMomentumEvaluator",
        "SimpleStrategyEvaluator",
    ]
    for name in names:
        assert registry.info(name).distribution == "octobot-tentacles"
        assert registry.load(name).get_name() == name


@pytest.mark.parametrize(
    "name", ["DoubleMovingAverageTrendEvaluator", "RSIMomentumEvaluator", "SimpleStrategyEvaluator"]
)
def test_the_settings_are_the_defaults(profile: Profile, name: str) -> None:
    evaluator_class = TentacleRegistry.discover().load(name)
    assert issubclass(evaluator_class, AbstractEvaluator)
    fresh = evaluator_class(None)
    fresh.load_config()
    configured = evaluator_class(profile.tentacles_setup)
    configured.load_config()
    for key, value in fresh.specific_config.items():
        assert configured.specific_config[key] == value


def test_the_mode_has_its_default_settings(profile: Profile) -> None:
    config = profile.tentacles_setup.get_config("DailyTradingMode")
    before = dict(config)
    assert register(UserInputs(config, "DailyTradingMode"), {}) == DailySettings()
    assert config == before


def test_the_strategy_works_on_three_time_frames(profile: Profile) -> None:
    time_frames = SimpleStrategyEvaluator.get_required_time_frames(None, profile.tentacles_setup)
    assert [time_frame.value for time_frame in time_frames] == ["1h", "4h", "1d"]


def test_every_entry_point_of_this_package_loads() -> None:
    ours = [
        entry_point
        for entry_point in metadata.entry_points(group="octobot.tentacles")
        if entry_point.dist is not None and entry_point.dist.name == "octobot-tentacles"
    ]
    assert ours
    for entry_point in ours:
        assert entry_point.load().__name__ == entry_point.name
