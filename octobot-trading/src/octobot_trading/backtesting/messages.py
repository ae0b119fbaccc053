# SPDX-License-Identifier: Apache-2.0
"""What a replay tells of beside candles, in the order of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

import numpy as np

from octobot_trading.backtesting.book_feed import BookFeed
from octobot_trading.backtesting.record_feeds import (
    FundingFeed,
    MarkPricesFeed,
    RecordFeed,
    TickersFeed,
    TradesFeed,
)
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.history.kinds import FUNDING, MARK_PRICES, ORDER_BOOK, TICKERS, TRADES
from octobot_trading.history.parts import SeriesParts
from octobot_trading.util import FloatArray


class ReadAhead(Protocol):
    """What is read in parts, as ``Rows`` is."""

    known_until: float

    def read_beyond(self, time: float) -> None:
        """Read until everything up to ``time`` is in hand."""


class MessageFeed(Protocol):
    """Something that a replay tells of beside candles, as ``RecordFeed`` describes it."""

    rank: ClassVar[int]
    updates: Any

    @property
    def rows(self) -> ReadAhead:
        """What is in hand."""

    async def begin(self, start_time: float | None) -> None:
        """Begin to read, and make known what was told before the start."""

    def load(self, begin: float, end: float) -> FloatArray:
        """Take what was told at ``begin`` or later and before ``end``; returns the times of the messages."""

    async def tell(self, index: int, time: float, updates: Any) -> None:
        """Tell of a message of the window."""

    def drop_before(self, time: float) -> None:
        """Forget what was told before then."""


class Messages:
    """The messages of all feeds, a window of time after another.

    At one time those of lower ranks come first, then those of feeds given first, each feed's in its own order.
    """

    def __init__(self, feeds: Sequence[MessageFeed]) -> None:
        self._feeds = sorted(feeds, key=lambda feed: feed.rank)
        self._times: list[float] = []
        self._sources: list[int] = []
        self._indexes: list[int] = []
        self._position = 0
        #: When the next message of the window is due, infinity when none is left.
        self.next_time = math.inf
        self.are_left = False
        #: Messages told of so far.
        self.told = 0

    @property
    def feeds(self) -> Sequence[MessageFeed]:
        """By rank."""
        return self._feeds

    async def begin(self, start_time: float | None) -> None:
        """Begin to read, and make known what was told before the start."""
        for feed in self._feeds:
            await feed.begin(start_time)

    def load(self, begin: float, end: float) -> None:
        """Go on with what was told at ``begin`` or later and before ``end``."""
        if not self._feeds:
            return
        times = [feed.load(begin, end) for feed in self._feeds]
        time = np.concatenate(times)
        counts = [len(one) for one in times]
        order = np.argsort(time, kind="stable")
        self._times = time[order].tolist()
        self._sources = np.repeat(np.arange(len(counts)), counts)[order].tolist()
        self._indexes = np.concatenate([np.arange(count) for count in counts])[order].tolist()
        self._position = 0
        self._look()

    async def tell(self) -> None:
        """All messages of the next time."""
        time = self.next_time
        while self.are_left and self.next_time == time:
            feed = self._feeds[self._sources[self._position]]
            await feed.tell(self._indexes[self._position], time, feed.updates)
            self._position += 1
            self.told += 1
            self._look()

    def stop(self) -> None:
        """Leave out what is left of the window."""
        self._position = len(self._times)
        self._look()

    def drop_before(self, time: float) -> None:
        """Forget what was told before then."""
        for feed in self._feeds:
            feed.drop_before(time)

    def _look(self) -> None:
        self.are_left = self._position < len(self._times)
        self.next_time = self._times[self._position] if self.are_left else math.inf


_FEEDS: dict[str, type[RecordFeed]] = {
    ORDER_BOOK.name: BookFeed,
    TRADES.name: TradesFeed,
    TICKERS.name: TickersFeed,
    MARK_PRICES.name: MarkPricesFeed,
    FUNDING.name: FundingFeed,
}


def make_feed(manager: ExchangeManager, series: SeriesParts, match_trades: bool = False) -> RecordFeed:
    """The feed of a series that is no candles; with ``match_trades`` orders are matched against its trades."""
    feed = _FEEDS[series.kind.name](manager, series)
    if isinstance(feed, TradesFeed):
        feed.matches = match_trades
    return feed
