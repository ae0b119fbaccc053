# SPDX-License-Identifier: Apache-2.0
"""One symbol's recorded candles on their way into an exchange."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.backtesting._replay_core import FrameCore, SymbolCore
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


class SymbolFeed(SymbolCore):
    """All series of one symbol, shortest time frame first."""

    def __init__(self, manager: ExchangeManager, series: Sequence[CandleSeries]) -> None:
        assert isinstance(manager.exchange, SimulatedExchange)
        ordered = sorted(series, key=lambda one: get_seconds(one.time_frame))
        symbol = ordered[0].symbol
        self.frames = [FrameFeed(manager, one) for one in ordered]
        self._data = manager.get_symbol_data(symbol)
        names = {"cryptocurrency": manager.cryptocurrency_of(symbol), "symbol": symbol}
        super().__init__(
            symbol,
            self.frames,
            manager.exchange.get_book(symbol),
            manager.exchange,
            self._data,
            get_chan("Ticker", manager.id).topic_of(**names),
            {"exchange": manager.exchange_name, "exchange_id": manager.id, **names},
        )

    def events(self, index: int, start_time: float | None) -> Events:
        """(time, feed, frame, row) of every close after ``start_time``, and of every base open from it on."""
        times: list[FloatArray] = []
        frames: list[NDArray[np.int16]] = []
        rows: list[NDArray[np.int32]] = []
        base = self.frames[0].series
        known = [_count_known(frame.series.close_times, start_time) for frame in self.frames]
        closes = [(frame.series.close_times[first:], first) for frame, first in zip(self.frames, known, strict=True)]
        for number, (its_times, first) in [*enumerate(closes), (-1, (base.open_times[known[0] :], known[0]))]:
            times.append(its_times)
            frames.append(np.full(len(its_times), number, dtype=np.int16))
            rows.append(np.arange(first, first + len(its_times), dtype=np.int32))
        time = np.concatenate(times)
        feed = np.full(len(time), index, dtype=np.int16)
        return time, feed, np.concatenate(frames), np.concatenate(rows)

    def preload(self, start_time: float | None) -> None:
        """Put what was known at the start into the rings, without telling anyone."""
        if start_time is None:
            return
        for frame in self.frames:
            known = _count_known(frame.series.close_times, start_time)
            frame.keep(max(0, known - frame.ring.capacity), known)
        if len(self.frames[0].candles):
            self._data.price = self.frames[0].ring.last(4)


def _count_known(close_times: FloatArray, start_time: float | None) -> int:
    return 0 if start_time is None else int(np.searchsorted(close_times, start_time, side="right"))
