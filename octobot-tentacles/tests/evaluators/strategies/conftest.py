# SPDX-License-Identifier: Apache-2.0
"""Strategies with a matrix that the test writes to."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_commons.enums import TimeFrames
from octobot_evaluators.evaluators import StrategyEvaluator
from octobot_evaluators.matrix import Matrix
from octobot_tentacles.evaluators.strategies import reading

SYMBOLS = {"Bitcoin": ["BTC/USDT", "BTC/USDC"], "Ethereum": ["ETH/USDT"]}


class Strategy:
    """The strategy of one test, its matrix, and the re-evaluations that it asked for."""

    def __init__(self, evaluator: StrategyEvaluator, matrix: Matrix, asked: list[tuple[Any, ...]]) -> None:
        self.evaluator, self.matrix, self.asked = evaluator, matrix, asked

    def write(self, path: str, note: Any, age: float = 0.0, note_type: Any = float) -> None:
        self.matrix.write(path.split(), note, self.matrix.clock.now() - age, note_type)

    async def call(
        self,
        kind: str = "TA",
        name: str = "Any",
        cryptocurrency: str | None = "Bitcoin",
        symbol: str | None = "BTC/USDT",
        exchange: str | None = "binance",
        note: Any = 0.0,
        time_frame: str | None = None,
    ) -> None:
        await self.evaluator.matrix_callback(
            "matrix", name, kind, note, type(note), None, None, exchange, cryptocurrency, symbol, time_frame
        )

    def note(self, cryptocurrency: str = "Bitcoin", symbol: str = "BTC/USDT", time_frame: str | None = None) -> Any:
        path = ["binance", "STRATEGIES", self.evaluator.get_name(), cryptocurrency, symbol]
        node = self.matrix.find(path if time_frame is None else [*path, time_frame])
        return None if node is None else node.node_value


@pytest.fixture
def make_any_strategy(make_evaluator: Any, matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> Any:
    asked: list[tuple[Any, ...]] = []

    async def record(*arguments: Any) -> None:
        asked.append(arguments)

    monkeypatch.setattr(reading, "trigger_technical_evaluators_re_evaluation_with_updated_data", record)
    monkeypatch.setattr(reading.api, "get_exchange_id_from_matrix_id", lambda exchange_name, matrix_id: "exchange")

    def make(strategy_class: type[StrategyEvaluator], **settings: Any) -> Strategy:
        evaluator = make_evaluator(strategy_class, **settings)
        evaluator._get_tentacle_registration_topic(SYMBOLS, list(TimeFrames), [])
        return Strategy(evaluator, matrix, asked)

    return make
