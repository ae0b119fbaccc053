# SPDX-License-Identifier: Apache-2.0
"""Recorded market data that are no candles on their way into an exchange, a message at a time."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np

from octobot_trading.backtesting.rows import Rows
from octobot_trading.backtesting.worlds import simulated_exchanges
from octobot_trading.exchange_data.market_updates import MarketUpdates, QuietUpdates
from octobot_trading.exchange_data.trade_rows import Trade
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.history import time_grid
from octobot_trading.history.kinds import BUY, NO_ID, SELL
from octobot_trading.history.parts import SeriesParts
from octobot_trading.util import FloatArray

_SIDES = {BUY: "buy", SELL: "sell"}


class RecordFeed(ABC):
    """One series: its rows in hand, and the messages of the window that a replay is in.

    What was told before the start is kept by the exchange without telling anyone of it.
    """

    #: Of what happens at one time lower ranks come first.
    rank: ClassVar[int]
    #: How many rows before the start are made known at it.
    rows_before = 1

    def __init__(self, manager: ExchangeManager, series: SeriesParts) -> None:
        self.series = series
        self.symbol = series.symbol
        self.rows = Rows(series)
        self.updates = manager.market_updates
        self._exchanges = simulated_exchanges(manager)
        self._quiet_updates = QuietUpdates(manager)

    async def begin(self, start_time: float | None) -> None:
        """Begin to read, and make known what was told shortly before the start."""
        if start_time is None:
            self.rows.begin()
            return
        self.rows.begin(self.first_time(start_time))
        begin = -math.inf
        while begin < start_time:
            self.rows.read_beyond(begin)
            end = min(self.rows.known_until, start_time)
            for index, time in enumerate(self.load(begin, end).tolist()):
                await self.tell(index, time, self._quiet_updates)
            self.drop_before(end)
            begin = end

    def first_time(self, start_time: float) -> float:
        """From when on rows are needed."""
        return self.series.time_before(start_time, self.rows_before)

    @abstractmethod
    def load(self, begin: float, end: float) -> FloatArray:
        """Take what was told at ``begin`` or later and before ``end``; returns the times of the messages."""

    @abstractmethod
    async def tell(self, index: int, time: float, updates: MarketUpdates) -> None:
        """Give a message of the window to the exchange."""

    def drop_before(self, time: float) -> None:
        """Forget what was told before then."""
        self.rows.drop(int(np.searchsorted(self.rows.times, time)))

    def window(self, end: float) -> tuple[Any, ...]:
        """The rows in hand before ``end``, as views."""
        last = int(np.searchsorted(self.rows.times, end))
        return tuple(column[:last] for column in self.rows.columns)


class TradesFeed(RecordFeed):
    """Trades; those of one time are one message."""

    rank = 1
    #: Whether orders are matched against them.
    matches = False

    def __init__(self, manager: ExchangeManager, series: SeriesParts) -> None:
        super().__init__(manager, series)
        self.rows_before = manager.feed_settings.trades_capacity

    def load(self, begin: float, end: float) -> FloatArray:
        times, price, amount, side, ids = self.window(end)
        starts = np.flatnonzero(np.diff(times, prepend=-math.inf))
        cells = (column.tolist() for column in (times, price, amount, side, ids))
        self._trades = [
            Trade(one_time, one_price, one_amount, _SIDES.get(one_side), None if one_id == NO_ID else one_id)
            for one_time, one_price, one_amount, one_side, one_id in zip(*cells, strict=True)
        ]
        self._bounds = [*starts.tolist(), len(times)]
        return np.asarray(times[starts])

    async def tell(self, index: int, time: float, updates: MarketUpdates) -> None:
        trades = self._trades[self._bounds[index] : self._bounds[index + 1]]
        if self.matches and updates is self.updates:
            self._match(trades)
        await updates.trades(self.symbol, trades, received_time=time)

    def _match(self, trades: list[Trade]) -> None:
        for trade in trades:
            for exchange in self._exchanges:
                book = exchange.get_book(self.symbol)
                if book.is_reached(trade.price, trade.price):
                    exchange.match_trade(self.symbol, trade.price, trade.amount)
                else:
                    book.follow(trade.price)


class TickersFeed(RecordFeed):
    """Tickers; those with both best prices are told of as such too."""

    rank = 2
    #: Not every one tells the best prices.
    rows_before = 10

    def load(self, begin: float, end: float) -> FloatArray:
        columns = self.window(end)
        self._tickers = list(zip(*(column.tolist() for column in columns), strict=True))
        return np.asarray(columns[0])

    async def tell(self, index: int, time: float, updates: MarketUpdates) -> None:
        told = (None if value != value else value for value in self._tickers[index])
        _, last, bid, ask, bid_amount, ask_amount = told
        if bid is not None and ask is not None:
            await updates.order_book_ticker(
                self.symbol, bid, bid_amount or 0.0, ask, ask_amount or 0.0, received_time=time
            )
        ticker = {
            "timestamp": time * 1000,
            "last": last,
            "close": last,
            "bid": bid,
            "bidVolume": bid_amount,
            "ask": ask,
            "askVolume": ask_amount,
        }
        await updates.ticker(self.symbol, ticker, received_time=time)


class MarkPricesFeed(RecordFeed):
    """Mark prices: those of a time frame are known as they open and as they close, others when they came."""

    rank = 3

    def load(self, begin: float, end: float) -> FloatArray:
        opens, opened, _, _, closed = self.window(end)
        first = int(np.searchsorted(opens, begin))
        if self.series.time_frame is None:
            times, prices = opens, opened
        else:
            closes = time_grid.close_times(opens, self.series.time_frame)
            count = int(np.searchsorted(closes, end))
            # At one time the close comes first, then the open of the next.
            times = np.concatenate((closes[:count], opens[first:]))
            prices = np.concatenate((closed[:count], opened[first:]))
            order = np.argsort(times, kind="stable")
            times, prices = times[order], prices[order]
        self._prices = prices.tolist()
        return np.asarray(times)

    async def tell(self, index: int, time: float, updates: MarketUpdates) -> None:
        price = self._prices[index]
        for exchange in self._exchanges:
            if exchange.contracts is not None:
                exchange.contracts.tell_mark_price(self.symbol, Decimal(repr(price)))
        await updates.mark_price(self.symbol, price, received_time=time)

    def drop_before(self, time: float) -> None:
        times = self.rows.times
        if self.series.time_frame is not None:
            times = time_grid.close_times(times, self.series.time_frame)
        self.rows.drop(int(np.searchsorted(times, time)))


class FundingFeed(RecordFeed):
    """Funding rates as they are paid; when the next one is due was not recorded."""

    rank = 4

    def load(self, begin: float, end: float) -> FloatArray:
        times, rates = self.window(end)
        self._rates = rates.tolist()
        return np.asarray(times)

    async def tell(self, index: int, time: float, updates: MarketUpdates) -> None:
        rate = self._rates[index]
        if updates is self.updates:  # what was due before the start is nobody's here
            for exchange in self._exchanges:
                if exchange.contracts is not None:
                    exchange.contracts.pay_funding(self.symbol, Decimal(repr(rate)))
        await updates.funding(self.symbol, rate, None, timestamp=time, received_time=time)
