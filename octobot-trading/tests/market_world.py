# SPDX-License-Identifier: Apache-2.0
"""An exchange whose venue numbers what it sends, and what was heard on its channels."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchange_data.feed_settings import FeedRules, FeedSettings
from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.exchange_data.market_updates import MarketUpdates
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange

BTC, ETH = "BTC/USDT", "ETH/USDT"
PAIRS = {"Bitcoin": [BTC], "Ethereum": [ETH]}
KINDS = (
    "OHLCV", "Kline", "Ticker", "MiniTicker", "RecentTrade", "Liquidations", "OrderBook", "OrderBookTicker",
    "MarkPrice", "Funding", "Markets",
)  # fmt: skip
_ids = itertools.count()


class RuledExchange(SimulatedExchange):
    """Tells the rules that a test gives it."""

    rules = FeedRules()

    def feed_rules(self, symbol: str) -> FeedRules:
        return self.rules


class MarketWorld:
    """One exchange of the pairs, what it said, and what it asked for."""

    def __init__(
        self,
        rules: FeedRules | None = None,
        settings: FeedSettings | None = None,
        *,
        pairs: Mapping[str, list[str]] = PAIRS,
        is_synchronized: bool = True,
    ) -> None:
        self.clock = SimulatedClock(1_000.0)
        markets = {symbol: Market(symbol, "BASE", "QUOTE") for symbols in pairs.values() for symbol in symbols}
        self.exchange = RuledExchange("binance", self.clock, markets, {})
        self.exchange.rules = rules or FeedRules()
        self.dispatcher = SynchronizedDispatcher() if is_synchronized else None
        self.manager = ExchangeManager(
            f"market-{next(_ids)}", self.exchange, self.clock, pairs, dispatcher=self.dispatcher, feed_settings=settings
        )
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[tuple[str, StaleReason]] = []
        self.updates.request_snapshot = lambda symbol, reason: self.asked.append((symbol, reason))

    @property
    def updates(self) -> MarketUpdates:
        return self.manager.market_updates

    async def listen(self, *channels: str, **filters: Any) -> None:
        for channel in channels:
            await get_chan(channel, self.manager.id).new_consumer(self._keeper(channel), **filters)

    async def take(self) -> list[tuple[str, dict[str, Any]]]:
        """What was heard since the last time."""
        if self.dispatcher is not None:
            await self.dispatcher.run_until_idle()
        heard, self.heard = self.heard, []
        return heard

    async def say(self, symbol: str = BTC) -> None:
        """One update of every kind."""
        updates = self.updates
        await updates.closed_candle(symbol, "1m", [900.0, 10.0, 12.0, 9.0, 11.0, 5.0])
        await updates.candle_update(symbol, "1m", [960.0, 11.0, 12.0, 9.0, 12.0, 5.0])
        await updates.ticker(symbol, {"last": 10.0, "timestamp": 999_000})
        await updates.mini_ticker(symbol, {"last": 10.0, "high": 11.0})
        await updates.trades(symbol, [{"id": "1", "timestamp": 998_500, "price": 10.0, "amount": 1.0, "side": "buy"}])
        await updates.liquidations(symbol, [{"timestamp": 998_500, "price": 10.0, "contracts": 2.0}])
        await updates.order_book_snapshot(symbol, [[9.0, 1.0], [9.5, 2.0]], [[11.0, 1.0], [10.5, 3.0]], nonce=1)
        await updates.order_book_ticker(symbol, 9.5, 2.0, 10.5, 3.0)
        await updates.mark_price(symbol, "10.01")
        await updates.funding(symbol, 0.0001, 28_800.0, "-0.0002", 999.0)
        await updates.markets({BTC: {"active": True}})

    def _keeper(self, channel: str) -> Any:
        async def keep(**payload: Any) -> None:
            self.heard.append((channel, payload))

        return keep
