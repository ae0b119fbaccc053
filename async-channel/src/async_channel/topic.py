# SPDX-License-Identifier: Apache-2.0
"""A route: the consumers of a channel that match given filters."""

from typing import Any

from async_channel._engine import TopicCore
from async_channel.resume import let_others_go_on


async def wait_for_room(full: list[Any], data: Any) -> None:
    """What is left of sending data once TopicCore.deliver() has returned these queues."""
    for queue in full:
        await queue.put(data)
    if not full:
        await let_others_go_on()


class Topic(TopicCore):
    """Made by Channel.topic(). False when nobody listens, so that a producer can skip building a payload."""

    __slots__ = ()

    async def send(self, data: Any) -> None:
        """Append data to every consumer's queue; those that are full are waited for, after the others have it."""
        full = self.deliver(data)
        if full is not None:
            await wait_for_room(full, data)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.filters} consumers={len(self.consumers)}>"
