# SPDX-License-Identifier: Apache-2.0
"""The topics that a channel remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from async_channel._engine import Router
from async_channel.topic import Topic

MAX_REMEMBERED_TOPICS = 8192


class Topics:
    """One Topic for the same filters, made by `choose`; at most MAX_REMEMBERED_TOPICS are remembered."""

    def __init__(self, router: Router, choose: Callable[[dict[str, Any]], Iterable[Any]]) -> None:
        self._router = router
        self._choose = choose
        self._topics: dict[frozenset[tuple[str, Any]], Topic] = {}
        self._unhashable: list[Topic] = []

    def of(self, filters: dict[str, Any]) -> Topic:
        """The topic of these filters."""
        try:
            key = frozenset(filters.items())
            topic = self._topics.get(key)
        except TypeError:
            return self._of_unhashable(filters)
        if topic is None:
            if len(self._topics) >= MAX_REMEMBERED_TOPICS:
                del self._topics[next(iter(self._topics))]
            topic = self._topics[key] = self._new(filters)
        return topic

    def __len__(self) -> int:
        return len(self._topics) + len(self._unhashable)

    def forget_consumers(self) -> None:
        """Keep no consumer alive that was chosen before."""
        for topic in (*self._topics.values(), *self._unhashable):
            topic.forget()

    def _of_unhashable(self, filters: dict[str, Any]) -> Topic:
        for topic in self._unhashable:
            if topic.filters == filters:
                return topic
        if len(self._unhashable) >= MAX_REMEMBERED_TOPICS:
            del self._unhashable[0]
        self._unhashable.append(self._new(filters))
        return self._unhashable[-1]

    def _new(self, filters: dict[str, Any]) -> Topic:
        return Topic(self._router, self._choose, dict(filters))
