# SPDX-License-Identifier: Apache-2.0
"""Recorded order books on their way into an exchange."""

from __future__ import annotations

import math

import numpy as np

from octobot_trading.backtesting.record_feeds import RecordFeed
from octobot_trading.exchange_data.market_updates import MarketUpdates
from octobot_trading.exchange_data.order_book import OrderBook
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.history.kinds import SNAPSHOT
from octobot_trading.history.order_books import BookMessage, book_messages, rule_of
from octobot_trading.history.parts import SeriesParts
from octobot_trading.util import FloatArray

#: How far back a snapshot is looked for at first, in rows; each further step goes so many times as far.
_ROWS_BACK, _FURTHER = 20_000, 8


class BookFeed(RecordFeed):
    """Snapshots and deltas. At the start the book is what the last snapshot before it and the deltas since make it.

    How updates are numbered is told by the first one that has a number, so that a missed one is noticed as it is live.
    """

    rank = 0

    def __init__(self, manager: ExchangeManager, series: SeriesParts) -> None:
        super().__init__(manager, series)
        self._book: OrderBook = manager.get_symbol_data(series.symbol).order_book
        self._is_rule_known = False
        self._messages: list[BookMessage] = []

    def first_time(self, start_time: float) -> float:
        rows, before = _ROWS_BACK, math.inf
        while True:
            first = self.series.time_before(start_time, rows)
            found = self._last_snapshot(first, start_time)
            if found is not None or first >= before:
                return first if found is None else found
            rows, before = rows * _FURTHER, first

    def load(self, begin: float, end: float) -> FloatArray:
        self._messages = list(book_messages(self.window(end)))
        if not self._is_rule_known:
            self._learn_rule()
        return np.array([message.time for message in self._messages])

    async def tell(self, index: int, time: float, updates: MarketUpdates) -> None:
        message = self._messages[index]
        if message.whole:
            if message.depth_limit is not None:
                self._book.depth_limit = message.depth_limit
            await updates.order_book_snapshot(
                self.symbol, message.bids, message.asks, message.nonce, received_time=time
            )
        else:
            await updates.order_book_delta(self.symbol, message.bids, message.asks, message.ids, received_time=time)

    def _learn_rule(self) -> None:
        ids = next((message.ids for message in self._messages if message.ids is not None), None)
        if ids is not None:
            self._book.expect(rule_of(ids))
            self._is_rule_known = True

    def _last_snapshot(self, first_time: float, start_time: float) -> float | None:
        """When the last snapshot of a span begins."""
        found = None
        for times, _, event, *_ in self.series.read(first_time):
            rows = np.flatnonzero((event == SNAPSHOT) & (times < start_time))
            if len(rows):
                found = float(times[rows[-1]])
            if len(times) and times[-1] >= start_time:
                break
        return found
