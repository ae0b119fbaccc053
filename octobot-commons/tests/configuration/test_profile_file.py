# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration import BacktestingConfig, CryptoCurrency, ExchangeConfig, FeesConfig, load_profile
from octobot_commons.configuration.profile_file import profile_content as file_content
from octobot_commons.errors import ProfileError

Content = dict[str, Any]


def test_a_profile_of_2_x_loads(profile_folder: Path, profile_content: Content) -> None:
    text = json.dumps(profile_content).replace("1000.1234567890124", "1000.123456789012345678")
    (profile_folder / "profile.json").write_text(text)
    profile = load_profile(profile_folder)
    assert (profile.profile_id, profile.name, profile.description) == ("daily", "Daily Trading", "A profile")
    assert profile.path == profile_folder
    assert profile.crypto_currencies["Everything"] == CryptoCurrency(pairs=["*"], quote="BTC")
    assert profile.exchanges == {"binance": ExchangeConfig(), "kraken": ExchangeConfig(enabled=False)}
    assert list(profile.enabled_exchanges()) == ["binance"]
    assert (profile.trader_enabled, profile.load_trade_history) == (False, False)
    assert profile.trader_simulator.enabled
    assert profile.trader_simulator.fees == FeesConfig(maker=Decimal("0.1"), taker=Decimal("0.25"))
    # Digits that a float would lose.
    starting = {"BTC": Decimal(10), "USDT": Decimal("1000.123456789012345678")}
    assert profile.trader_simulator.starting_portfolio == starting
    assert (profile.reference_market, profile.risk) == ("USDT", Decimal("0.7"))
    assert profile.tentacles_setup.activated_names() == ["RSIMomentumEvaluator", "DailyTradingMode"]


