# SPDX-License-Identifier: Apache-2.0
"""A feed's recorded twin: tells in a backtest what the feed told then."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

from octobot_commons.services.feed_event import FeedEvent
from octobot_commons.services.feed_file import RecordedEvents
from octobot_commons.services.feed_outlet import FeedOutlet

#: Events read at a time.
_PART = 1_000


class RecordedFeed:
    """Stored events on their way to the listeners of a feed, read in parts. Whoever replays moves the clock.

    ``events`` are those in hand, in the order in which they became known.
    """

    def __init__(self, outlet: FeedOutlet, store: RecordedEvents, end_time: float = math.inf) -> None:
        self.outlet = outlet
        self.events: list[FeedEvent] = []
        #: Every event with a time before this one has been read.
        self.known_until = -math.inf
        self._store = store
        self._end_time = end_time
        self._unread: Iterator[FeedEvent] = iter(())

    def begin(self, start_time: float | None) -> None:
        """Begin to read. What was known before the start is remembered and told to nobody.

        Raises:
            DataError: the store is damaged.
        """
        if start_time is not None:
            for event in self._store.last_before(self.outlet.name, start_time, self.outlet.capacity):
                self.outlet.remember(event)
        self._unread = self._store.read(self.outlet.name, start_time, self._end_time)

    def read_beyond(self, time: float) -> None:
        """Read until everything up to ``time`` is in hand.

        Raises:
            DataError: the store is damaged.
        """
        while self.known_until <= time:
            part = list(islice(self._unread, _PART))
            self.events += part
            self.known_until = part[-1].time if len(part) == _PART else math.inf

    def drop(self, count: int) -> None:
        """Forget the oldest events in hand."""
        del self.events[:count]

    async def tell(self, index: int) -> None:
        """Tell the listeners of an event in hand; it is its time."""
        event = self.events[index]
        await self.outlet.tell(event.data, event.key)
