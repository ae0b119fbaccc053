# SPDX-License-Identifier: Apache-2.0
"""The producer of modes that do what service feeds tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from octobot_commons.errors import BugError
from octobot_commons.services import FeedSubscription, ServiceFeeds, get_service_feeds
from octobot_trading.modes import AbstractTradingModeProducer

#: How much of a text is shown where it cannot be used.
SHOWN = 200


class HeardFeedsProducer(AbstractTradingModeProducer):
    """Hears the feeds in its mode's ``SERVICE_FEED_CLASSES`` until it is stopped."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._subscriptions: list[tuple[ServiceFeeds, FeedSubscription]] = []

    async def subscribe(self) -> None:
        """Listen to the feeds of this bot."""
        mode = self.trading_mode
        if mode.bot_id is None:
            raise BugError(f"{mode.get_name()} was started without a bot to hear feeds of")
        feeds = get_service_feeds(mode.bot_id)
        for feed_class in mode.SERVICE_FEED_CLASSES:
            self._subscriptions.append((feeds, await feeds.subscribe(feed_class, self._event_has_come)))

    async def stop(self) -> None:
        while self._subscriptions:
            feeds, subscription = self._subscriptions.pop()
            await feeds.unsubscribe(subscription)
        await super().stop()

    async def follow(self, data: Any) -> None:
        """Do what an event says; what cannot be understood changes nothing and is told of with ``cannot_use``."""
        raise NotImplementedError(f"{type(self).__name__} follows nothing: override follow")

    def cannot_use(self, what: str, content: str, why: str, symbols: Iterable[str] | None = None) -> None:
        """Log and explain why ``what`` changes nothing, by default for every symbol."""
        self.logger.warning("%s cannot be used: %s: %r", what, why, content[:SHOWN])
        for symbol in self.exchange_manager.symbols if symbols is None else symbols:
            self.trading_mode.explain(symbol, "%s cannot be used: %s: %r", what, why, content[:SHOWN])

    def is_meant(self, exchange: str | None) -> bool:
        """Whether something for this exchange, or for any, is for this one."""
        return exchange is None or exchange.lower() == self.exchange_name.lower()

    async def _event_has_come(self, data: Any, **_: Any) -> None:
        await self.follow(data)
