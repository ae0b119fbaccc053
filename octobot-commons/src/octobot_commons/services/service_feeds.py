# SPDX-License-Identifier: Apache-2.0
"""The feeds of one bot and the services behind them, running while somebody listens."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from async_channel import CHANNEL_WILDCARD, ChannelConsumerPriorityLevels, Consumer, SynchronizedDispatcher
from octobot_commons.clock import Clock
from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig
from octobot_commons.errors import DataError, UnknownFeedError
from octobot_commons.services.feed_file import RecordedEvents
from octobot_commons.services.feed_outlet import Callback, FeedOutlet
from octobot_commons.services.recorded_feed import RecordedFeed
from octobot_commons.services.service import Service
from octobot_commons.services.service_feed import ServiceFeed


@dataclass(slots=True, eq=False)
class _OpenFeed:
    feed_class: type[ServiceFeed]
    outlet: FeedOutlet
    #: None in a backtest.
    feed: ServiceFeed | None = None
    services: list[type[Service]] = field(default_factory=list)
    subscriptions: list[FeedSubscription] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class FeedSubscription:
    """Somebody listens to a feed; ``ServiceFeeds.unsubscribe`` ends it."""

    feed_class: type[ServiceFeed]
    consumer: Consumer


@dataclass(slots=True, eq=False)
class _RunningService:
    service: Service
    users: int = 0


class ServiceFeeds:
    """One feed of each class, shared by all who subscribe, and one service of each class, shared by the feeds.

    Args:
        replays: a backtest: no feed and no service is started, recorded events come in their place.
        recorded: where these are.
        end_time: recorded events after it are left out.
    """

    def __init__(
        self,
        bot_id: str,
        clock: Clock,
        tentacles_setup_config: TentaclesSetupConfig,
        *,
        dispatcher: SynchronizedDispatcher | None = None,
        replays: bool = False,
        recorded: RecordedEvents | None = None,
        end_time: float = math.inf,
    ) -> None:
        self.bot_id = bot_id
        self._clock = clock
        self._setup = tentacles_setup_config
        self._dispatcher = dispatcher
        self._replays = replays
        self._recorded = recorded
        self._end_time = end_time
        self._open: dict[type[ServiceFeed], _OpenFeed] = {}
        self._services: dict[type[Service], _RunningService] = {}
        # Starting takes time: who subscribes meanwhile waits for it instead of starting a second one.
        self._lock = asyncio.Lock()

    async def subscribe(
        self,
        feed_class: type[ServiceFeed],
        callback: Callback | None = None,
        *,
        consumer: Consumer | None = None,
        feed_config: Mapping[str, Any] | None = None,
        key: str | list[str] = CHANNEL_WILDCARD,
        priority_level: int = ChannelConsumerPriorityLevels.HIGH.value,
    ) -> FeedSubscription:
        """Call ``callback(**payload)``, or feed ``consumer``, for each event; the first one starts the feed.

        Raises:
            SettingError: a service lacks a setting.
            EnvironmentFault: a service or the feed cannot be started.
            DataError: in a backtest, nothing was recorded of this feed.
        """
        async with self._lock:
            is_new = feed_class not in self._open
            opened = await self._start(feed_class, feed_config or {}) if is_new else self._open[feed_class]
            assert opened.outlet.channel is not None
            if opened.feed is not None and not is_new and feed_config:
                opened.feed.update_feed_config(feed_config)
            added = await opened.outlet.channel.new_consumer(
                callback, consumer_instance=consumer, key=key, priority_level=priority_level
            )
            if is_new and opened.feed is not None:
                await self._begin(opened)
            subscription = FeedSubscription(feed_class, added)
            opened.subscriptions.append(subscription)
            return subscription

    async def unsubscribe(self, subscription: FeedSubscription) -> None:
        """Listen no more; the last one stops the feed. Doing so twice does nothing more."""
        async with self._lock:
            opened = self._open.get(subscription.feed_class)
            if opened is None or subscription not in opened.subscriptions:
                return
            opened.subscriptions.remove(subscription)
            assert opened.outlet.channel is not None
            await opened.outlet.channel.remove_consumer(subscription.consumer)
            if not opened.subscriptions:
                await self._close(opened)

    async def stop(self) -> None:
        """Stop everything, whoever still listens and whatever one of them raises."""
        async with self._lock, AsyncExitStack() as steps:
            for opened in list(self._open.values()):
                steps.push_async_callback(self._close, opened)

    def is_running(self, feed_class: type[ServiceFeed]) -> bool:
        """Whether somebody listens to this feed."""
        return feed_class in self._open

    def known(self, feed_class: type[ServiceFeed], current_time: float, key: str | None = None) -> list[Any]:
        """The data that a feed told up to ``current_time``, about ``key`` where it is given, oldest first.

        Only the last ``HISTORY_CAPACITY`` are kept, and nothing once nobody listens any more.
        """
        opened = self._open.get(feed_class)
        return [] if opened is None else opened.outlet.known(current_time, key)

    def recorded_feeds(self) -> list[RecordedFeed]:
        """What a replay has to tell, in the order in which somebody subscribed first.

        They are made anew and not kept: what they have read ahead must not be reached from an evaluator.
        """
        if self._recorded is None:
            return []
        return [RecordedFeed(opened.outlet, self._recorded, self._end_time) for opened in self._open.values()]

    def services(self) -> list[Service]:
        """Those that run, for whoever shows their health."""
        return [running.service for running in self._services.values()]

    async def _start(self, feed_class: type[ServiceFeed], feed_config: Mapping[str, Any]) -> _OpenFeed:
        """The feed with its channel and its services, not begun yet."""
        name = feed_class.get_name()
        outlet = FeedOutlet(name, self.bot_id, self._clock, self._dispatcher, feed_class.HISTORY_CAPACITY)
        opened = _OpenFeed(feed_class, outlet)
        if self._replays:
            if self._recorded is None:
                remedy = "give a file of recorded feeds, or deactivate who listens to it"
                raise DataError(f"no events of {name} are recorded", remedy=remedy)
            self._recorded.check_has(name)
        else:
            opened.feed = feed_class(self._setup)
            opened.feed.load_config()
            opened.feed.update_feed_config(feed_config)
        await outlet.open()
        self._open[feed_class] = opened
        return opened

    async def _begin(self, opened: _OpenFeed) -> None:
        assert opened.feed is not None
        try:
            for service_class in opened.feed_class.REQUIRED_SERVICES:
                await self._use(service_class)
                opened.services.append(service_class)
            services = {one: self._services[one].service for one in opened.services}
            opened.feed.connect(opened.outlet, services)
            await opened.feed.start()
        except BaseException:
            opened.feed = None  # it did not start, so there is nothing to stop
            await self._close(opened)
            raise

    async def _close(self, opened: _OpenFeed) -> None:
        """The last one first: the feed, its channel, its services. Whatever one step raises, the others are done."""
        del self._open[opened.feed_class]
        async with AsyncExitStack() as steps:
            for service_class in opened.services:
                steps.push_async_callback(self._release, service_class)
            steps.push_async_callback(opened.outlet.close)
            if opened.feed is not None:
                steps.push_async_callback(opened.feed.stop)

    async def _use(self, service_class: type[Service]) -> None:
        running = self._services.get(service_class)
        if running is None:
            service = service_class(self._setup)
            await service.start_service()
            running = self._services[service_class] = _RunningService(service)
        running.users += 1

    async def _release(self, service_class: type[Service]) -> None:
        running = self._services[service_class]
        running.users -= 1
        if not running.users:
            del self._services[service_class]
            await running.service.stop_service()


_FEEDS: dict[str, ServiceFeeds] = {}


def register_service_feeds(feeds: ServiceFeeds) -> None:
    """Make a bot's feeds known under its id.

    Raises:
        ValueError: it has some already.
    """
    if feeds.bot_id in _FEEDS:
        raise ValueError(f"bot {feeds.bot_id!r} has its feeds already")
    _FEEDS[feeds.bot_id] = feeds


def get_service_feeds(bot_id: str) -> ServiceFeeds:
    """The feeds of this bot.

    Raises:
        UnknownFeedError: it has none.
    """
    try:
        return _FEEDS[bot_id]
    except KeyError:
        remedy = "make them known with register_service_feeds"
        raise UnknownFeedError(f"bot {bot_id!r} has no feeds", remedy=remedy) from None


def delete_service_feeds(bot_id: str) -> None:
    """Forget the feeds of this bot, which are not stopped; does nothing where there are none."""
    _FEEDS.pop(bot_id, None)
