# SPDX-License-Identifier: Apache-2.0
"""Evaluators that look like those that cheat, and do not."""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from causality_tentacles.bases import Noting, ReadingFiles, Told, change, tanh
from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_evaluators.evaluators import RealTimeEvaluator, StrategyEvaluator
from octobot_evaluators.matrix import get_evaluations_by_evaluator
from octobot_trading import api
from octobot_trading.exchange_channel import get_chan
from octobot_trading.history import CandleStore, read_candles


class LastChange(Noting):
    """The last two closes."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return change(closes)


class ChangesItsArray(Noting):
    """Arrays are its own to change."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        closes -= closes.mean()
        return tanh(closes[-1] / 100)


class ExpandingMean(Noting):
    """Everything that was known up to now."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh((closes[-1] - closes.mean()) / (closes.std() + 1.0))


class ArgmaxOfThePast(Noting):
    """How long ago the top was."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh((len(closes) - 1 - int(np.argmax(closes))) / 100)


class RollingRank(Noting):
    """Normalised over a window that ends now."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        window = closes[-50:]
        return float((window < window[-1]).mean())


class ConfirmedPivot(Noting):
    """A centred window that waits until it is complete."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return float(len(closes) > 6 and closes[-4] == closes[-7:].max())


class LooksAtTheCandleInConstruction(Noting):
    """Where it is asked to."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return change(self.closes(told, in_construction=told.in_construction))


class HigherTimeFrameAfterItsClose(Noting):
    """The last closed candle of four hours."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return change(self.closes(told, "4h"))


class HigherTimeFrameAsFarAsItIs(Noting):
    """The candle of four hours that is open, as it is now."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return change(self.closes(told, "4h", in_construction=True))


class IncrementalAverage(Noting):
    """Moves its average on once for each closed candle."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.averages: dict[tuple[str, str], tuple[float, float]] = {}

    def note(self, closes: np.ndarray, told: Told) -> float:
        key = told.symbol, told.time_frame
        seen, average = self.averages.get(key, (0.0, closes[0]))
        if told.candle[0] > seen:
            average = 0.9 * average + 0.1 * closes[-1]
            self.averages[key] = told.candle[0], average
        return tanh(closes[-1] / average - 1.0)


class CachesByWhatItDependsOn(Noting):
    """A global cache whose key says everything."""

    cache: ClassVar[dict[tuple[Any, ...], float]] = {}

    def note(self, closes: np.ndarray, told: Told) -> float:
        key = told.symbol, told.time_frame, told.candle[0], len(closes), closes[-20:].tobytes()
        if key not in self.cache:
            self.cache[key] = tanh(closes[-1] / closes[-20:].mean() - 1.0)
        return self.cache[key]


@lru_cache(maxsize=1000)
def _strength(closes: tuple[float, ...]) -> float:
    return tanh(sum(closes) / len(closes) / closes[-1] - 1.0)


class CachesAFunction(Noting):
    """A pure one."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return _strength(tuple(closes[-10:].tolist()))


class DrawsFromItsExchange(Noting):
    """Random numbers that the run has seeded."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return self.manager(told).random.uniform(-1.0, 1.0)


class DrawsFromPython(Noting):
    """The run has seeded these, too."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return random.uniform(-1.0, 1.0)


class DrawsWithASeed(Noting):
    """Its own stream for each candle."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return float(np.random.default_rng(int(told.candle[0])).uniform(-1.0, 1.0))


class TimesItself(Noting):
    """Knows how long it takes, and notes something else."""

    seconds = 0.0

    def note(self, closes: np.ndarray, told: Told) -> float:
        started, _ = time.perf_counter(), time.time()
        note = change(closes)
        self.seconds += time.perf_counter() - started
        return note


class TradesByTheMarketsHour(Noting):
    """The hour of the exchange."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return api.get_exchange_current_time(self.manager(told)) // 3600 % 24 / 24


class SortsItsSet(Noting):
    """The order of texts is theirs."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        votes = {"buy": -1.0, "sell": 1.0, "wait": 0.0}
        return votes[min(set(votes))] * abs(change(closes))


