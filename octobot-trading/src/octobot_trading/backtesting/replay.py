# SPDX-License-Identifier: Apache-2.0
"""Replays recorded candles through an exchange's channels, in the order in which they could be known.

Two things happen to a candle of a symbol's base (shortest) time frame: at its open time its open price is known, which
fills waiting market orders and whatever the price jumped over; at its close time all of it is known, which fills the
limits and stops that it reached, and only then are the closed candles of every time frame that closes then published.
After each step of time every consumer runs until nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.backtesting.feeds import SymbolFeed
from octobot_trading.errors import ReplayError
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.history import CandleSeries

#: Python lists are made of this many events at a time: fast to loop over, and memory stays flat. Progress is told after
#: each.
_CHUNK = 4_000

Progress = Callable[[int], None]


class Replay:
    """Feeds series of several symbols and time frames to one simulated exchange.

    ``series`` holds per symbol one series or several of different time frames; the shortest is the one that orders
    are matched against. Candles that closed at or before ``start_time`` only fill the candle rings.
    """

    def __init__(
        self, exchange_manager: ExchangeManager, series: Sequence[CandleSeries], start_time: float | None = None
    ) -> None:
        if not isinstance(exchange_manager.exchange, SimulatedExchange):
            raise ReplayError(f"{exchange_manager.exchange_name} is no simulated exchange")
        if not isinstance(exchange_manager.clock, SimulatedClock) or exchange_manager.dispatcher is None:
            raise ReplayError("a replay needs a simulated clock and a dispatcher")
        self._exchange = exchange_manager.exchange
        self._clock: SimulatedClock = exchange_manager.clock
        self._dispatcher: SynchronizedDispatcher = exchange_manager.dispatcher
        self._trader = exchange_manager.trader
        by_symbol: dict[str, list[CandleSeries]] = {}
        for one in series:
            by_symbol.setdefault(one.symbol, []).append(one)
        self._feeds = [SymbolFeed(exchange_manager, own) for own in by_symbol.values()]
        self._start_time = start_time
        self.candles = 0

    async def run(self, progress: Progress | None = None) -> None:
        """Replay everything. ``progress`` is told the number of candles published since its last call."""
        for feed in self._feeds:
            feed.preload(self._start_time)
        reported = 0
        for times, feeds, frames, rows in self._chunks():
            position, end = 0, len(times)
            while position < end:
                time = times[position]
                self._clock.advance_to(time)
                stop = position + 1
                while stop < end and times[stop] == time:
                    stop += 1
                await self._step(feeds[position:stop], frames[position:stop], rows[position:stop])
                position = stop
            if progress is not None:
                progress(self.candles - reported)
                reported = self.candles

    async def _step(self, feeds: list[int], frames: list[int], rows: list[int]) -> None:
        """Everything that happens at one time: closes first, then opens (frame -1)."""
        count = len(frames)
        first_open = 0
        while first_open < count and frames[first_open] >= 0:
            feed = self._feeds[feeds[first_open]]
            feed.close_candle(frames[first_open], rows[first_open])
            first_open += 1
        if first_open:
            self.candles += first_open
            for index in range(first_open):
                self._feeds[feeds[index]].publish(frames[index])
            await self._settle()
        for index in range(first_open, count):
            feed = self._feeds[feeds[index]]
            if self._exchange.has_open_orders(feed.symbol):
                feed.open_candle(rows[index])
                await self._settle()

    async def _settle(self) -> None:
        while True:
            # Orders chained to a fill come before anybody's reaction to it, as they would on an exchange.
            if self._trader.has_chained_orders:
                await self._trader.submit_chained_orders()
            await self._dispatcher.run_until_idle()
            if not self._trader.has_chained_orders:
                return

    def _chunks(self) -> Iterator[tuple[list[float], list[int], list[int], list[int]]]:
        """Events as parallel lists (time, feed, frame, row), by time; closes before opens, short time frames first.

        Chunks end where time changes, so that a step is never split.
        """
        columns = [feed.events(index, self._start_time) for index, feed in enumerate(self._feeds)]
        time, feed, frame, row = (np.concatenate([column[part] for column in columns]) for part in range(4))
        # An open has frame -1 and comes last. lexsort's last key is the first criterion.
        order = np.lexsort((feed, np.where(frame < 0, np.iinfo(np.int32).max, frame), time))
        time, feed, frame, row = time[order], feed[order], frame[order], row[order]
        start, total = 0, len(time)
        while start < total:
            end = min(start + _CHUNK, total)
            if end < total:
                end = int(np.searchsorted(time, time[end - 1], side="right"))
            part = slice(start, end)
            yield time[part].tolist(), feed[part].tolist(), frame[part].tolist(), row[part].tolist()
            start = end
