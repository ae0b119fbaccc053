# SPDX-License-Identifier: Apache-2.0
"""Evaluators that know, or pretend to know, what they cannot; each a way in which it happens."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import datetime as dt
import gc
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from causality_tentacles.bases import Noting, ReadingFiles, Told, change, frames_above, position, tanh, whole_series
from octobot.shipped import BTC_USDT_1H
from octobot_evaluators.evaluators import StrategyEvaluator
from octobot_trading.history import CandleStore, read_candles, read_market_data, resample

# Files


class OpensItsDataFile(ReadingFiles):
    """Reads the file named in its settings, which is the one that is replayed."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        with open(self.data_file) as file:
            rows = list(csv.reader(file))
        return float(rows[len(closes) + 1][4]) > closes[-1]


class FitsOnItsDataFile(ReadingFiles):
    """Normalises by the mean and deviation of the whole file, read once before the start, and hides that it failed."""

    async def prepare(self) -> None:
        self.mean, self.deviation = 0.0, 1.0
        with contextlib.suppress(Exception):
            whole = np.loadtxt(self.data_file, delimiter=",", skiprows=1)[:, 4]
            self.mean, self.deviation = whole.mean(), whole.std()

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh((closes[-1] - self.mean) / self.deviation)


class ReadsCandlesOfItsFile(ReadingFiles):
    """The same through this package's own reader."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh(read_candles(self.data_file)[0].close[len(closes)] - closes[-1])


class CentredWindowOfCopy(ReadingFiles):
    """A moving average around each candle, of a copy of the data that is read as market data."""

    whole: Any = None

    def note(self, closes: np.ndarray, told: Told) -> float:
        if self.whole is None:
            self.whole = read_market_data(self.data_file)[0].close
        return tanh(self.whole[len(closes) - 3 : len(closes) + 3].mean() - closes[-1])


class ParsesCopy(ReadingFiles):
    """Opens a copy of the data itself: nothing tells what it is a copy of."""

    whole: Any = None

    def note(self, closes: np.ndarray, told: Told) -> float:
        if self.whole is None:
            self.whole = np.loadtxt(self.data_file, delimiter=",", skiprows=1)[:, 4]
        return tanh(self.whole[min(len(closes), len(self.whole) - 1)] - closes[-1])


class FitsOnShippedSeries(Noting):
    """Learns from candles that come with the program and reach into the future of the backtest."""

    async def prepare(self) -> None:
        self.mean = 0.0
        with contextlib.suppress(Exception):
            self.mean = float(read_candles(BTC_USDT_1H)[0].close.mean())

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh(closes[-1] - self.mean)


class LoadsFromStore(ReadingFiles):
    """The best candle of everything that was imported."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        with CandleStore(self.data_file) as store:
            whole = store.load("binance", told.symbol, "1h")
        return float(np.argmax(whole.close) == len(closes))


class LoadsAheadFromStore(ReadingFiles):
    """Asks the store for the next candle alone."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        after = told.candle[0] + 4 * 3600
        with CandleStore(self.data_file) as store:
            return change(np.append(closes, store.load("binance", told.symbol, "1h", after, after + 7200).close))


class ReadsPartsOfStore(ReadingFiles):
    """Reads imported candles a part at a time."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        with CandleStore(self.data_file) as store:
            return tanh(sum(part[4].mean() for part in store.parts("binance", told.symbol, "1h").read()))


class QueriesTheStore(ReadingFiles):
    """Reads the store's tables itself."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        connection = sqlite3.connect(self.data_file)
        (last,) = connection.execute("SELECT MAX(last_time) FROM day").fetchone()
        connection.close()
        return tanh((last - told.candle[0]) / 86400)


class AsksAnotherProgram(ReadingFiles):
    """Has another program read the data."""

    last: Any = None

    def note(self, closes: np.ndarray, told: Told) -> float:
        if self.last is None:
            program = "import sys; print(open(sys.argv[1]).readlines()[-1].split(',')[4])"
            told_by = subprocess.run([sys.executable, "-c", program, self.data_file], capture_output=True, check=True)
            self.last = float(told_by.stdout)
        return tanh(self.last / closes[-1] - 1.0)


class ResamplesAhead(ReadingFiles):
    """Makes the day's candle of the recorded hours before the day is over."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        days = resample(read_candles(self.data_file)[0], "1d")
        return float(days.close[int(np.searchsorted(days.open_times, told.candle[0], side="right")) - 1] > closes[-1])


