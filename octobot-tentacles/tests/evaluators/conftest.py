# SPDX-License-Identifier: Apache-2.0
"""Evaluators with a matrix to write to and candles to read."""

from __future__ import annotations

import csv
import lzma
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import TimeFrames
from octobot_evaluators.evaluators import AbstractEvaluator
from octobot_evaluators.matrix import Matrix, create_matrix, delete_matrix
from octobot_tentacles.indicators import FloatArray
from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData

HOUR = 3600.0
START_TIME = 1_700_002_800.0
RECORDED = Path(__file__).resolve().parents[4] / "shared/data/ohlcv/binance-spot/BTC_USDT-1h_2023.csv.xz"


@pytest.fixture
def matrix() -> Iterator[Matrix]:
    """An empty matrix in the year 2023."""
    yield create_matrix("matrix", SimulatedClock(START_TIME), 0.0)
    delete_matrix("matrix")


MakeEvaluator = Callable[..., Any]


@pytest.fixture
def make_evaluator(matrix: Matrix) -> MakeEvaluator:
    """``make_evaluator(Class, **settings)``: an evaluator of the exchange binance with its settings loaded."""

    def make(evaluator_class: type[AbstractEvaluator], **settings: Any) -> AbstractEvaluator:
        setup = TentaclesSetupConfig({}, {evaluator_class.get_name(): settings})
        evaluator = evaluator_class(setup)
        evaluator.matrix_id = matrix.matrix_id
        evaluator.exchange_name = "binance"
        evaluator.load_config()
        return evaluator

    return make


class Feed:
    """Gives an evaluator candles, one after the other, as the OHLCV channel does."""

    def __init__(self, evaluator: Any, matrix: Matrix) -> None:
        self.evaluator, self.matrix = evaluator, matrix
        self.symbol_data = ExchangeSymbolData("BTC/USDT", 1000)
        self.ring = self.symbol_data.add_time_frame(TimeFrames.ONE_HOUR).ring
        self.time = START_TIME
        evaluator.get_exchange_symbol_data = lambda exchange_name, exchange_id, symbol: self.symbol_data

    async def close(self, *closes: float) -> list[Any]:
        """These closes come; returns the note after each."""
        return [await self._candle(*[float(close)] * 4, 1.0) for close in closes]

    async def candles(self, rows: Iterable[Sequence[float]]) -> list[Any]:
        """Candles of open, high, low, close and volume come; returns the note after each."""
        return [await self._candle(*map(float, row)) for row in rows]

    async def candle(self, high: float, low: float, close: float, volume: float) -> Any:
        """This candle comes; returns the note."""
        return await self._candle(close, high, low, close, volume)

    async def under_construction(self, close: float) -> Any:
        """The newest candle once more, with one in construction that has come to this close; returns the note."""
        self.ring.set_construction(self.time, close, close, close, close, 1.0)
        return await self._evaluate(self.ring.candle(), True)

    async def _candle(self, *row: float) -> Any:
        candle = [self.time, *row]
        self.ring.append(*candle)
        self.time += HOUR
        return await self._evaluate(candle, False)

    async def _evaluate(self, candle: list[float], is_under_construction: bool) -> Any:
        await self.evaluator.ohlcv_callback(
            "binance", "exchange", "Bitcoin", "BTC/USDT", "1h", candle, is_under_construction
        )
        node = self.matrix.find(["binance", "TA", self.evaluator.get_name(), "Bitcoin", "BTC/USDT", "1h"])
        assert node is not None
        assert node.node_value_time == self.time
        assert node.node_value == self.evaluator.eval_note
        return node.node_value


@pytest.fixture
def make_feed(matrix: Matrix) -> Callable[[Any], Feed]:
    """``make_feed(evaluator)``."""
    return lambda evaluator: Feed(evaluator, matrix)


@pytest.fixture(scope="session")
def recorded_columns() -> dict[str, FloatArray]:
    """The hourly candles of BTC/USDT in 2023, by column."""
    if not RECORDED.is_file():
        pytest.skip(f"no recorded candles: {RECORDED} is not here")
    with lzma.open(RECORDED, "rt") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in ("open", "high", "low", "close", "volume")}


@pytest.fixture(scope="session")
def recorded_closes(recorded_columns: dict[str, FloatArray]) -> FloatArray:
    """The hourly closes of BTC/USDT in 2023."""
    return recorded_columns["close"]
