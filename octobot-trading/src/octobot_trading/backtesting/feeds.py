# SPDX-License-Identifier: Apache-2.0
"""One symbol's recorded candles on their way into an exchange."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.backtesting._replay_core import FrameCore, SymbolCore
from octobot_trading.backtesting.rows import Rows
from octobot_trading.backtesting.worlds import simulated_exchanges
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.history import time_grid
from octobot_trading.history.parts import SeriesParts
from octobot_trading.util import FloatArray

#: Parallel arrays (time, feed, frame, row), in the smallest types: there are two events for each candle.
Events: TypeAlias = tuple[FloatArray, NDArray[np.int16], NDArray[np.int16], NDArray[np.int32]]


class FrameFeed(FrameCore):
    """One series, the ring it fills and the topics it is published on."""

    def __init__(self, manager: ExchangeManager, series: SeriesParts) -> None:
        assert series.time_frame is not None
        self.series = series
        self.time_frame = series.time_frame
        self.rows = Rows(series)
        self.candles: CandlesManager = manager.get_symbol_data(series.symbol).add_time_frame(self.time_frame)
        names = {
            "cryptocurrency": manager.cryptocurrency_of(series.symbol),
            "symbol": series.symbol,
            "time_frame": self.time_frame.value,
        }
        super().__init__(
            self.candles.ring,
            self.rows.columns,
            get_chan("OHLCV", manager.id).topic_of(**names),
            get_chan("Kline", manager.id).topic_of(**names),
            {"exchange": manager.exchange_name, "exchange_id": manager.id, **names},
        )

    def begin(self, start_time: float | None, oldest: float) -> int:
        """Take in hand what is needed at the start, from ``oldest`` on; returns how many candles have closed."""
        if start_time is None:
            self.rows.begin()
            return 0
        self.rows.begin(min(oldest, self.series.time_before(start_time, self.ring.capacity + 1)))
        self.rows.read_beyond(start_time)
        self.load(self.rows.columns)
        known = self.count_closed(start_time)
        self.keep(max(0, known - self.ring.capacity), known)
        return known

    def close_times(self) -> FloatArray:
        """When the candles in hand close."""
        return time_grid.close_times(self.rows.times, self.time_frame)

    def count_closed(self, time: float) -> int:
        """How many of the candles in hand have closed by then."""
        return int(np.searchsorted(self.close_times(), time, side="right"))


class SymbolFeed(SymbolCore):
    """All series of one symbol, shortest time frame first.

    ``tells_ticker``: whether each close is told of on the Ticker channel, as nothing better was recorded; ``matches``:
    whether orders are matched against these candles, as against nothing better.
    """

    def __init__(
        self,
        manager: ExchangeManager,
        series: Sequence[SeriesParts],
        tells_ticker: bool = True,
        matches: bool = True,
    ) -> None:
        self.frames = sorted((FrameFeed(manager, one) for one in series), key=lambda one: get_seconds(one.time_frame))
        symbol = series[0].symbol
        exchanges = simulated_exchanges(manager)
        self._data = manager.get_symbol_data(symbol)
        self._matches_opens = matches
        names = {"cryptocurrency": manager.cryptocurrency_of(symbol), "symbol": symbol}
        super().__init__(
            symbol,
            self.frames,
            [exchange.get_book(symbol) for exchange in exchanges],
            exchanges,
            self._data,
            get_chan("Ticker", manager.id).topic_of(**names) if tells_ticker else None,
            {"exchange": manager.exchange_name, "exchange_id": manager.id, **names},
            matches,
        )

    def begin(self, start_time: float | None) -> None:
        """Begin to read, and put what was known at the start into the rings, without telling anyone."""
        base, *longer = self.frames
        known = [frame.begin(start_time, math.inf) for frame in longer]
        # Longer candles in construction need the short ones since they opened, which their closed ones tell.
        oldest = math.inf
        if start_time is not None:
            oldest = min((one.ring.bucket_start(start_time) for one in longer), default=start_time)
        closed = base.begin(start_time, oldest)
        known.insert(0, closed)
        if start_time is not None:
            # A ring refuses what its closed candles cover already.
            self.construct(int(np.searchsorted(base.rows.times[:closed], oldest)), closed)
            self._take_last_price(start_time, closed)
        for frame, count in zip(self.frames, known, strict=True):
            frame.rows.drop(count)

    def _take_last_price(self, start_time: float, closed: int) -> None:
        """The last close, or the open of a candle that is open at the start.

        With its time, so that no older trade or ticker replaces it.
        """
        base = self.frames[0]
        times, opens, closes = base.rows.times, base.rows.columns[1], base.rows.columns[4]
        if self._matches_opens and closed < len(times) and times[closed] < start_time:
            self._data.follow_price(opens[closed], float(times[closed]))
        elif closed:
            self._data.follow_price(closes[closed - 1], float(base.close_times()[closed - 1]))

    def events(self, index: int, first_time: float, end_time: float) -> Events:
        """(time, feed, frame, row) of what opens at ``first_time`` or later and closes, both before ``end_time``.

        All that closed before ``first_time`` must have been dropped.
        """
        times: list[FloatArray] = []
        frames: list[NDArray[np.int16]] = []
        rows: list[NDArray[np.int32]] = []
        # A candle that opened before the start and closes after it has no open to tell of, only a close.
        opens = self.frames[0].rows.times
        steps = [(-1, opens, int(np.searchsorted(opens, first_time)))]
        for number, frame in enumerate(self.frames):
            frame.load(frame.rows.columns)
            steps.append((number, frame.close_times(), 0))
        for number, its_times, first in steps:
            end = max(first, int(np.searchsorted(its_times, end_time)))
            times.append(its_times[first:end])
            frames.append(np.full(end - first, number, dtype=np.int16))
            rows.append(np.arange(first, end, dtype=np.int32))
        time = np.concatenate(times)
        feed = np.full(len(time), index, dtype=np.int16)
        return time, feed, np.concatenate(frames), np.concatenate(rows)

    def drop_before(self, time: float) -> None:
        """Forget the candles that have closed before then."""
        for frame in self.frames:
            frame.rows.drop(int(np.searchsorted(frame.close_times(), time)))
