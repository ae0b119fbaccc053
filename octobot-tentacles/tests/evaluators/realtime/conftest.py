# SPDX-License-Identifier: Apache-2.0
"""A simulated exchange that real-time evaluators listen to: candle by candle, or a replay of recorded ones."""

from __future__ import annotations

import csv
import lzma
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import TimeFrames
from octobot_evaluators.evaluators import AbstractEvaluator, create_evaluators
from octobot_evaluators.evaluators.channel import create_matrix_channel, del_chan, get_chan
from octobot_evaluators.matrix import MatrixNode, create_matrix, delete_matrix
from octobot_tentacles.indicators import FloatArray
from octobot_trading.backtesting.replay import Replay
from octobot_trading.exchange_channel import get_chan as get_exchange_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets
from octobot_trading.history import series_from_arrays

SYMBOLS = ["BTC/USDT", "ETH/BTC"]
MATRIX_ID, EXCHANGE_ID = "real-time", "real-time-exchange"
MINUTE = 60.0
START_TIME = 1_747_699_200.0
RECORDED = Path(__file__).resolve().parents[5] / "shared/data/ohlcv/binance-spot/BTC_USDT-1m_2025-05_2025-08.csv.xz"


class Watch:
    """One evaluator, the exchange it watches, and every note that it sends."""

    def __init__(self) -> None:
        self.clock = SimulatedClock(START_TIME)
        self.dispatcher = SynchronizedDispatcher()
        self.matrix = create_matrix(MATRIX_ID, self.clock, 0.0)
        exchange = SimulatedExchange("binance", self.clock, simulated_markets(SYMBOLS), {"USDT": Decimal(1000)})
        self.manager = ExchangeManager(
            EXCHANGE_ID, exchange, self.clock, {"Bitcoin": SYMBOLS}, dispatcher=self.dispatcher, is_backtesting=True
        )
        #: (seconds since the start, symbol, note)
        self.notes: list[tuple[float, str, Any]] = []
        self.evaluator: Any = None

    async def open(self, evaluator_class: type[AbstractEvaluator], settings: dict[str, Any]) -> None:
        await self.manager.initialize(MATRIX_ID)
        for symbol in SYMBOLS:
            self.manager.get_symbol_data(symbol).add_time_frame(TimeFrames.ONE_MINUTE)
        await create_matrix_channel(MATRIX_ID, self.dispatcher)
        (self.evaluator,) = create_evaluators(
            [evaluator_class],
            exchange_manager=self.manager,
            matrix_id=MATRIX_ID,
            bot_id="bot",
            tentacles_setup_config=TentaclesSetupConfig(configs={evaluator_class.get_name(): settings}),
            symbols_by_cryptocurrency={"Bitcoin": SYMBOLS},
            time_frames=["1m"],
        )
        await get_chan("Matrix", MATRIX_ID).new_consumer(self._hear)
        await self.evaluator.start_evaluator()

    async def _hear(self, symbol: str, eval_note: Any, **_: Any) -> None:
        self.notes.append((self.clock.now() - START_TIME, symbol, eval_note))

    async def close(self) -> None:
        await self.evaluator.stop_evaluator()
        await self.manager.stop()
        del_chan("Matrix", MATRIX_ID)
        delete_matrix(MATRIX_ID)

    async def closed(self, *closes: float, volume: float = 1.0, symbol: str = "BTC/USDT") -> Any:
        """Candles of one price each have closed, one a minute; returns the note."""
        for close in closes:
            candle = [self.clock.now(), close, close, close, close, volume]
            self.clock.advance_to(self.clock.now() + MINUTE)
            self.manager.get_symbol_data(symbol).candles("1m").ring.append(*candle)
            await self._send("OHLCV", symbol, candle=candle)
        return self.note(symbol)

    async def price(self, price: float, volume: float = 0.0, symbol: str = "BTC/USDT") -> Any:
        """The candle in construction has come to this price; returns the note."""
        kline = [self.clock.now(), price, price, price, price, volume]
        await self._send("Kline", symbol, kline=kline)
        return self.note(symbol)

    async def _send(self, channel: str, symbol: str, **payload: Any) -> None:
        names = {"cryptocurrency": "Bitcoin", "symbol": symbol, "time_frame": "1m"}
        topic = get_exchange_chan(channel, EXCHANGE_ID).topic_of(**names)
        topic.send_nowait({"exchange": "binance", "exchange_id": EXCHANGE_ID, **names, **payload})
        await self.dispatcher.run_until_idle()

    def note(self, symbol: str = "BTC/USDT") -> Any:
        """What stands in the matrix, None where nothing was ever noted."""
        node = self.node(symbol)
        return None if node is None else node.node_value

    def node(self, symbol: str = "BTC/USDT") -> MatrixNode | None:
        return self.matrix.find(["binance", "REAL_TIME", self.evaluator.get_name(), "Bitcoin", symbol])

    async def replay(self, candles: dict[str, FloatArray]) -> list[Any]:
        """Replay these candles; returns every note that was sent."""
        series = series_from_arrays(
            *(candles[name] for name in ("time", "open", "high", "low", "close", "volume")),
            symbol="BTC/USDT",
            time_frame="1m",
        )
        await Replay({self.manager: [series]}).run()
        return [note for _, _, note in self.notes]


@pytest.fixture
async def make_watch() -> AsyncIterator[Callable[..., Any]]:
    """``await make_watch(Class, **settings)``: it is started and has heard nothing yet."""
    watches: list[Watch] = []

    async def make(evaluator_class: type[AbstractEvaluator], **settings: Any) -> Watch:
        watch = Watch()
        watches.append(watch)
        await watch.open(evaluator_class, settings)
        return watch

    yield make
    for watch in watches:
        await watch.close()


@pytest.fixture(scope="session")
def recorded_minutes() -> dict[str, FloatArray]:
    """Five days of BTC/USDT, minute by minute, from May 2025."""
    if not RECORDED.is_file():
        pytest.skip(f"no recorded candles: {RECORDED} is not here")
    with lzma.open(RECORDED, "rt") as file:
        rows = [[float(value) for value in row] for row in islice(csv.reader(file), 1, 5 * 1440 + 1)]
    columns = dict(zip(("time", "open", "high", "low", "close", "volume"), np.array(rows).T, strict=True))
    columns["time"] = columns["time"] / 1000.0
    return columns
