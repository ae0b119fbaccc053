# SPDX-License-Identifier: Apache-2.0
"""One symbol's recorded candles on their way into an exchange."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.backtesting._replay_core import FrameCore, SymbolCore
from octobot_trading.errors import ReplayError
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.history import CandleSeries
from octobot_trading.util import FloatArray

#: Parallel arrays (time, feed, frame, row), in the smallest types: there are two events for each candle.
Events: TypeAlias = tuple[FloatArray, NDArray[np.int16], NDArray[np.int16], NDArray[np.int32]]


class FrameFeed(FrameCore):
    """One series, the ring it fills and the topics it is published on."""

    def __init__(self, manager: ExchangeManager, series: CandleSeries) -> None:
        self.series = series
        self.candles: CandlesManager = manager.get_symbol_data(series.symbol).add_time_frame(series.time_frame)
        names = {
            "cryptocurrency": manager.cryptocurrency_of(series.symbol),
            "symbol": series.symbol,
            "time_frame": series.time_frame.value,
        }
        super().__init__(
            self.candles.ring,
            (series.open_times, series.open, series.high, series.low, series.close, series.volume),
            get_chan("OHLCV", manager.id).topic_of(**names),
            get_chan("Kline", manager.id).topic_of(**names),
            {"exchange": manager.exchange_name, "exchange_id": manager.id, **names},
        )

    def count_known(self, start_time: float | None) -> int:
        """How many of its candles have closed by the start."""
        return 0 if start_time is None else int(np.searchsorted(self.series.close_times, start_time, side="right"))


class SymbolFeed(SymbolCore):
    """All series of one symbol, shortest time frame first."""

    def __init__(self, manager: ExchangeManager, series: Sequence[CandleSeries]) -> None:
        assert isinstance(manager.exchange, SimulatedExchange)
        ordered = sorted(series, key=lambda one: get_seconds(one.time_frame))
        symbol = ordered[0].symbol
        for one, other in pairwise(ordered):
            if one.time_frame is other.time_frame:
                raise ReplayError(f"two series of {symbol} {one.time_frame.value}: {one.source} and {other.source}")
        self.frames = [FrameFeed(manager, one) for one in ordered]
        names = {"cryptocurrency": manager.cryptocurrency_of(symbol), "symbol": symbol}
        super().__init__(
            symbol,
            self.frames,
            manager.exchange.get_book(symbol),
            manager.exchange,
            manager.get_symbol_data(symbol),
            get_chan("Ticker", manager.id).topic_of(**names),
            {"exchange": manager.exchange_name, "exchange_id": manager.id, **names},
        )

    def events(self, index: int, start_time: float | None) -> Events:
        """(time, feed, frame, row) of every close after ``start_time``, and of every base open from it on."""
        times: list[FloatArray] = []
        frames: list[NDArray[np.int16]] = []
        rows: list[NDArray[np.int32]] = []
        opens = self.frames[0].series.open_times
        # A candle that opened before the start and closes after it has no open to tell of, only a close.
        first_open = 0 if start_time is None else int(np.searchsorted(opens, start_time))
        steps = [(-1, opens, first_open)]
        for number, frame in enumerate(self.frames):
            steps.append((number, frame.series.close_times, frame.count_known(start_time)))
        for number, its_times, first in steps:
            count = len(its_times) - first
            times.append(its_times[first:])
            frames.append(np.full(count, number, dtype=np.int16))
            rows.append(np.arange(first, first + count, dtype=np.int32))
        time = np.concatenate(times)
        feed = np.full(len(time), index, dtype=np.int16)
        return time, feed, np.concatenate(frames), np.concatenate(rows)

    def preload(self, start_time: float | None) -> None:
        """Put what was known at the start into the rings, without telling anyone."""
        if start_time is None:
            return
        for frame in self.frames:
            known = frame.count_known(start_time)
            frame.keep(max(0, known - frame.ring.capacity), known)
        # A ring refuses what its closed candles cover already.
        known = self.frames[0].count_known(start_time)
        oldest = min(frame.ring.bucket_start(start_time) for frame in self.frames)
        self.construct(int(np.searchsorted(self.frames[0].series.open_times[:known], oldest)), known)
