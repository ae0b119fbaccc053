# SPDX-License-Identifier: Apache-2.0
"""Replays recorded market data through the channels of exchanges, in the order in which it could be known.

Two things happen to a candle of a symbol's base (shortest) time frame: at its open time its open price is known, which
fills waiting market orders and whatever the price jumped over; at its close time all of it is known, which fills the
limits and stops that it reached, and only then are the closed candles of every time frame that closes then published.
After each step of time every consumer runs until nothing is left to do. Whatever else was recorded (trades, order
books, tickers, mark prices, funding rates) is told of at its own time, after the candles of that time.

What was recorded is read in parts and merged in windows of time, so that a longer history takes no more memory.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from async_channel import SynchronizedDispatcher
from octobot_commons.causality import lifted
from octobot_commons.clock import SimulatedClock
from octobot_commons.errors import ClockError, LookAheadError
from octobot_commons.services import RecordedFeed
from octobot_trading.backtesting._replay_core import ReplayCore
from octobot_trading.backtesting.event_feed import EventFeed
from octobot_trading.backtesting.feeds import Events, SymbolFeed
from octobot_trading.backtesting.messages import MessageFeed, Messages, make_feed
from octobot_trading.backtesting.worlds import simulated_exchanges
from octobot_trading.errors import ReplayError
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.history import CandleSeries, RecordSeries
from octobot_trading.history.kinds import CANDLES, TICKERS, TRADES
from octobot_trading.history.parts import MemoryParts, SeriesParts

#: How many candles and messages progress is told of at a time.
_PROGRESS_COUNT = 2_000

Progress = Callable[[int], None]
#: Waits until a recorded time may come; what it awaits may stop the replay.
Pace: TypeAlias = Callable[[float], Awaitable[None]]
#: A whole series, or one that is read a part at a time.
Recorded: TypeAlias = CandleSeries | RecordSeries | SeriesParts


class Replay:
    """Feeds recorded series to simulated exchanges that share a clock and a dispatcher.

    ``recorded`` holds per exchange the series of its symbols, several time frames of candles among them; the shortest
    is the one that orders are matched against; with ``match_trades`` recorded trades take its place. The accounts
    beside a manager (``ExchangeManager.beside``) trade in the same replay. Candles that closed at or before
    ``start_time`` only fill the candle rings. ``service_feeds`` are recorded events of what is no market.

    Raises:
        ReplayError: an exchange is not simulated or does not follow a symbol, clocks or dispatchers differ, or two
            series are of the same.
    """

    def __init__(
        self,
        recorded: Mapping[ExchangeManager, Sequence[Recorded]],
        start_time: float | None = None,
        *,
        match_trades: bool = False,
        service_feeds: Sequence[RecordedFeed] = (),
    ) -> None:
        self._clock, self._dispatcher = _shared_time(list(recorded))
        self._traders = [one.trader for manager in recorded for one in (manager, *manager.worlds)]
        self._feeds: list[SymbolFeed] = []
        others: list[MessageFeed] = [EventFeed(one) for one in service_feeds]
        for manager, series in recorded.items():
            parts = [one if isinstance(one, SeriesParts) else MemoryParts(one) for one in series]
            _check_followed(manager, parts)
            _check_each_once(parts)
            others += [make_feed(manager, one, match_trades) for one in parts if one.kind is not CANDLES]
            self._feeds += _candle_feeds(manager, parts, match_trades)
        self._messages = Messages(others)
        self._core = ReplayCore(self._feeds, self._clock.advance_to)
        self._start_time = start_time
        self._reported = 0
        self._told_time = self._clock.now()
        self._is_stopped = self._has_begun = False

    def reached_time(self) -> float:
        """How far it has come, whatever somebody did to the clock."""
        return max(self._told_time, self._core.now)

    @property
    def candles(self) -> int:
        """Candles closed so far."""
        return self._core.candles

    @property
    def messages(self) -> int:
        """What was told of so far beside candles."""
        return self._messages.told

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to end before everything was replayed."""
        return self._is_stopped

    def stop(self) -> None:
        """End with the step of time that is under way."""
        self._is_stopped = True
        self._core.stop()
        self._messages.stop()

    async def begin(self) -> None:
        """Make known what was before the start; done once, by ``run`` where nobody did before."""
        if self._has_begun:
            return
        self._has_begun = True
        with lifted():
            for feed in self._feeds:
                feed.begin(self._start_time)
            await self._messages.begin(self._start_time)

    async def run(self, progress: Progress | None = None, pace: Pace | None = None) -> None:
        """Replay everything. ``progress`` is told the number of candles and messages published since its last call.

        ``pace`` is awaited before each step of time; without it the event loop has no turn in between.

        Raises:
            LookAheadError: somebody else has moved the clock.
        """
        await self.begin()
        begin = -math.inf if self._start_time is None else self._start_time
        while begin < math.inf and not self._is_stopped:
            with lifted():
                end = self._read_beyond(begin)
            self._core.load(self._events(begin, end))
            self._messages.load(begin, end)
            try:
                await self._run_window(progress, pace)
            except ClockError as error:
                self._blame_who_moved_the_clock(error)
                raise
            for feed in self._feeds:
                feed.drop_before(end)
            self._messages.drop_before(end)
            begin = end
        self._report(progress)

    async def _run_window(self, progress: Progress | None, pace: Pace | None) -> None:
        core, messages = self._core, self._messages
        close_candles, open_next = core.close_candles, core.open_next
        # Asked at every candle: nothing here costs a call where there is one exchange and nothing but candles.
        trader, *more_traders = self._traders
        dispatcher, begin_drain = self._dispatcher, self._dispatcher.begin_drain
        while True:
            if pace is not None and min(core.next_time, messages.next_time) < math.inf:
                await pace(min(core.next_time, messages.next_time))
                if self._is_stopped:
                    break
            if messages.are_left:
                await self._tell_before(core.next_time)
            if not close_candles():
                break
            # Orders chained to a fill come before anybody's reaction to it, as they would on an exchange.
            if trader.has_chained_orders or (more_traders and self._has_chained_orders()):
                await self._settle_chained()
            if dispatcher.pending:
                suspended = begin_drain()
                if suspended is not None:
                    await dispatcher.drain_on(suspended)
                if trader.has_chained_orders or (more_traders and self._has_chained_orders()):
                    await self._settle_chained()
            while open_next():
                await self._settle_chained()
            if progress is not None and core.candles + messages.told - self._reported >= _PROGRESS_COUNT:
                self._report(progress)

    async def _tell_before(self, time: float) -> None:
        """Everything that is no candle and was told before a time, step by step of time."""
        messages = self._messages
        while messages.next_time < time:
            self._clock.advance_to(messages.next_time)
            self._told_time = messages.next_time
            await messages.tell()
            if self._dispatcher.pending or self._has_chained_orders():
                await self._settle_chained()

    async def _settle_chained(self) -> None:
        """Submit chained orders and let everybody react, until there is nothing left to do."""
        while True:
            for trader in self._traders:
                if trader.has_chained_orders:
                    await trader.submit_chained_orders()
            await self._dispatcher.run_until_idle()
            if not self._has_chained_orders():
                return

    def _has_chained_orders(self) -> bool:
        return any(trader.has_chained_orders for trader in self._traders)

    def _blame_who_moved_the_clock(self, error: ClockError) -> None:
        if self._clock.now() > self.reached_time():
            remedy = "only the replay may do so; `octobot verify lookahead` finds who else does"
            raise LookAheadError("somebody has moved the clock of this backtest ahead", remedy=remedy) from error

    def _read_beyond(self, time: float) -> float:
        """Read on; returns the time up to which every series is in hand."""
        end = math.inf
        frames = [frame.rows for feed in self._feeds for frame in feed.frames]
        for rows in (*frames, *(feed.rows for feed in self._messages.feeds)):
            rows.read_beyond(time)
            end = min(end, rows.known_until)
        return end

    def _events(self, begin: float, end: float) -> Events:
        """(time, feed, frame, row) by time; closes before opens, short time frames first."""
        every_feed = [feed.events(index, begin, end) for index, feed in enumerate(self._feeds)]
        time, feed, frame, row = every_feed[0] if len(every_feed) == 1 else _joined(every_feed)
        # An open has frame -1 and comes last. lexsort's last key is the first criterion.
        order = np.lexsort((feed, np.where(frame < 0, np.iinfo(np.int16).max, frame), time))
        return time[order], feed[order], frame[order], row[order]

    def _report(self, progress: Progress | None) -> None:
        published = self.candles + self.messages
        if progress is not None and published > self._reported:
            progress(published - self._reported)
        self._reported = published


