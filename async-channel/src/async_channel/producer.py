# SPDX-License-Identifier: Apache-2.0
"""Producers: what sends on a channel."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from async_channel.tasks import end_task
from async_channel.topic import wait_for_room
from async_channel.util.logging_util import get_logger

if TYPE_CHECKING:
    from async_channel.channels.channel import Channel
    from async_channel.consumer import Consumer


class Producer:
    """Sends messages to the consumers of a channel.

    Override `start` (what its own task runs), `push`, `perform`, `modify`, `pause` and `resume` as needed.
    `is_running` is False before run(), while the channel has no consumer that matters, and after stop().
    """

    def __init__(self, channel: Channel) -> None:
        self.logger = get_logger(type(self).__name__)
        self.channel = channel
        self.produce_task: asyncio.Task[None] | None = None
        self.should_stop = False
        self.is_running = False

    async def send(self, data: dict[str, Any]) -> None:
        """Append data to the queue of every consumer of the channel, waiting for room where it is full."""
        full = self.channel.route_to_all().deliver(data)
        if full is not None:
            await wait_for_room(full, data)

    async def push(self, **kwargs: Any) -> None:
        """Something new is to be sent, if the producer finds it worth sending."""

    async def start(self) -> None:
        """What the producer's task runs: nothing for producers that are only pushed to."""

    async def pause(self) -> None:
        """Nobody who matters listens any more."""
        self.is_running = False

    async def resume(self) -> None:
        """Somebody listens again."""
        self.is_running = True

    async def perform(self, **kwargs: Any) -> None:
        """Produce once, on demand."""

    async def modify(self, **kwargs: Any) -> None:
        """Change what is produced."""

    async def wait_for_processing(self) -> None:
        """Wait until the supervised consumers have handled their whole queue."""
        await asyncio.gather(*(consumer.join_queue() for consumer in self.channel.get_consumers()))

    async def synchronized_perform_consumers_queue(
        self,
        priority_level: int,
        join_consumers: bool = True,
        timeout: float | None = None,  # noqa: ASYNC109 promised signature
    ) -> None:
        """Handle, here and now, every waiting message of the consumers with at most this priority level.

        Lower levels first, then order of registration. With join_consumers each consumer is then joined with `timeout`.
        """
        consumers: list[Consumer] = self.channel.get_prioritized_consumers(priority_level)
        for consumer in sorted(consumers, key=lambda consumer: consumer.priority_level):
            while not (consumer.queue.empty() or consumer.should_stop):
                await consumer.handle_counted(consumer.queue.get_nowait())
            if join_consumers:
                await consumer.join(timeout)

    def is_consumers_queue_empty(self, priority_level: int) -> bool:
        """Whether no consumer with at most this priority level has a message waiting."""
        return all(consumer.queue.empty() for consumer in self.channel.get_prioritized_consumers(priority_level))

    async def stop(self) -> None:
        """Produce no more: the task is cancelled and has ended when this returns (unless called from that task)."""
        self.should_stop = True
        self.is_running = False
        await end_task(self.produce_task, self.logger)

    def create_task(self) -> None:
        """Create the task that produces."""
        self.produce_task = asyncio.create_task(self.start(), name=f"{type(self).__name__}.start")

    async def run(self) -> None:
        """Register with the channel and, unless it is synchronized, start the producer's task."""
        self.should_stop = False
        self.is_running = True
        await self.channel.register_producer(self)
        if not self.channel.is_synchronized and (self.produce_task is None or self.produce_task.done()):
            self.create_task()
