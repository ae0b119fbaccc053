# SPDX-License-Identifier: Apache-2.0
"""Replays recorded candles through an exchange's channels, in the order in which they could be known.

Two things happen to a candle of a symbol's base (shortest) time frame: at its open time its open price is known, which
fills waiting market orders and whatever the price jumped over; at its close time all of it is known, which fills the
limits and stops that it reached, and only then are the closed candles of every time frame that closes then published.
After each step of time every consumer runs until nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.backtesting._replay_core import ReplayCore
from octobot_trading.backtesting.feeds import Events, SymbolFeed
from octobot_trading.errors import ReplayError
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.history import CandleSeries

#: How many candles progress is told of at a time.
_PROGRESS_CANDLES = 2_000

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
        core = ReplayCore(self._feeds, self._clock.advance_to, self._events())
        close_candles, open_next = core.close_candles, core.open_next
        dispatcher, trader, begin_drain = self._dispatcher, self._trader, self._dispatcher.begin_drain
        reported = 0
        while close_candles():
            # Orders chained to a fill come before anybody's reaction to it, as they would on an exchange.
            if trader.has_chained_orders:
                await self._settle_chained()
            if dispatcher.pending:
                suspended = begin_drain()
                if suspended is not None:
                    await dispatcher.drain_on(suspended)
                if trader.has_chained_orders:
                    await self._settle_chained()
            while open_next():
                await self._settle_chained()
            self.candles = candles = core.candles
            if progress is not None and candles - reported >= _PROGRESS_CANDLES:
                progress(candles - reported)
                reported = candles
        if progress is not None and self.candles > reported:
            progress(self.candles - reported)

    async def _settle_chained(self) -> None:
        """Submit chained orders and let everybody react, until there is nothing left to do."""
        while True:
            if self._trader.has_chained_orders:
                await self._trader.submit_chained_orders()
            await self._dispatcher.run_until_idle()
            if not self._trader.has_chained_orders:
                return

    def _events(self) -> Events:
        """(time, feed, frame, row) by time; closes before opens, short time frames first."""
        every_feed = [feed.events(index, self._start_time) for index, feed in enumerate(self._feeds)]
        time, feed, frame, row = every_feed[0] if len(every_feed) == 1 else _joined(every_feed)
        # An open has frame -1 and comes last. lexsort's last key is the first criterion.
        order = np.lexsort((feed, np.where(frame < 0, np.iinfo(np.int16).max, frame), time))
        return time[order], feed[order], frame[order], row[order]


def _joined(events: Sequence[Events]) -> Events:
    time, feed, frame, row = (np.concatenate([one[part] for one in events]) for part in range(4))
    return time, feed, frame, row