def test_the_file_itself_may_be_given_and_a_relative_folder(
    profile_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_profile(profile_folder / "profile.json").profile_id == "daily"
    monkeypatch.chdir(profile_folder)
    assert load_profile(".").tentacles_setup.get_config("RSIMomentumEvaluator") == {"period_length": 20}


def test_a_short_profile_gets_defaults(profile_folder: Path) -> None:
    (profile_folder / "profile.json").write_text('{"config": {}}')
    profile = load_profile(str(profile_folder))
    assert (profile.profile_id, profile.name, profile.description) == ("my_profile", "my_profile", "")
    assert (profile.reference_market, profile.risk) == ("USDT", Decimal("0.5"))
    assert profile.trader_simulator.fees == FeesConfig(maker=Decimal("0.1"), taker=Decimal("0.1"))
    assert profile.symbols_by_cryptocurrency() == {}


def put(*keys: str, value: object) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = value

    return change


def rename(*keys: str, to: str) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        for key in keys[:-1]:
            content = content[key]
        content[to] = content.pop(keys[-1])

    return change


CONFIG = "config"
SIMULATOR = "trader-simulator"
WRONG = [
    (lambda content: content.pop(CONFIG), "key 'config' is missing (add it)"),
    (rename(CONFIG, to="confg"), "confg: unknown key (did you mean config?)"),
    (rename(CONFIG, "trading", to="tradin"), "config.tradin: unknown key (did you mean trading?)"),
    (
        rename(CONFIG, "trading", "reference-market", to="reference_market"),
        "config.trading.reference_market: unknown key (did you mean reference-market?)",
    ),
    (
        rename(CONFIG, "exchanges", "binance", "exchange-type", to="exchange_type"),
        "config.exchanges.binance.exchange_type: unknown key (did you mean exchange-type?)",
    ),
    (
        rename(CONFIG, SIMULATOR, "fees", "maker", to="makers"),
        "config.trader-simulator.fees.makers: unknown key (did you mean maker?)",
    ),
    (put(CONFIG, value=[]), "config: expected an object, got a list (correct its value)"),
    (put("profile", "name", value=5), "profile.name: expected text or nothing, got a number (correct its value)"),
    (put("profile", "id", value=""), "profile.id: must not be empty (correct its value)"),
    (
        put(CONFIG, "exchanges", "binance", "enabled", value="yes"),
        "config.exchanges.binance.enabled: expected true or false, got text (correct its value)",
    ),
    (
        put(CONFIG, "exchanges", "binance", value=True),
        "config.exchanges.binance: expected an object, got true or false (correct its value)",
    ),
    (
        put(CONFIG, "exchanges", "binance", "exchange-type", value="futures"),
        "config.exchanges.binance.exchange-type: 'futures' is no exchange type (did you mean future?)",
    ),
    (
        put(CONFIG, "exchanges", "binance", "exchange-type", value="x"),
        "config.exchanges.binance.exchange-type: 'x' is no exchange type (one of spot margin future option)",
    ),
    (
        put(CONFIG, "exchanges", "binance", "leverage", value=3),
        'config.exchanges.binance.leverage: spot markets have no leverage (leave it out, or write "exchange-type": '
        '"future")',
    ),
    (
        put(CONFIG, "exchanges", "binance", value={"exchange-type": "future", "leverage": 0.5}),
        "config.exchanges.binance.leverage: a leverage of 0.5 (give one from 1 to 125)",
    ),
    (
        put(CONFIG, "exchanges", "binance", value={"exchange-type": "future", "leverage": "much"}),
        "config.exchanges.binance.leverage: expected a number, got 'much' (write it without quotes)",
    ),
    (
        put(CONFIG, "crypto-currencies", "Bitcoin", "pairs", value=["BTC/USDT", "ETHUSDT"]),
        "config.crypto-currencies.Bitcoin.pairs[1]: 'ETHUSDT' is no symbol (write it BASE/QUOTE, like BTC/USDT)",
    ),
    (
        put(CONFIG, "crypto-currencies", "Bitcoin", "pairs", value=["BTC/USDT", 5]),
        "config.crypto-currencies.Bitcoin.pairs[1]: expected text, got 5 (write it in quotes)",
    ),
    (
        put(CONFIG, "trading", "risk", value=0),
        "config.trading.risk: 0 is no usable risk (above 0, at most 1)",
    ),
    (
        put(CONFIG, "trading", "risk", value=1.5),
        "config.trading.risk: 1.5 is no usable risk (above 0, at most 1)",
    ),
    (
        put(CONFIG, "trading", "risk", value="0.5"),
        "config.trading.risk: expected a number, got '0.5' (write it without quotes)",
    ),
    (
        put(CONFIG, "trading", "risk", value=None),
        "config.trading.risk: expected a number, got None (write a number)",
    ),
    (
        put(CONFIG, SIMULATOR, "fees", "taker", value=100),
        "config.trader-simulator.fees.taker: 100 % is no usable fee (0.1 means 0.1 %)",
    ),
    (
        put(CONFIG, SIMULATOR, "fees", "taker", value=True),
        "config.trader-simulator.fees.taker: expected a number, got True (write a number)",
    ),
    (
        put(CONFIG, SIMULATOR, "starting-portfolio", "USDT", value=-1),
        "config.trader-simulator.starting-portfolio.USDT: -1 is below zero (give what is owned at the start)",
    ),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[message for _, message in WRONG])
def test_what_is_wrong_is_named(
    profile_folder: Path, profile_content: Content, change: Callable[[Content], None], message: str
) -> None:
    change(profile_content)
    file = profile_folder / "profile.json"
    file.write_text(json.dumps(profile_content))
    with pytest.raises(ProfileError) as caught:
        load_profile(profile_folder)
    assert str(caught.value) == f"{file}: {message}"


def test_what_a_backtest_may_make_up(profile_folder: Path, profile_content: Content) -> None:
    section = {"synthetic-symbols": ["ETH/USDT"], "synthetic-exchanges": ["kraken"], "feeds": "signals.sqlite"}
    profile_content["config"]["backtesting"] = section
    (profile_folder / "profile.json").write_text(json.dumps(profile_content))
    profile = load_profile(profile_folder)
    assert profile.backtesting == BacktestingConfig(
        synthetic_symbols=["ETH/USDT"], synthetic_exchanges=["kraken"], feeds="signals.sqlite"
    )
    assert file_content(profile)["config"]["backtesting"] == section


@pytest.mark.parametrize(
    ("section", "field"),
    [
        ({"synthetic-symbols": ["ETHUSDT"]}, "synthetic-symbols[0]"),
        ({"synthetic-exchanges": [1]}, "synthetic-exchanges[0]"),
        ({"feeds": ""}, "feeds"),
        ({"feed": "signals.sqlite"}, "feed"),
    ],
)
def test_what_a_backtest_cannot_make_up_is_named(
    profile_folder: Path, profile_content: Content, section: dict[str, Any], field: str
) -> None:
    profile_content["config"]["backtesting"] = section
    (profile_folder / "profile.json").write_text(json.dumps(profile_content))
    with pytest.raises(ProfileError, match=re.escape(f"config.backtesting.{field}")):
        load_profile(profile_folder)


def test_an_alike_key_beside_the_right_one_is_let_through(profile_folder: Path, profile_content: Content) -> None:
    profile_content["config"]["trading"]["risks"] = 3
    (profile_folder / "profile.json").write_text(json.dumps(profile_content))
    assert load_profile(profile_folder).risk == Decimal("0.7")


def test_no_profile_there(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=re.escape("no such file (a profile is a folder that holds profile.json)")):
        load_profile(tmp_path)
    with pytest.raises(ProfileError, match=re.escape("no such file (give an existing profile folder)")):
        load_profile(tmp_path / "nowhere")


def test_tentacles_config_is_needed(profile_folder: Path) -> None:
    file = profile_folder / "tentacles_config.json"
    file.unlink()
    with pytest.raises(ProfileError) as caught:
        load_profile(profile_folder)
    assert str(caught.value) == f"{file}: no such file (a profile needs this file)"