def _shared_time(managers: Sequence[ExchangeManager]) -> tuple[SimulatedClock, SynchronizedDispatcher]:
    if not managers:
        raise ReplayError("a replay needs an exchange")
    first = managers[0]
    for manager in managers:
        simulated_exchanges(manager)
        if manager.clock is not first.clock or manager.dispatcher is not first.dispatcher:
            names = f"{first.exchange_name} and {manager.exchange_name}"
            raise ReplayError(f"exchanges of one replay share a clock and a dispatcher; {names} do not")
    if not isinstance(first.clock, SimulatedClock) or first.dispatcher is None:
        raise ReplayError("a replay needs a simulated clock and a dispatcher")
    return first.clock, first.dispatcher


def _check_followed(manager: ExchangeManager, series: Sequence[SeriesParts]) -> None:
    for one in series:
        if one.symbol not in manager.symbols_data:
            what, followed = f"{one.kind.plural} of {one.symbol}", ", ".join(manager.symbols)
            raise ReplayError(f"{one.source}: {manager.exchange_name} has {what} but follows {followed}")


def _check_each_once(series: Sequence[SeriesParts]) -> None:
    known: dict[str, SeriesParts] = {}
    for one in series:
        what = one.kind.plural if one.time_frame is None else f"{one.time_frame.value} {one.kind.plural}"
        other = known.setdefault(f"{one.symbol} {what}", one)
        if other is not one:
            raise ReplayError(f"two series of {one.symbol} {what}: {other.source} and {one.source}")


def _candle_feeds(manager: ExchangeManager, series: Sequence[SeriesParts], match_trades: bool) -> list[SymbolFeed]:
    by_symbol: dict[str, list[SeriesParts]] = {}
    for one in series:
        if one.kind is CANDLES:
            by_symbol.setdefault(one.symbol, []).append(one)
    with_tickers = {one.symbol for one in series if one.kind is TICKERS}
    with_trades = {one.symbol for one in series if one.kind is TRADES and match_trades}
    return [
        SymbolFeed(manager, own, symbol not in with_tickers, symbol not in with_trades)
        for symbol, own in by_symbol.items()
    ]


def _joined(events: Sequence[Events]) -> Events:
    if not events:
        return np.empty(0), np.empty(0, np.int16), np.empty(0, np.int16), np.empty(0, np.int32)
    time, feed, frame, row = (np.concatenate([one[part] for one in events]) for part in range(4))
    return time, feed, frame, row
