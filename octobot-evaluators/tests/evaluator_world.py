# SPDX-License-Identifier: Apache-2.0
"""A simulated exchange, its matrix and its channels, driven candle by candle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.time_frame_manager import bucket_end, parse_time_frame
from octobot_evaluators.evaluators import RealTimeEvaluator, StrategyEvaluator, TAEvaluator, create_evaluators
from octobot_evaluators.evaluators.channel import create_matrix_channel, del_chan, get_chan
from octobot_evaluators.matrix import create_matrix, delete_matrix
from octobot_trading.exchange_channel import get_chan as get_exchange_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets

MATRIX_ID = "test-matrix"
EXCHANGE_ID = "test-exchange"
HOUR = 3600.0


class World:
    """``now`` is the time of the simulated clock, which starts at 100 hours."""

    def __init__(
        self, symbols: dict[str, list[str]], time_frames: list[str], allowed_delta: float, is_live: bool = False
    ) -> None:
        self.symbols = symbols
        self.time_frames = time_frames
        self.clock = SimulatedClock(100 * HOUR)
        self.dispatcher = None if is_live else SynchronizedDispatcher()
        self.matrix = create_matrix(MATRIX_ID, self.clock, allowed_delta)
        pairs = [symbol for its_symbols in symbols.values() for symbol in its_symbols]
        exchange = SimulatedExchange("binance", self.clock, simulated_markets(pairs), {"USDT": Decimal(1000)})
        self.manager = ExchangeManager(
            EXCHANGE_ID, exchange, self.clock, symbols, dispatcher=self.dispatcher, is_backtesting=not is_live
        )
        self.evaluators: list[Any] = []
        self.notes: list[dict[str, Any]] = []

    async def open(self) -> None:
        await self.manager.initialize(MATRIX_ID)
        for symbol in self.manager.symbols:
            for time_frame in self.time_frames:
                self.manager.get_symbol_data(symbol).add_time_frame(parse_time_frame(time_frame))
        await create_matrix_channel(MATRIX_ID, self.dispatcher)

    async def close(self) -> None:
        for evaluator in self.evaluators:
            await evaluator.stop_evaluator()
        await self.manager.stop()
        del_chan("Matrix", MATRIX_ID)
        delete_matrix(MATRIX_ID)

    async def start(
        self, *classes: type, configs: dict[str, dict[str, Any]] | None = None, **options: Any
    ) -> list[Any]:
        """Create and start evaluators; returns them."""
        evaluators = create_evaluators(
            classes,
            exchange_manager=self.manager,
            matrix_id=MATRIX_ID,
            bot_id="bot",
            tentacles_setup_config=TentaclesSetupConfig(configs=configs),
            symbols_by_cryptocurrency=self.symbols,
            time_frames=self.time_frames,
            **options,
        )
        self.evaluators += evaluators
        for evaluator in evaluators:
            await evaluator.start_evaluator()
        return evaluators

    async def listen(self, **filters: Any) -> list[dict[str, Any]]:
        """The notes that an ordinary consumer of the Matrix channel gets from now on."""
        heard: list[dict[str, Any]] = []

        async def hear(**payload: Any) -> None:
            heard.append(payload)

        await get_chan("Matrix", MATRIX_ID).new_consumer(hear, **filters)
        return heard

    def queue_candle(self, time_frame: str, close: float = 1.0, symbol: str = "BTC/USDT") -> None:
        """The candle that closes now is known; nobody was called yet."""
        seconds = bucket_end(0.0, time_frame)
        candle = [self.clock.now() - seconds, close, close, close, close, 1.0]
        self.manager.get_symbol_data(symbol).candles(time_frame).ring.append(*candle)
        self._publish("OHLCV", "candle", candle, time_frame, symbol)

    async def candle(self, time_frame: str, close: float = 1.0, symbol: str = "BTC/USDT") -> None:
        """The candle that closes now is known and everybody reacted."""
        self.queue_candle(time_frame, close, symbol)
        await self.settle()

    async def kline(self, time_frame: str, close: float, symbol: str = "BTC/USDT") -> None:
        """The candle in construction changed and everybody reacted."""
        kline = [self.clock.now(), close, close, close, close, 1.0]
        self.manager.get_symbol_data(symbol).candles(time_frame).ring.set_construction(*kline)
        self._publish("Kline", "kline", kline, time_frame, symbol)
        await self.settle()

    async def evaluate_one(self, evaluator: TAEvaluator, close_hour: float) -> None:
        """This evaluator alone gets the candle that closed then."""
        candle = [(close_hour - 1) * HOUR, 0.5, 0.5, 0.5, 0.5, 1.0]
        await evaluator._on_candle("binance", EXCHANGE_ID, "Bitcoin", "BTC/USDT", "1h", candle)
        await self.settle()

    def at(self, hours: float) -> World:
        """Move the clock to this many hours."""
        self.clock.advance_to(hours * HOUR)
        return self

    async def settle(self) -> None:
        """Everybody reacts."""
        assert self.dispatcher is not None
        await self.dispatcher.run_until_idle()

    def _publish(self, channel: str, key: str, value: list[float], time_frame: str, symbol: str) -> None:
        topic = {
            "cryptocurrency": self.manager.cryptocurrency_of(symbol),
            "symbol": symbol,
            "time_frame": time_frame,
        }
        payload = {"exchange": "binance", "exchange_id": EXCHANGE_ID, **topic, key: value}
        get_exchange_chan(channel, EXCHANGE_ID).topic_of(**topic).send_nowait(payload)


class CloseEvaluator(TAEvaluator):
    """Its note is the candle's close."""

    def __init__(self, tentacles_setup_config):
        super().__init__(tentacles_setup_config)
        self.calls = []

    async def ohlcv_callback(self, *arguments):
        self.calls.append(arguments)
        _, _, cryptocurrency, symbol, time_frame, candle, _ = arguments
        self.eval_note = candle[4]
        eval_time = candle[0] + bucket_end(0.0, time_frame)
        await self.evaluation_completed(cryptocurrency, symbol, time_frame, eval_time=eval_time)


class OtherCloseEvaluator(CloseEvaluator):
    """Another one."""


class RecordingStrategy(StrategyEvaluator):
    """Records its calls and concludes 0.5."""

    def __init__(self, tentacles_setup_config):
        super().__init__(tentacles_setup_config)
        self.calls = []

    async def matrix_callback(
        self,
        matrix_id,
        evaluator_name,
        evaluator_type,
        eval_note,
        eval_note_type,
        eval_note_description,
        eval_note_metadata,
        exchange_name,
        cryptocurrency,
        symbol,
        time_frame,
    ):
        self.calls.append((evaluator_name, eval_note, symbol, time_frame))
        self.eval_note = 0.5
        await self.strategy_completed(cryptocurrency, symbol)


class KlineEvaluator(RealTimeEvaluator):
    """Its note is the price."""

    async def start(self, bot_id):
        channel = get_exchange_chan("Kline", EXCHANGE_ID)
        self.consumers.append(
            await channel.new_consumer(
                callback=self.kline_callback, symbol=self.symbol or "*", time_frame=self.available_time_frame
            )
        )

    async def kline_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, kline):
        if kline[4] < 0:
            raise ValueError("no price")
        self.eval_note = kline[4]
        await self.evaluation_completed(cryptocurrency, symbol, eval_time=kline[0])
