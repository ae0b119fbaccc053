# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration.validation import validate_profile
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_commons.tentacles_management import AbstractTentacle, TentacleRegistry


# Kinds are known by these names, as the classes are above this package.
class TAEvaluator(AbstractTentacle):
    pass


class StrategyEvaluator(AbstractTentacle):
    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        options = ["1h", "4h", "1d"]
        self.UI.user_input("required_time_frames", UserInputTypes.MULTIPLE_OPTIONS, ["1h"], inputs, options=options)


class AbstractTradingMode(AbstractTentacle):
    pass


class RSIMomentumEvaluator(TAEvaluator):
    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        self.UI.user_input("period length", UserInputTypes.INT, 14, inputs, min_val=1)
        low = self.UI.user_input("low", UserInputTypes.FLOAT, 30, inputs, min_val=0, max_val=100)
        high = self.UI.user_input("high", UserInputTypes.FLOAT, 70, inputs, min_val=0, max_val=100)
        if low >= high:
            raise SettingError(f"{low} is not below high", file=self.UI.file, field="low", remedy="30 is below 70")
        self.UI.user_input("source", UserInputTypes.OPTIONS, "close", inputs, options=["close", "open", "typical"])
        weights = self.UI.user_input("weights", UserInputTypes.OBJECT_ARRAY, [], inputs)
        for index in range(len(weights)):
            nested = {"parent_input_name": "weights", "array_indexes": [index]}
            self.UI.user_input("time_frame", UserInputTypes.TEXT, "1h", inputs, **nested)
            self.UI.user_input("weight", UserInputTypes.FLOAT, 1, inputs, min_val=0, **nested)


class MACDMomentumEvaluator(TAEvaluator):
    pass


class BrokenEvaluator(TAEvaluator):
    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        raise ZeroDivisionError("here")


class SimpleStrategyEvaluator(StrategyEvaluator):
    pass


class OtherStrategyEvaluator(StrategyEvaluator):
    pass


class DailyTradingMode(AbstractTradingMode):
    pass


class GridTradingMode(AbstractTradingMode):
    @classmethod
    def get_supported_exchange_types(cls) -> list[str]:
        return ["spot", "margin"]


PROFILE = {
    "config": {
        "crypto-currencies": {"Bitcoin": {"enabled": True, "pairs": ["BTC/USDT"]}},
        "exchanges": {"binance": {"enabled": True, "exchange-type": "spot"}},
        "trader": {"enabled": False, "load-trade-history": True},
        "trader-simulator": {
            "enabled": True,
            "fees": {"maker": 0.1, "taker": 0.1},
            "starting-portfolio": {"USDT": 1000},
        },
        "trading": {"reference-market": "USDT", "risk": 0.5},
    },
    "profile": {"id": "mine", "name": "Mine", "description": ""},
}
TENTACLES = {
    "tentacle_activation": {
        "Evaluator": {"RSIMomentumEvaluator": True, "SimpleStrategyEvaluator": True, "MACDMomentumEvaluator": False},
        "Trading": {"DailyTradingMode": True},
    }
}
SETTINGS = {
    "RSIMomentumEvaluator": {"period_length": 14},
    "SimpleStrategyEvaluator": {"required_time_frames": ["1h"], "required_evaluators": ["*"]},
    "DailyTradingMode": {"required_strategies": ["SimpleStrategyEvaluator", "OtherStrategyEvaluator"]},
}


@pytest.fixture
def registry() -> TentacleRegistry:
    registry = TentacleRegistry()
    for one in (
        RSIMomentumEvaluator, MACDMomentumEvaluator, BrokenEvaluator, SimpleStrategyEvaluator, OtherStrategyEvaluator,
        DailyTradingMode, GridTradingMode,
    ):  # fmt: skip
        registry.add(one)
    return registry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A profile without a problem."""
    folder = tmp_path / "mine"
    (folder / "specific_config").mkdir(parents=True)
    contents = {"profile": PROFILE, "tentacles_config": TENTACLES}
    for name, content in (*contents.items(), *((f"specific_config/{name}", one) for name, one in SETTINGS.items())):
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


@pytest.fixture
def change(folder: Path) -> Callable[..., None]:
    """Set (or, with ..., remove) a value in a file of the profile, found by keys; makes what is not there."""

    def put(name: str, *keys: str, to: Any) -> None:
        file = folder / f"{name}.json"
        content = json.loads(file.read_text()) if file.exists() else {}
        inner = content
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        if to is ...:
            del inner[keys[-1]]
        else:
            inner[keys[-1]] = to
        file.write_text(json.dumps(content))

    return put


@pytest.fixture
def problems(folder: Path, registry: TentacleRegistry) -> Callable[..., list[str]]:
    """What is said of the profile."""

    def validate(**options: Any) -> list[str]:
        return [str(problem) for problem in validate_profile(folder, registry, **options)]

    return validate
