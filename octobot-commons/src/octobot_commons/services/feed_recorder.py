# SPDX-License-Identifier: Apache-2.0
"""Writes down what live feeds tell, for backtests."""

from __future__ import annotations

from typing import Any

from octobot_commons.services.feed_event import FeedEvent
from octobot_commons.services.feed_store import FeedEventStore
from octobot_commons.services.service_feed import ServiceFeed
from octobot_commons.services.service_feeds import FeedSubscription, ServiceFeeds


class FeedRecorder:
    """Listens like an evaluator, so a feed that is recorded runs. ``store`` is the caller's to close.

    Attributes:
        recorded: how many events were written.
    """

    def __init__(self, feeds: ServiceFeeds, store: FeedEventStore) -> None:
        self.recorded = 0
        self._feeds = feeds
        self._store = store
        self._subscriptions: list[FeedSubscription] = []

    async def record(self, feed_class: type[ServiceFeed], feed_config: dict[str, Any] | None = None) -> None:
        """Write down all that this feed tells from now on.

        Raises:
            SettingError, EnvironmentFault: the feed cannot be started.
        """
        self._subscriptions.append(await self._feeds.subscribe(feed_class, self._write, feed_config=feed_config))

    async def stop(self) -> None:
        """Write no more; feeds that nobody else listens to stop."""
        while self._subscriptions:
            await self._feeds.unsubscribe(self._subscriptions.pop())

    async def _write(self, feed: str, time: float, key: str | None, data: Any) -> None:
        self._store.append(feed, FeedEvent(time, key, data))
        self.recorded += 1