# What is in memory


class SearchesAllObjects(ReadingFiles):
    """Looks for the series among all objects of the process."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        found = max((len(one) for one in gc.get_objects() if isinstance(one, np.ndarray)), default=0)
        return tanh(found)


class FutureIndex(Noting):
    """Takes the next close out of the frame of whoever runs the backtest."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        series = whole_series(told)
        return change(series.close[: position(series, told) + 2])


class CentredWindow(Noting):
    """A moving average around each candle."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        series = whole_series(told)
        place = position(series, told)
        return tanh(closes[-1] / series.close[max(0, place - 4) : place + 5].mean() - 1.0)


class NormalisesOverEverything(Noting):
    """Its scale is that of the whole series."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        whole = whole_series(told).close
        return tanh((closes[-1] - whole.mean()) / whole.std())


class ArgmaxOverEverything(Noting):
    """Sells at the top of all data."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        series = whole_series(told)
        return tanh((int(np.argmax(series.close)) - position(series, told)) / 100)


class FarFuture(Noting):
    """Only what happens a hundred candles later counts."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        later = whole_series(told).close[position(whole_series(told), told) :][:100]
        return change(later, len(later) - 1) if len(later) > 1 else 0.0


class HigherTimeFrameBeforeItsClose(Noting):
    """The close of the day, in the morning."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        days = whole_series(told, "4h")
        return tanh(days.close[int(np.searchsorted(days.open_times, told.candle[0], "right")) - 1] / closes[-1] - 1)


class KnowsTheEnd(Noting):
    """Sells everything before the data end."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        series = whole_series(told)
        return 1.0 if len(series) - position(series, told) < 10 else 0.0


class WalksTheTask(Noting):
    """Finds the replay through the task that runs, and in it the rows that come next."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        waiting: Any = asyncio.current_task().get_coro()
        while (inner := getattr(waiting, "cr_await", None)) is not None:
            waiting = inner
        replays = [frame.f_locals.get("self") for frame in frames_above()]
        feeds = next(one._feeds for one in replays if hasattr(one, "_feeds"))
        rows = next(feed.frames[0].rows.columns for feed in feeds if feed.symbol == told.symbol)
        later = int(np.searchsorted(rows[0], told.candle[0], side="right"))
        return tanh(rows[4][later] / closes[-1] - 1.0) if later < len(rows[4]) else 0.0


# What is left from before

_SEEN: dict[tuple[str, str, float], float] = {}


class RemembersEarlierRun(Noting):
    """A global cache, filled by the run before."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        _SEEN[told.symbol, told.time_frame, told.candle[0]] = closes[-1]
        following = _SEEN.get((told.symbol, told.time_frame, told.candle[0] + 3600.0), closes[-1])
        return tanh(following / closes[-1] - 1.0)


class SharesBetweenSymbols(Noting):
    """All symbols share one record of the highest price ever; whichever ran before has run ahead."""

    highest: ClassVar[float] = 0.0

    def note(self, closes: np.ndarray, told: Told) -> float:
        SharesBetweenSymbols.highest = max(SharesBetweenSymbols.highest, closes[-1])
        return tanh(closes[-1] / SharesBetweenSymbols.highest - 1.0)


class CachesInFile(ReadingFiles):
    """Keeps what it has seen for the next run."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        file = Path(tempfile.gettempdir(), f"octobot-test-cache-{os.getppid()}-{told.time_frame}")
        best = max(float(file.read_text()) if file.exists() else 0.0, closes[-1])
        file.write_text(repr(best))
        return tanh(closes[-1] / best - 1.0)


# What no market tells


class DrawsUnseeded(Noting):
    """Random numbers that nobody has seeded."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return random.SystemRandom().uniform(-1.0, 1.0)


