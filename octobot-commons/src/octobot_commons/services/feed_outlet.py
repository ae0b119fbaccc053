# SPDX-License-Identifier: Apache-2.0
"""A feed's channel, and what it has told: the same for a live feed and for one that is replayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from async_channel import CHANNEL_WILDCARD, Channel, ChannelConsumerPriorityLevels, Consumer, SynchronizedDispatcher
from async_channel.channels import del_chan_at_id, set_chan_at_id
from async_channel.util import create_channel_instance
from octobot_commons.clock import Clock
from octobot_commons.services.feed_event import FeedEvent, plain_json

Callback = Callable[..., Awaitable[Any]]
_KEY = "key"


class ServiceFeedChannel(Channel):
    """What one feed tells one bot, registered under the bot's id and the feed's name.

    Payload: feed (its name), time (when it became known), key (what it is about, or None), data.
    """

    CONSUMER_CLASS = Consumer

    async def new_consumer(  # type: ignore[override]  # filters are arguments, as on every channel of the bot
        self,
        callback: Callback | None = None,
        consumer_instance: Consumer | None = None,
        size: int = 0,
        priority_level: int = ChannelConsumerPriorityLevels.HIGH.value,
        key: str | list[str] = CHANNEL_WILDCARD,
    ) -> Consumer:
        """Call ``callback(**payload)``, or feed ``consumer_instance``, for this key, these, or ``"*"``."""
        return await super().new_consumer(
            callback,
            consumer_filters={_KEY: key},
            internal_consumer=consumer_instance,
            size=size,
            priority_level=priority_level,
        )


class FeedOutlet:
    """Where a feed tells its listeners. The last ``capacity`` events are kept for those who want to look back."""

    def __init__(
        self, name: str, bot_id: str, clock: Clock, dispatcher: SynchronizedDispatcher | None, capacity: int
    ) -> None:
        self.name = name
        self.bot_id = bot_id
        self.clock = clock
        self.capacity = capacity
        self.channel: ServiceFeedChannel | None = None
        self._dispatcher = dispatcher
        self._events: deque[FeedEvent] = deque(maxlen=capacity)

    async def open(self) -> ServiceFeedChannel:
        """Create and register the channel; ValueError where the bot has one of this name."""

        def register(channel: ServiceFeedChannel, _: str | None) -> None:
            channel.chan_id = self.bot_id
            set_chan_at_id(channel, self.name)

        self.channel = await create_channel_instance(
            ServiceFeedChannel, register, is_synchronized=self._dispatcher is not None, dispatcher=self._dispatcher
        )
        return self.channel

    async def close(self) -> None:
        """Stop and forget the channel."""
        if self.channel is not None:
            del_chan_at_id(self.name, self.bot_id)
            await self.channel.stop()
            self.channel.flush()
            self.channel = None

    async def tell(self, data: Any, key: str | None = None) -> None:
        """Keep what became known now, and tell who listens.

        Raises:
            BugError: JSON cannot say it.
        """
        event = FeedEvent(self.clock.now(), key, plain_json(data, self.name))
        self.remember(event)
        if self.channel is not None:
            # A message about nothing in particular is for everybody.
            topic = self.channel.topic({} if key is None else {_KEY: key})
            await topic.send({"feed": self.name, "time": event.time, "key": key, "data": event.data})

    def remember(self, event: FeedEvent) -> None:
        """Keep what became known some time ago without telling anyone."""
        self._events.append(event)

    def known(self, current_time: float, key: str | None = None) -> list[Any]:
        """The data told up to ``current_time``, about ``key`` where it is given, oldest first."""
        return [event.data for event in self._events if event.time <= current_time and key in (None, event.key)]
