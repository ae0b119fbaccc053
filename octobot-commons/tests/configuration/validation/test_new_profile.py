# SPDX-License-Identifier: Apache-2.0
"""A new profile is complete, is what was asked for, and is not there when it could not run."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration import load_profile
from octobot_commons.configuration.new_profile import NewProfile, create_profile
from octobot_commons.configuration.validation import validate_profile
from octobot_commons.errors import ProfileError, SymbolError, UnknownTentacleError
from octobot_commons.tentacles_management import TentacleRegistry


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "profiles"


def create(folder: Path, registry: TentacleRegistry, **wanted: Any) -> dict[str, Any]:
    made, problems = create_profile(NewProfile(profile_id="new", **wanted), load_profile(folder), registry)
    assert problems == validate_profile(made, registry)
    return load_profile(made).to_dict()


def test_what_is_not_given_is_as_in_the_pattern(folder: Path, registry: TentacleRegistry, home: Path) -> None:
    created = create(folder, registry)
    pattern = load_profile(folder).to_dict()
    assert {key: created[key] for key in created if key not in ("profile", "tentacles")} == {
        key: pattern[key] for key in pattern if key not in ("profile", "tentacles")
    }
    assert created["profile"] == {"id": "new", "name": "new", "description": ""}
    assert created["tentacles"] == {
        "RSIMomentumEvaluator": {"period_length": 14, "low": 30, "high": 70, "source": "close", "weights": []},
        "SimpleStrategyEvaluator": {"required_time_frames": ["1h"], "required_evaluators": ["*"]},
        "DailyTradingMode": {"required_strategies": ["SimpleStrategyEvaluator", "OtherStrategyEvaluator"]},
    }
    assert {path.name for path in (home / "new").iterdir()} == {
        "profile.json", "tentacles_config.json", "specific_config",
    }  # fmt: skip


def test_everything_can_be_asked_for(folder: Path, registry: TentacleRegistry) -> None:
    created = create(
        folder,
        registry,
        name="New one",
        description="what for",
        trading_mode="GridTradingMode",
        strategies=["OtherStrategyEvaluator"],
        evaluators=["MACDMomentumEvaluator"],
        symbols=["BTC/EUR", "ETH/EUR", "BTC/USDC", "BTC/EUR"],
        time_frames=["4h", "1d"],
        exchange="kraken",
        exchange_type="margin",
        reference_market="EUR",
        portfolio={"EUR": Decimal("0.10"), "USDC": Decimal(5)},
        risk=Decimal("0.25"),
    )
    assert created["profile"] == {"id": "new", "name": "New one", "description": "what for"}
    assert created["crypto_currencies"] == {
        "Bitcoin": {"enabled": True, "pairs": ["BTC/EUR", "BTC/USDC"], "quote": None},
        "ETH": {"enabled": True, "pairs": ["ETH/EUR"], "quote": None},
    }
    assert created["exchanges"] == {"kraken": {"enabled": True, "exchange_type": "margin"}}
    assert created["trading"] == {"reference_market": "EUR", "risk": "0.25"}
    assert created["trader_simulator"]["starting_portfolio"] == {"EUR": "0.10", "USDC": "5"}
    assert created["tentacles"] == {
        "MACDMomentumEvaluator": {},
        "OtherStrategyEvaluator": {"required_time_frames": ["4h", "1d"]},
        "GridTradingMode": {},
    }


def test_leverage_is_of_futures(folder: Path, registry: TentacleRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProfileError, match="spot markets have no leverage"):
        create(folder, registry, leverage=Decimal(3))
    mode = registry.load("DailyTradingMode")
    monkeypatch.setattr(mode, "get_supported_exchange_types", lambda: ["future"], raising=False)
    created = create(folder, registry, exchange_type="future", leverage=Decimal(3), symbols=["BTC/USDT:USDT"])
    assert created["exchanges"] == {"binance": {"enabled": True, "exchange_type": "future", "leverage": "3"}}


def test_strategies_bring_the_evaluators_that_they_name(folder: Path, registry: TentacleRegistry) -> None:
    file = folder / "specific_config" / "OtherStrategyEvaluator.json"
    file.write_text(json.dumps({"default_config": ["MACDMomentumEvaluator"], "required_evaluators": ["*"]}))
    created = create(folder, registry, strategies=["OtherStrategyEvaluator"])
    assert list(created["tentacles"]) == ["MACDMomentumEvaluator", "OtherStrategyEvaluator", "DailyTradingMode"]


@pytest.mark.parametrize(
    ("wanted", "error", "text"),
    [
        ({"evaluators": ["RSIMomentum"]}, UnknownTentacleError, "did you mean RSIMomentumEvaluator?"),
        ({"strategies": ["MACDMomentumEvaluator"]}, UnknownTentacleError, "is no STRATEGY tentacle"),
        ({"trading_mode": "DailyTradingMod"}, UnknownTentacleError, "did you mean DailyTradingMode?"),
        ({"symbols": ["BTCUSDT"]}, SymbolError, "is no symbol"),
        ({"symbols": ["BTC/EUR"], "time_frames": ["3d"]}, ProfileError, "BTC/EUR cannot be traded"),
        ({"symbols": ["BTC/EUR"], "time_frames": ["3d"]}, ProfileError, "'3d' is none of the options"),
        ({"portfolio": {"USDT": Decimal(0)}}, ProfileError, "without money"),
        ({"risk": Decimal(2)}, ProfileError, "2 is no usable risk"),
    ],
)
def test_what_could_not_run_is_not_made(
    folder: Path, registry: TentacleRegistry, home: Path, wanted: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error) as caught:
        create(folder, registry, **wanted)
    assert text in str(caught.value)
    assert not home.exists() or not list(home.iterdir())
