# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path

import pytest

from octobot_commons.configuration import CryptoCurrency, Profile, TentaclesSetupConfig, load_profile


def test_symbols_of_enabled_currencies_each_once(profile_folder: Path) -> None:
    assert load_profile(profile_folder).symbols_by_cryptocurrency() == {
        "Bitcoin": ["BTC/USDT", "BTC/EUR"],
        "Everything": ["*"],
    }


def test_a_profile_made_by_hand() -> None:
    profile = Profile(profile_id="x", name="X")
    other = Profile(profile_id="y", name="Y")
    assert profile.tentacles_setup is not other.tentacles_setup
    assert profile.trader_simulator.starting_portfolio is not other.trader_simulator.starting_portfolio
    assert profile.risk == Decimal("0.5")


def test_profiles_are_changed_by_replacing(profile_folder: Path) -> None:
    profile = load_profile(profile_folder)
    currencies = {"Ethereum": CryptoCurrency(pairs=["ETH/USDT"])}
    changed = dataclasses.replace(profile, crypto_currencies=currencies)
    assert changed.symbols_by_cryptocurrency() == {"Ethereum": ["ETH/USDT"]}
    assert changed.tentacles_setup is profile.tentacles_setup
    with pytest.raises(dataclasses.FrozenInstanceError):
        profile.risk = Decimal(1)


def test_everything_but_the_path_is_ready_for_json(profile_folder: Path) -> None:
    content = json.loads(json.dumps(load_profile(profile_folder).to_dict()))
    assert content["profile"] == {"id": "daily", "name": "Daily Trading", "description": "A profile"}
    assert content["trader_simulator"]["fees"] == {"maker": "0.1", "taker": "0.25"}
    assert content["trader_simulator"]["starting_portfolio"]["BTC"] == "10"
    assert content["trading"] == {"reference_market": "USDT", "risk": "0.7"}
    assert content["exchanges"]["kraken"] == {"enabled": False, "exchange_type": "spot"}
    assert content["crypto_currencies"]["Everything"] == {"enabled": True, "pairs": ["*"], "quote": "BTC"}
    assert content["trader"] == {"enabled": False, "load_trade_history": False}
    assert content["tentacles"] == {"RSIMomentumEvaluator": {"period_length": 20}, "DailyTradingMode": {}}
    assert str(profile_folder) not in json.dumps(content)
    assert Profile(profile_id="x", name="X", tentacles_setup=TentaclesSetupConfig()).to_dict()["tentacles"] == {}