class ReadsItsModel(Noting):
    """A file that came with it."""

    async def prepare(self) -> None:
        self.weights = json.loads(Path(__file__).with_name("model.json").read_text())

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh(sum(weight * close for weight, close in zip(self.weights, closes[::-1], strict=False)) / closes[-1])


class LearnsFromOlderData(ReadingFiles):
    """A file that ends before the backtest begins."""

    async def prepare(self) -> None:
        self.mean = float(read_candles(self.data_file)[0].close.mean())

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh(closes[-1] / self.mean - 1.0)


class AsksTheStoreForThePast(ReadingFiles):
    """What the store has up to now; nothing of it is later."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        now = api.get_exchange_current_time(self.manager(told))
        with CandleStore(self.data_file) as store:
            return change(store.load("binance", "BTC/USDT", "1h", now - 36_000, now - 3599).close)


class WritesALog(ReadingFiles):
    """Leaves a file behind that it never reads."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        with tempfile.TemporaryFile("w") as file:
            file.write(f"{closes[-1]}\n")
        return change(closes)


class NotesAWord(Noting):
    """No float."""

    @staticmethod
    def get_eval_type() -> Any:
        return dict

    def note(self, closes: np.ndarray, told: Told) -> Any:
        return {"price": change(closes), "volume": [1, None], "last": closes[-1] > closes.mean()}


class OftenPending(Noting):
    """Nothing, or no number, most of the time."""

    def note(self, closes: np.ndarray, told: Told) -> Any:
        if len(closes) % 3:
            return START_PENDING_EVAL_NOTE
        return float("nan") if len(closes) % 2 else change(closes)


class Expires(Noting):
    """Its note ends by itself."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        self.save_evaluation_expiration_time(1800)
        return change(closes)


class TakesItsTime(Noting):
    """Lets others run in between."""

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        await asyncio.sleep(0)
        self.eval_note = change(self.closes(told))
        await self.completed(told)


class AddsToItsNote(Noting):
    """Adds up two signals."""

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        self.reset()
        self.set_eval_note(change(self.closes(told)))
        self.set_eval_note(change(self.closes(told), 5))
        await self.completed(told, eval_note_description={"candle": told.candle}, eval_note_metadata={"n": 2})


class FailsNowAndThen(Noting):
    """Has no note where it fails."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        if len(closes) % 7 == 0:
            raise ValueError("nothing to say")
        return change(closes)


class WatchesPrices(RealTimeEvaluator):
    """Candles while they are made."""

    async def start(self, bot_id: str | None) -> bool:
        await get_chan("OHLCV", self._exchange_manager.id).new_consumer(self.ohlcv_callback, time_frame="1h")
        await get_chan("Kline", self._exchange_manager.id).new_consumer(self.kline_callback, time_frame="4h")
        return True

    async def ohlcv_callback(
        self, exchange: str, exchange_id: str, cryptocurrency: str, symbol: str, time_frame: str, candle: list[float]
    ) -> None:
        self.eval_note = tanh(candle[4] / candle[1] - 1.0)
        await self.evaluation_completed(cryptocurrency, symbol)

    async def kline_callback(
        self, exchange: str, exchange_id: str, cryptocurrency: str, symbol: str, time_frame: str, kline: list[float]
    ) -> None:
        self.eval_note = tanh(kline[4] / kline[1] - 1.0)
        await self.evaluation_completed(cryptocurrency, symbol)


class HonestStrategy(StrategyEvaluator):
    """What the matrix holds."""

    async def matrix_callback(
        self, matrix_id: str, name: str, kind: str, note: Any, note_type: Any, description: Any, metadata: Any,
        exchange: str, cryptocurrency: str, symbol: str, time_frame: str,
    ) -> None:  # fmt: skip
        found = get_evaluations_by_evaluator(matrix_id, exchange, "TA", cryptocurrency, symbol, "1h")
        values = [node.node_value for node in found.values() if isinstance(node.node_value, float)]
        self.eval_note = tanh(sum(values) / len(values)) if values else 0.0
        await self.strategy_completed(cryptocurrency, symbol)
