# SPDX-License-Identifier: Apache-2.0
"""How the consumers of a channel are doing."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from async_channel.consumer import Consumer
from async_channel.mailbox import Mailbox


class CallbackTimes(NamedTuple):
    """How long callbacks took, from their call to their end, waiting included: the first and each 16th is timed.

    `counts[i]` of them took less than `2 ** i` microseconds and not less than half of that; the last also counts what
    took longer.
    """

    counts: tuple[int, ...]

    @property
    def timed(self) -> int:
        """How many callbacks were timed."""
        return sum(self.counts)

    def quantile(self, fraction: float) -> float | None:
        """Seconds within which this fraction (0 to 1) of them ended, at most twice too many; None before any."""
        if not 0 <= fraction <= 1:
            raise ValueError(f"a fraction lies between 0 and 1, not {fraction}")
        remaining = fraction * self.timed
        for index, count in enumerate(self.counts):
            remaining -= count
            if count and remaining <= 0:
                return 2.0**index / 1e6
        return None


class ConsumerStatistics(NamedTuple):
    """One consumer. `depth` messages wait, `high_water` is the most that ever did, `size` (0: unlimited) the most that
    may.

    `delivered` counts the messages given to the callback, `failed` those of them at which it raised, `dropped` those
    that the overflow policy threw away. `last_delivery_time` is in seconds of Unix time, exact to half a millisecond,
    or None.
    """

    consumer: str
    filters: dict[str, Any]
    priority_level: int
    size: int
    depth: int
    high_water: int
    delivered: int
    failed: int
    dropped: int
    last_delivery_time: float | None
    callback_times: CallbackTimes


class ChannelStatistics(NamedTuple):
    """One channel and its consumers, in order of registration."""

    channel: str
    is_paused: bool
    producers: int
    consumers: tuple[ConsumerStatistics, ...]

    @property
    def depth(self) -> int:
        """Messages that wait, of all consumers."""
        return sum(consumer.depth for consumer in self.consumers)

    @property
    def delivered(self) -> int:
        """Messages given to callbacks, of all consumers."""
        return sum(consumer.delivered for consumer in self.consumers)

    @property
    def failed(self) -> int:
        """Callbacks that raised, of all consumers."""
        return sum(consumer.failed for consumer in self.consumers)

    @property
    def dropped(self) -> int:
        """Messages that overflow policies threw away, of all consumers."""
        return sum(consumer.dropped for consumer in self.consumers)


def consumer_statistics(consumer: Consumer, filters: dict[str, Any]) -> ConsumerStatistics:
    """What is known of a consumer. A queue that is no Mailbox counts neither its high water nor what it drops."""
    queue = consumer.queue
    is_mailbox = isinstance(queue, Mailbox)
    last = consumer.last_delivery
    return ConsumerStatistics(
        consumer=repr(consumer),
        filters=filters,
        priority_level=consumer.priority_level,
        size=queue.maxsize,
        depth=queue.qsize(),
        high_water=queue.high_water if is_mailbox else 0,
        delivered=consumer.delivered,
        failed=consumer.failures,
        dropped=queue.dropped if is_mailbox else 0,
        last_delivery_time=time.time() - (time.perf_counter() - last) if last else None,
        callback_times=CallbackTimes(consumer.sampled_times),
    )