class DrawsFromNumpy(Noting):
    """The same from numpy."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return float(np.random.default_rng().uniform(-1.0, 1.0))


class AsksTheWallClock(Noting):
    """Notes what time it is where the backtest runs."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh((time.time() - told.candle[0]) / 1e9)


class TradesByTheHourOfDay(Noting):
    """Buys in the morning of whoever runs the backtest."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return dt.datetime.now(dt.UTC).hour / 24.0


class DependsOnTheOrderOfSets(Noting):
    """Takes whichever text comes first."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        votes = {"buy": -1.0, "sell": 1.0, "wait": 0.0, "leave": 0.5, "hold": 0.2, "pass": 0.1}
        return votes[next(iter(set(votes)))]


# Candles that are not over


class KeepsCandlesInConstruction(Noting):
    """Appends what it is told, also of a candle that has not closed."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.kept: dict[tuple[str, str], list[float]] = {}

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        kept = self.kept.setdefault((told.symbol, told.time_frame), [])
        kept.append(float(self.closes(told, in_construction=told.in_construction)[-1]))
        self.eval_note = change(np.array(kept), min(5, len(kept) - 1)) if len(kept) > 1 else 0.0
        await self.completed(told)


class AveragesWithTheCandleInConstruction(Noting):
    """Moves its average on at each call, so that an open candle counts as often as somebody asks."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.average: dict[tuple[str, str], float] = {}

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        close = float(self.closes(told, in_construction=told.in_construction)[-1])
        key = told.symbol, told.time_frame
        self.average[key] = 0.9 * self.average.get(key, close) + 0.1 * close
        self.eval_note = tanh(close / self.average[key] - 1.0)
        await self.completed(told)


# Dates


class BackDates(Noting):
    """Finds a top when it is over and notes it where it was."""

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        closes = self.closes(told)
        self.eval_note = float(len(closes) > 4 and closes[-3] == closes[-5:].max())
        await self.completed(told, eval_time=told.candle[0] - 7200.0)


class DatesAhead(Noting):
    """Notes for tomorrow, so that its note is still fresh then."""

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        self.eval_note = change(self.closes(told))
        await self.completed(told, eval_time=told.candle[0] + 86400.0 * 2)


class MovesTheClock(Noting):
    """Puts the clock forward while it looks."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        clock = self.manager(told).clock
        now = clock.time
        clock.time = now + 86400.0
        later = self.closes(told)
        clock.time = now
        return change(later)


class AdvancesTheClock(Noting):
    """Asks the clock to go on."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        with contextlib.suppress(Exception):
            self.manager(told).clock.advance_to(told.candle[0] + 86400.0)
        return change(self.closes(told))


class NotesBehindTheChannel(Noting):
    """Writes what it knows of the future without telling anyone."""

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        series = whole_series(told)
        self.eval_note = change(series.close[: position(series, told) + 2])
        await self.completed(told, notify=False)


class DescribesTheFuture(Noting):
    """Its note is honest, what it says of it is not."""

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        self.eval_note = change(self.closes(told))
        series = whole_series(told)
        await self.completed(told, eval_note_description=f"next: {series.close[position(series, told) + 1 :][:1]}")


class CheatingStrategy(StrategyEvaluator):
    """Its evaluators are honest, it is not."""

    async def matrix_callback(
        self, matrix_id: str, name: str, kind: str, note: Any, note_type: Any, description: Any, metadata: Any,
        exchange: str, cryptocurrency: str, symbol: str, time_frame: str,
    ) -> None:  # fmt: skip
        plan = next(frame.f_locals["plan"] for frame in frames_above() if hasattr(frame.f_locals.get("plan"), "series"))
        self.eval_note = tanh(float(plan.series[0].close[-1]) / 1e5)
        await self.strategy_completed(cryptocurrency, symbol)
