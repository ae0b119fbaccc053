# SPDX-License-Identifier: Apache-2.0
"""The channel: connects producers with the consumers that asked for what they send."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self

from async_channel._engine import Router
from async_channel.channels.channel_instances import del_chan, get_chan, set_chan
from async_channel.channels.consumer_list import ConsumerList
from async_channel.channels.topics import Topics
from async_channel.constants import CHANNEL_WILDCARD, DEFAULT_QUEUE_SIZE
from async_channel.consumer import Callback, Consumer
from async_channel.dispatcher import SynchronizedDispatcher
from async_channel.enums import ChannelConsumerPriorityLevels, FailurePolicy
from async_channel.errors import (
    ChannelClosedError,
    ChannelError,
    ChannelUsageError,
    ConsumerFailedError,
    DispatcherError,
    MissingProducerClassError,
    WrongLoopError,
)
from async_channel.mailbox import Mailbox
from async_channel.overflow import Overflow
from async_channel.producer import Producer
from async_channel.statistics import ChannelStatistics, consumer_statistics
from async_channel.subscription import Subscription
from async_channel.topic import Topic, wait_for_room
from async_channel.util.logging_util import get_logger

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    MessageT = TypeVar("MessageT", default=Any)
else:
    from typing import TypeVar

    MessageT = TypeVar("MessageT")

__all__ = ["Channel", "del_chan", "get_chan", "set_chan"]


class Channel(Generic[MessageT]):
    """Consumers with filters on one side, producers on the other; `async with` closes it at the end.

    A message is a dict, of which callbacks get the items as keyword arguments, or any other object, which they get as
    it is: `Channel[Ticker]`. Producers are paused while no consumer of a priority above OPTIONAL listens. In
    synchronized mode no task is created: a dispatcher, or Producer.synchronized_perform_consumers_queue, delivers.
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
        self.failure: ConsumerFailedError | None = None
        self.is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._dispatcher: SynchronizedDispatcher | None = None
        self._router = Router()
        self.is_synchronized = False
        self._consumers = ConsumerList((), self._router.consumers_changed)
        self._topics = Topics(self._router, self._choose)
        self._everyone = Topic(self._router, self._choose_all, {})

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
    def is_synchronized(self) -> bool:
        """Whether no task delivers, and sending never lets others go on. To be set before consumers are added."""
        return not self._router.is_live

    @is_synchronized.setter
    def is_synchronized(self, is_synchronized: bool) -> None:
        self._router.is_live = not is_synchronized

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
        *,
        overflow: Overflow | None = None,
        on_failure: FailurePolicy | None = None,
    ) -> Consumer:
        """Add and run a consumer: `internal_consumer`, or one made for `callback`. Producers resume if paused.

        `overflow` says what a message does for which a queue of this `size` has no room, `on_failure` what a callback
        does that raises; without them it is as its class has it: wait for room, log and go on.
        """
        consumer = internal_consumer
        if consumer is None:
            consumer = self.CONSUMER_CLASS(callback, size=size, priority_level=priority_level)
        if overflow is not None:
            consumer.queue = Mailbox(consumer.queue.maxsize, overflow)
        if on_failure is not None:
            consumer.on_failure = on_failure
        self.add_new_consumer(consumer, consumer_filters or {})
        await consumer.run(with_task=not self.is_synchronized)
        await self.update_producers_state()
        return consumer

    def add_new_consumer(self, consumer: Consumer, consumer_filters: dict[str, Any]) -> None:
        """Register a consumer under its filters, without running it."""
        self._check_open()
        self._settle_on_loop()
        self._consumers.append({**consumer_filters, self.INSTANCE_KEY: consumer})
        consumer.added_to(self)
        if self._dispatcher is not None:
            self._dispatcher.attach(consumer)

    def subscribe(
        self,
        filters: dict[str, Any] | None = None,
        *,
        size: int = DEFAULT_QUEUE_SIZE,
        priority_level: int = DEFAULT_PRIORITY_LEVEL,
        overflow: Overflow = Overflow.BLOCK,
    ) -> Subscription[MessageT]:
        """What is sent from now on to consumers with these filters: `async for message in channel.subscribe(…)`."""
        if self.is_synchronized:
            raise ChannelUsageError(
                f"{self.get_name()} is synchronized: its messages are delivered to callbacks only, use new_consumer()"
            )
        subscription = Subscription(self, size, priority_level, overflow)
        self.add_new_consumer(subscription, filters or {})
        return subscription

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
        self._topics.forget_consumers()
        self._everyone.forget()
        _release_senders(consumer)
        await self.update_producers_state()
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
        """The route to the consumers that match `filters`; the same filters give the same object, while remembered."""
        return self._topics.of(filters)

    def route_to_all(self) -> Topic:
        """The route to every consumer."""
        if getattr(self.get_consumers, "__func__", None) is Channel.get_consumers:
            return self._everyone
        # An override is asked each time: what it answers may depend on anything.
        return Topic(self._router, self._choose_all, {})

    def _route(self, filters: dict[str, Any] | None) -> Topic:
        return self.topic(filters) if filters else self.route_to_all()

    def _choose(self, filters: dict[str, Any]) -> Iterable[Any]:
        self._check_open()
        return self.get_consumer_from_filters(filters)

    def _choose_all(self, _: dict[str, Any]) -> Iterable[Any]:
        self._check_open()
        return self.get_consumers()

    async def send(self, message: MessageT, filters: dict[str, Any] | None = None) -> None:
        """Send to the consumers that match, all by default; those whose queue is full and blocks are waited for.

        ChannelClosedError, ConsumerFailedError when a failure stopped the channel, QueueOverflowError and
        WrongLoopError reach nobody.
        """
        full = self._route(filters).deliver(message)
        if full is not None:
            await wait_for_room(full, message)

    def send_nowait(self, message: MessageT, filters: dict[str, Any] | None = None) -> None:
        """send() to all that match, or to none and raise asyncio.QueueFull when one of them would be waited for."""
        self._route(filters).send_nowait(message)

    def send_threadsafe(
        self, message: MessageT, filters: dict[str, Any] | None = None
    ) -> concurrent.futures.Future[None]:
        """send() from a thread other than the event loop's; the future ends when it does.

        Wait for the future, in that thread, to be slowed down as a sender on the loop would be.
        """
        if self._loop is None or self._loop.is_closed():
            raise WrongLoopError(f"{self.get_name()} has no running event loop: nobody ever listened on one")
        return asyncio.run_coroutine_threadsafe(self.send(message, filters), self._loop)

    def _settle_on_loop(self) -> None:
        # Consumers of two loops could not be served in order, and would share state that no lock protects.
        if self.is_synchronized:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._loop is not None and self._loop is not loop and not self._loop.is_closed():
            raise WrongLoopError(f"{self.get_name()} belongs to another event loop, on which its consumers run")
        self._loop = loop
        self._router.settle_on(loop)

    def _check_open(self) -> None:
        reason = self._reason_to_refuse()
        if reason is not None:
            raise reason

    def _reason_to_refuse(self) -> ChannelError | None:
        if self.failure is not None:
            return self.failure.again()
        return ChannelClosedError(f"{self.get_name()} is closed") if self.is_closed else None

    def statistics(self) -> ChannelStatistics:
        """How its consumers are doing."""
        return ChannelStatistics(
            channel=self.get_name(),
            is_paused=self.is_paused,
            producers=len(self.producers),
            consumers=tuple(
                consumer_statistics(
                    entry[self.INSTANCE_KEY], {key: entry[key] for key in entry if key != self.INSTANCE_KEY}
                )
                for entry in self._consumers
            ),
        )

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

    async def update_producers_state(self) -> None:
        """Pause the producers when nobody who matters listens, resume them when somebody does."""
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
        """Run the consumers, with their tasks unless synchronized; a failure that stopped the channel is over."""
        self.failure = None
        self._check_open()
        self._settle_on_loop()
        self.consumers_changed()
        for consumer in self.get_consumers():
            await consumer.run(with_task=not self.is_synchronized)

    async def modify(self, **kwargs: Any) -> None:
        """Pass a change on to the producers."""
        for producer in tuple(self.get_producers()):
            await producer.modify(**kwargs)

    async def stop(self) -> None:
        """Stop the producers, then the consumers: no task of theirs is left. run() starts it again."""
        for producer in tuple(self.get_producers()):
            await producer.stop()
        if self.internal_producer is not None and self.internal_producer not in self.producers:
            await self.internal_producer.stop()
        for consumer in self.get_consumers():
            await consumer.stop()

    async def stop_after(self, failure: ConsumerFailedError) -> None:
        """Stop because of a failure, unless another one is the reason already; sending then raises it."""
        if self.failure is None:
            self.failure = failure
            await self._end()

    async def close(self) -> None:
        """Stop for good: sending and adding consumers raises ChannelClosedError from now on."""
        self.is_closed = True
        await self._end()

    async def _end(self) -> None:
        self.consumers_changed()
        for consumer in self.get_consumers():
            _release_senders(consumer, self._reason_to_refuse())
        await self.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close; a failure that stopped the channel is raised here, unless the block ends with an error already."""
        await self.close()
        if self.failure is not None and kind is None:
            raise self.failure.again()

    def flush(self) -> None:
        """Drop the producers' reference to the channel, so that neither keeps the other alive."""
        if self.internal_producer is not None:
            self.internal_producer.channel = None  # type: ignore[assignment]
        for producer in self.get_producers():
            producer.channel = None  # type: ignore[assignment]


def _release_senders(consumer: Consumer, error: ChannelError | None = None) -> None:
    if isinstance(consumer.queue, Mailbox):
        consumer.queue.release_putters(error)
