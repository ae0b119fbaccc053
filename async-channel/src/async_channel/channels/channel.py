# SPDX-License-Identifier: Apache-2.0
"""The channel: connects producers with the consumers that asked for what they send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from async_channel._routes import Router
from async_channel.channels.channel_instances import del_chan, get_chan, set_chan
from async_channel.channels.consumer_list import ConsumerList
from async_channel.constants import CHANNEL_WILDCARD, DEFAULT_QUEUE_SIZE
from async_channel.consumer import Callback, Consumer
from async_channel.dispatcher import SynchronizedDispatcher
from async_channel.enums import ChannelConsumerPriorityLevels
from async_channel.errors import DispatcherError, MissingProducerClassError
from async_channel.producer import Producer
from async_channel.topic import Topic
from async_channel.util.logging_util import get_logger

__all__ = ["Channel", "del_chan", "get_chan", "set_chan"]

MAX_REMEMBERED_TOPICS = 8192


class Channel:
    """Consumers with filters on one side, producers on the other.

    Producers are paused while no consumer of a priority above OPTIONAL listens. In synchronized mode no task is
    created: a dispatcher, or Producer.synchronized_perform_consumers_queue, delivers.
    """

    PRODUCER_CLASS: ClassVar[type[Producer] | None] = None
    CONSUMER_CLASS: ClassVar[type[Consumer]] = Consumer
    INSTANCE_KEY: ClassVar[str] = "consumer_instance"
    DEFAULT_PRIORITY_LEVEL: ClassVar[int] = ChannelConsumerPriorityLevels.HIGH.value

    def __init__(self) -> None:
        self.logger = get_logger(type(self).__name__)
        self.chan_id: str | None = None
        self.producers: list[Producer] = []
        self.internal_producer: Producer | None = None
        self.is_paused = True
        self.is_synchronized = False
        self._dispatcher: SynchronizedDispatcher | None = None
        self._router = Router()
        self._consumers = ConsumerList((), self._router.consumers_changed)
        self._topics: dict[frozenset[tuple[str, Any]], Topic] = {}
        self._unhashable_topics: list[Topic] = []
        self._everyone = Topic(self._router, lambda _: self.get_consumers(), {})

    @classmethod
    def get_name(cls) -> str:
        """The class's name without "Channel"."""
        return cls.__name__.replace("Channel", "")

    @property
    def consumers(self) -> list[dict[str, Any]]:
        """The consumers' filters, each with its consumer under INSTANCE_KEY, in order of registration.

        The list may be changed; after changing a dict inside it, call consumers_changed().
        """
        return self._consumers

    @consumers.setter
    def consumers(self, consumers: Iterable[dict[str, Any]]) -> None:
        self._consumers = ConsumerList(consumers, self._router.consumers_changed)
        self.consumers_changed()

    def consumers_changed(self) -> None:
        """Make every topic choose its consumers again."""
        self._router.consumers_changed()

    @property
    def dispatcher(self) -> SynchronizedDispatcher | None:
        """What delivers in synchronized mode. To be set before consumers are added; makes the channel synchronized."""
        return self._dispatcher

    @dispatcher.setter
    def dispatcher(self, dispatcher: SynchronizedDispatcher | None) -> None:
        if dispatcher is not self._dispatcher and self._consumers:
            raise DispatcherError(f"the dispatcher of {self.get_name()} must be set before its consumers are added")
        self._dispatcher = dispatcher
        if dispatcher is not None:
            self.is_synchronized = True

    async def new_consumer(
        self,
        callback: Callback | None = None,
        consumer_filters: dict[str, Any] | None = None,
        internal_consumer: Consumer | None = None,
        size: int = DEFAULT_QUEUE_SIZE,
        priority_level: int = DEFAULT_PRIORITY_LEVEL,
    ) -> Consumer:
        """Add and run a consumer: `internal_consumer`, or one made for `callback`. Producers resume if paused."""
        consumer = internal_consumer
        if consumer is None:
            consumer = self.CONSUMER_CLASS(callback, size=size, priority_level=priority_level)
        self.add_new_consumer(consumer, consumer_filters or {})
        await consumer.run(with_task=not self.is_synchronized)
        await self._update_producers_state()
        return consumer

    def add_new_consumer(self, consumer: Consumer, consumer_filters: dict[str, Any]) -> None:
        """Register a consumer under its filters, without running it."""
        self._consumers.append({**consumer_filters, self.INSTANCE_KEY: consumer})
        if self._dispatcher is not None:
            self._dispatcher.attach(consumer)

    async def remove_consumer(self, consumer: Consumer) -> None:
        """Stop and forget a consumer; pauses the producers when it was the last that mattered."""
        for index, entry in enumerate(self._consumers):
            if entry[self.INSTANCE_KEY] is consumer:
                del self._consumers[index]
                break
        else:
            return
        if self._dispatcher is not None:
            self._dispatcher.detach(consumer)
        await self._update_producers_state()
        await consumer.stop()

    def get_consumers(self) -> list[Any]:
        """Every consumer, in order of registration."""
        return [entry[self.INSTANCE_KEY] for entry in self._consumers]

    def get_prioritized_consumers(self, priority_level: int) -> list[Any]:
        """The consumers whose priority level is at most this one, in order of registration."""
        return [consumer for consumer in self.get_consumers() if consumer.priority_level <= priority_level]

    def get_consumer_from_filters(self, consumer_filters: dict[str, Any]) -> list[Any]:
        """The consumers that match, in order of registration; the choice is remembered until consumers change."""
        return list(self._router.match(self._consumers, consumer_filters, self.INSTANCE_KEY, CHANNEL_WILDCARD))

    def topic(self, filters: dict[str, Any]) -> Topic:
        """The route to the consumers that match `filters`: the same object for the same filters.

        At most MAX_REMEMBERED_TOPICS are remembered; one that was forgotten goes on working for who holds it.
        """
        try:
            key = frozenset(filters.items())
            topic = self._topics.get(key)
        except TypeError:
            return self._unhashable_topic(filters)
        if topic is None:
            if len(self._topics) >= MAX_REMEMBERED_TOPICS:
                del self._topics[next(iter(self._topics))]
            topic = self._topics[key] = self._new_topic(filters)
        return topic

    def _unhashable_topic(self, filters: dict[str, Any]) -> Topic:
        for topic in self._unhashable_topics:
            if topic.filters == filters:
                return topic
        if len(self._unhashable_topics) >= MAX_REMEMBERED_TOPICS:
            del self._unhashable_topics[0]
        self._unhashable_topics.append(self._new_topic(filters))
        return self._unhashable_topics[-1]

    def _new_topic(self, filters: dict[str, Any]) -> Topic:
        return Topic(self._router, lambda asked: self.get_consumer_from_filters(asked), dict(filters))

    def route_to_all(self) -> Topic:
        """The route to every consumer."""
        if getattr(self.get_consumers, "__func__", None) is Channel.get_consumers:
            return self._everyone
        # An override is asked each time: what it answers may depend on anything.
        return Topic(self._router, lambda _: self.get_consumers(), {})

    async def register_producer(self, producer: Producer) -> None:
        """Add a producer, paused when the channel is."""
        if producer not in self.producers:
            self.producers.append(producer)
        if self.is_paused:
            await producer.pause()

    def unregister_producer(self, producer: Producer) -> None:
        """Forget a producer; it is not stopped."""
        if producer in self.producers:
            self.producers.remove(producer)

    def get_producers(self) -> Iterable[Producer]:
        """The registered producers."""
        return self.producers

    def get_internal_producer(self, **kwargs: Any) -> Any:
        """The channel's own producer, made from PRODUCER_CLASS with `kwargs` the first time."""
        if self.internal_producer is None:
            if self.PRODUCER_CLASS is None:
                raise MissingProducerClassError(f"{type(self).__name__} has no PRODUCER_CLASS to make a producer from")
            self.internal_producer = self.PRODUCER_CLASS(self, **kwargs)
        return self.internal_producer

    async def _update_producers_state(self) -> None:
        matters = any(
            consumer.priority_level < ChannelConsumerPriorityLevels.OPTIONAL for consumer in self.get_consumers()
        )
        if self.is_paused is not matters:
            return
        self.is_paused = not matters
        for producer in tuple(self.get_producers()):
            await (producer.resume() if matters else producer.pause())

    async def start(self) -> None:
        """Start the consumers, without creating tasks."""
        for consumer in self.get_consumers():
            await consumer.start()

    async def run(self) -> None:
        """Run the consumers, with their tasks unless synchronized."""
        for consumer in self.get_consumers():
            await consumer.run(with_task=not self.is_synchronized)

    async def modify(self, **kwargs: Any) -> None:
        """Pass a change on to the producers."""
        for producer in tuple(self.get_producers()):
            await producer.modify(**kwargs)

    async def stop(self) -> None:
        """Stop the producers, then the consumers: no task of theirs is left."""
        for producer in tuple(self.get_producers()):
            await producer.stop()
        if self.internal_producer is not None and self.internal_producer not in self.producers:
            await self.internal_producer.stop()
        for consumer in self.get_consumers():
            await consumer.stop()

    def flush(self) -> None:
        """Drop the producers' reference to the channel, so that neither keeps the other alive."""
        if self.internal_producer is not None:
            self.internal_producer.channel = None  # type: ignore[assignment]
        for producer in self.get_producers():
            producer.channel = None  # type: ignore[assignment]
