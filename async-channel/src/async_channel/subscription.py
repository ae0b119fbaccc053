# SPDX-License-Identifier: Apache-2.0
"""Receiving messages in a loop instead of a callback."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from async_channel.consumer import Consumer
from async_channel.errors import ChannelClosedError
from async_channel.mailbox import Mailbox
from async_channel.overflow import Overflow

if TYPE_CHECKING:
    from async_channel.channels.channel import Channel

MessageT = TypeVar("MessageT")


class Subscription(Consumer, Generic[MessageT]):
    """Made by Channel.subscribe(): a consumer that hands its messages, in order, to whoever iterates over it.

    ``async for message in channel.subscribe(…)`` ends its subscription when the loop is left, however it is left;
    ``async with channel.subscribe(…) as messages`` ends it with the block. Messages sent from subscribe() on are
    received. Once the channel is stopped or closed, what waits is still received and the loop ends; if a consumer's
    failure stopped the channel, the loop raises that ConsumerFailedError then.
    """

    def __init__(self, channel: Channel[MessageT], size: int, priority_level: int, overflow: Overflow) -> None:
        super().__init__(None, priority_level=priority_level)
        self.queue = self._waiting = Mailbox(size, overflow)
        self._subscribed = channel
        # Producers know that somebody listens, which subscribe() could not wait for.
        self._is_announced = False
        self._is_held = False

    def create_task(self) -> None:
        """Nothing: the task that iterates receives."""

    async def stop(self) -> None:
        """Receive nothing more than what waits already."""
        self.should_stop = True
        self._waiting.wake_getters()
        self._waiting.wake_joiners()

    async def close(self) -> None:
        """Leave the channel; what waits is dropped."""
        await self._subscribed.remove_consumer(self)
        await self.stop()
        self._waiting.clear()

    async def receive(self) -> MessageT:
        """The next message; ChannelClosedError when none is left and none can come."""
        await self._announce()
        while self._waiting.empty():
            if self.should_stop:
                failure = self._subscribed.failure
                if failure is not None:
                    raise failure.again()
                raise ChannelClosedError(f"{self!r} has ended")
            await self._waiting.wait()
        return self.receive_nowait()

    def receive_nowait(self) -> MessageT:
        """The next message; asyncio.QueueEmpty when none waits."""
        message: MessageT = self._waiting.get_nowait()
        self.begins()
        self._waiting.task_done()
        return message

    async def _announce(self) -> None:
        if not self._is_announced:
            self._is_announced = True
            await self._subscribed.update_producers_state()

    async def __aenter__(self) -> Self:
        self._is_held = True
        await self._announce()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def __aiter__(self) -> AsyncGenerator[MessageT]:
        try:
            while True:
                try:
                    message = await self.receive()
                except ChannelClosedError:
                    return
                yield message
        finally:
            if not self._is_held:
                await self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} to {self._subscribed.get_name()!r}, priority {self.priority_level}>"
