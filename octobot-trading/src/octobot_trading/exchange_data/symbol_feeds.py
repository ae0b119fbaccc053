# SPDX-License-Identifier: Apache-2.0
"""What is known of one symbol's market beside its candles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_trading.exchange_data.derivatives import Funding, MarkPrice
from octobot_trading.exchange_data.feed_settings import FeedRules, FeedSettings
from octobot_trading.exchange_data.freshness import Feed, Freshness
from octobot_trading.exchange_data.order_book.order_book import OrderBook
from octobot_trading.exchange_data.tickers import OrderBookTicker, Ticker
from octobot_trading.exchange_data.trade_ring import Liquidations, RecentTrades

#: What holds the data of a channel, by the channel's name.
FEED_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Names.TICKER_CHANNEL: "ticker",
        Names.MINI_TICKER_CHANNEL: "mini_ticker",
        Names.RECENT_TRADES_CHANNEL: "recent_trades",
        Names.LIQUIDATIONS_CHANNEL: "liquidations",
        Names.ORDER_BOOK_CHANNEL: "order_book",
        Names.ORDER_BOOK_TICKER_CHANNEL: "order_book_ticker",
        Names.MARK_PRICE_CHANNEL: "mark_price",
        Names.FUNDING_CHANNEL: "funding",
    }
)


def no_rules(symbol: str) -> FeedRules:
    return FeedRules()


class SymbolFeeds:
    """One symbol's feeds, each made when it is first asked for: from then on it is stale until something comes.

    ``rules`` tells how the venue sends the data of a symbol's market; it is asked once something depends on it.
    """

    def __init__(
        self, symbol: str, settings: FeedSettings | None = None, rules: Callable[[str], FeedRules] = no_rules
    ) -> None:
        self.symbol = symbol
        self.settings = settings or FeedSettings()
        self._rules = rules

    @cached_property
    def ticker(self) -> Ticker:
        """Last price and statistics of the day."""
        return Ticker(self._freshness(Names.TICKER_CHANNEL))

    @cached_property
    def mini_ticker(self) -> Ticker:
        """A ticker of fewer statistics."""
        return Ticker(self._freshness(Names.MINI_TICKER_CHANNEL))

    @cached_property
    def order_book_ticker(self) -> OrderBookTicker:
        """Best bid and ask."""
        return OrderBookTicker(self._freshness(Names.ORDER_BOOK_TICKER_CHANNEL))

    @cached_property
    def order_book(self) -> OrderBook:
        """Bids and asks by price."""
        rules = self._rules(self.symbol)
        return OrderBook(
            self.symbol,
            rules.tick_size,
            sequence=rules.sequence,
            checksum=rules.checksum,
            depth_limit=rules.depth_limit,
            silence_seconds=self.settings.silence_of(Names.ORDER_BOOK_CHANNEL),
        )

    @cached_property
    def recent_trades(self) -> RecentTrades:
        """The newest trades."""
        freshness = self._freshness(Names.RECENT_TRADES_CHANNEL)
        return RecentTrades(self.settings.trades_capacity, freshness, self._rules(self.symbol).numbers_trades)

    @cached_property
    def liquidations(self) -> Liquidations:
        """The newest liquidations."""
        return Liquidations(self.settings.trades_capacity, self._freshness(Names.LIQUIDATIONS_CHANNEL))

    @cached_property
    def mark_price(self) -> MarkPrice:
        """The price at which positions are valued."""
        return MarkPrice(self._freshness(Names.MARK_PRICE_CHANNEL))

    @cached_property
    def funding(self) -> Funding:
        """Funding rates."""
        return Funding(self._freshness(Names.FUNDING_CHANNEL))

    def find(self, kind: str) -> Feed | OrderBook | None:
        """The feed of the channel of this name, None where nobody asked for it and nothing came."""
        found: Feed | OrderBook | None = vars(self).get(FEED_NAMES[kind])
        return found

    def made(self) -> Iterator[tuple[str, Feed | OrderBook]]:
        """The feeds that were asked for or came, by the names of their channels."""
        for kind, name in FEED_NAMES.items():
            if name in vars(self):
                yield str(kind), vars(self)[name]

    def _freshness(self, kind: str) -> Freshness:
        return Freshness(self.settings.silence_of(kind))
