# SPDX-License-Identifier: Apache-2.0
"""Consumers: one queue, one callback, and one task unless synchronized."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from async_channel._engine import ConsumerCore
from async_channel.constants import DEFAULT_QUEUE_SIZE
from async_channel.enums import ChannelConsumerPriorityLevels, FailurePolicy
from async_channel.errors import ConsumerFailedError
from async_channel.live import serve
from async_channel.mailbox import Mailbox
from async_channel.overflow import Overflow
from async_channel.tasks import end_task
from async_channel.util.logging_util import get_logger

if TYPE_CHECKING:
    from async_channel.channels.channel import Channel

Callback = Callable[..., Awaitable[Any]]


class Consumer(ConsumerCore):
    """Calls `callback(**message)` for each message of its queue, or `callback(message)` when that is not a dict.

    One at a time, in the order in which they were sent. `failures` counts the callbacks that raised, `on_failure` says
    what happens then besides logging it.
    """

    # The channel that it was last added to.
    _channel: Channel[Any] | None = None

    def __init__(
        self,
        callback: Callback | None,
        size: int = DEFAULT_QUEUE_SIZE,
        priority_level: int = ChannelConsumerPriorityLevels.HIGH,
        *,
        overflow: Overflow = Overflow.BLOCK,
        on_failure: FailurePolicy = FailurePolicy.LOG,
    ) -> None:
        self.logger = get_logger(type(self).__name__)
        self.queue = Mailbox(size, overflow)
        self.on_failure = on_failure
        self.callback = callback
        self.priority_level = priority_level
        self.should_stop = False
        self.consume_task: asyncio.Task[None] | None = None
        self.failures = 0
        cls = type(self)
        if cls.perform is not Consumer.perform or cls.consume_ends is not Consumer.consume_ends:
            self.overridden = True

    def added_to(self, channel: Channel[Any]) -> None:
        """Called when a channel adds it: what its failures name."""
        self._channel = channel

    async def consume(self) -> None:
        """Handle messages until stopped, in the task that awaits this. Override it to receive in another way."""
        while not self.should_stop:
            queue = self.queue
            await self.handle_counted(await queue.get() if queue.empty() else queue.get_nowait())

    async def handle_counted(self, message: Any) -> None:
        """handle(), noted in the statistics: what to call when the message does not come from an engine."""
        started = self.begins()
        try:
            await self.handle(message)
        finally:
            self.ended(started)

    async def handle(self, message: Any) -> None:
        """perform() then consume_ends(), whatever happens; fail() when one of them raises."""
        try:
            try:
                await self.perform(message)
            finally:
                await self.consume_ends()
        except Exception as error:  # noqa: BLE001 logged and counted, what follows is the policy's choice
            await self.fail(error, message)

    async def perform(self, kwargs: Any) -> None:
        """Call the callback with one message."""
        if isinstance(kwargs, dict):
            await self.callback(**kwargs)
        else:
            await self.callback(kwargs)

    async def consume_ends(self) -> None:
        """Called after each message, handled or failed."""
        self.queue.task_done()

    def failed(self, error: Exception, message: Any) -> None:
        """Log and count what the callback raised; the log record has `channel`, `consumer` and `channel_message`."""
        self.failures += 1
        failure = ConsumerFailedError(self._channel, self, message)
        # exc_info rather than Logger.exception(): loggers exist whose exception() takes the exception first.
        self.logger.error(
            "%s: %r",
            failure,
            error,
            exc_info=error,
            extra={"channel": self._channel, "consumer": self, "channel_message": message},
        )

    async def fail(self, error: Exception, message: Any) -> None:
        """What is done when the callback raised: failed(), then what `on_failure` says."""
        ending = self.after_failure(error, message)
        if ending is not None:
            await ending

    def after_failure(self, error: Exception, message: Any) -> Coroutine[Any, Any, None] | None:
        """failed(), and what is still to be awaited of fail(), if anything."""
        self.failed(error, message)
        if self.on_failure == FailurePolicy.LOG:
            return None
        # From here on nothing more is delivered.
        self.should_stop = True
        return self._end_after_failure(error, message)

    async def _end_after_failure(self, error: Exception, message: Any) -> None:
        channel = self._channel
        try:
            if channel is None:
                await self.stop()
            elif self.on_failure == FailurePolicy.STOP_CHANNEL:
                failure = ConsumerFailedError(channel, self, message)
                failure.__cause__ = error
                await channel.stop_after(failure)
            else:
                await channel.remove_consumer(self)
        except Exception as another:
            self.logger.error("%r could not be ended: %r", self, another, exc_info=another)

    async def start(self) -> None:
        """Be ready to handle messages."""
        self.should_stop = False

    async def stop(self) -> None:
        """Handle no further message: the task is cancelled and has ended when this returns.

        Called from its own callback it ends after that callback instead. Messages left stay in the queue.
        """
        self.should_stop = True
        if isinstance(self.queue, Mailbox):
            self.queue.wake_joiners()
        await end_task(self.consume_task, self.logger)

    def create_task(self) -> None:
        """Create the task that consumes: an overridden consume(), else what serves the event loop's engine."""
        is_own = type(self).consume is Consumer.consume and "consume" not in self.__dict__
        is_served = is_own and self.can_be_served and type(self.queue).get is Mailbox.get
        work = serve(self) if is_served else self.consume()
        self.consume_task = asyncio.create_task(work, name=f"{type(self).__name__}.consume")

    async def run(self, with_task: bool = True) -> None:
        """Start, with a task of its own unless something else, such as a dispatcher, delivers."""
        await self.start()
        if with_task and (self.consume_task is None or self.consume_task.done()):
            self.create_task()

    async def join(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 promised signature
        """Wait for the running callback: for supervised consumers only, else return at once."""

    async def join_queue(self) -> None:
        """Wait for the whole queue: for supervised consumers only, else return at once."""

    def __repr__(self) -> str:
        callback = getattr(self.callback, "__qualname__", self.callback)
        channel = "" if self._channel is None else f"{self._channel.get_name()!r}, "
        return f"<{type(self).__name__} of {channel}{callback}, priority {self.priority_level}>"


class InternalConsumer(Consumer):
    """A consumer that is its own callback: override internal_callback."""

    def __init__(
        self, size: int = DEFAULT_QUEUE_SIZE, priority_level: int = ChannelConsumerPriorityLevels.HIGH
    ) -> None:
        super().__init__(None, size=size, priority_level=priority_level)
        self.callback = self.internal_callback

    async def internal_callback(self, **kwargs: Any) -> None:
        """Handle one message."""
        raise NotImplementedError(f"{type(self).__name__}.internal_callback is not implemented")


class SupervisedConsumer(Consumer):
    """A consumer that can be waited for; `idle` is set while no callback runs."""

    def __init__(
        self,
        callback: Callback | None,
        size: int = DEFAULT_QUEUE_SIZE,
        priority_level: int = ChannelConsumerPriorityLevels.HIGH,
    ) -> None:
        super().__init__(callback, size=size, priority_level=priority_level)
        self.idle = asyncio.Event()
        self.idle.set()

    async def perform(self, kwargs: dict[str, Any]) -> None:
        self.idle.clear()
        await super().perform(kwargs)

    async def consume_ends(self) -> None:
        await super().consume_ends()
        self.idle.set()

    async def join(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 promised signature
        """Wait until no callback runs; asyncio.TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            await self.idle.wait()

    async def join_queue(self) -> None:
        """Wait until every message put so far and meanwhile is handled, or the consumer is stopped."""
        if not self.should_stop:
            await self.queue.join()
