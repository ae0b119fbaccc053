# SPDX-License-Identifier: Apache-2.0
"""Strategies with a matrix that the test writes to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.enums import TimeFrames
from octobot_evaluators.evaluators import StrategyEvaluator
from octobot_evaluators.evaluators.channel import create_matrix_channel, del_chan, get_chan
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


class Told:
    """What a trading mode hears: (symbol, note) of each conclusion that somebody is told of."""

    def __init__(self, dispatcher: SynchronizedDispatcher) -> None:
        self._dispatcher = dispatcher
        self._notes: list[tuple[str | None, Any]] = []

    async def hear(self, symbol: str | None, eval_note: Any, **_: Any) -> None:
        self._notes.append((symbol, eval_note))

    async def notes(self) -> list[tuple[str | None, Any]]:
        """Those since the last call."""
        await self._dispatcher.run_until_idle()
        heard, self._notes = self._notes, []
        return heard


@pytest.fixture
async def told(matrix: Matrix) -> AsyncIterator[Told]:
    dispatcher = SynchronizedDispatcher()
    told = Told(dispatcher)
    await create_matrix_channel("matrix", dispatcher)
    await get_chan("Matrix", "matrix").new_consumer(told.hear, evaluator_type="STRATEGIES")
    yield told
    del_chan("Matrix", "matrix")
