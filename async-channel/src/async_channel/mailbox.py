# SPDX-License-Identifier: Apache-2.0
"""The queue of one consumer."""

import asyncio
from typing import Any

from async_channel._engine import MailboxCore
from async_channel.errors import StuckConsumerError


class Mailbox(MailboxCore):
    """A FIFO with asyncio.Queue's interface; `maxsize` 0 is unlimited, `overflow` says what happens when it is full.

    put_nowait raises asyncio.QueueFull, get_nowait asyncio.QueueEmpty, task_done ValueError when called too often.
    `high_water` is the most that ever waited, `dropped` what the overflow policy threw away.
    """

    __slots__ = ("__weakref__",)

    async def put(self, item: Any) -> None:
        """Append the item, waiting for room if the policy is to block: first come, first served.

        Not appended when the consumer leaves its channel meanwhile. StuckConsumerError in the callback of the very
        consumer whose queue this is.
        """
        if not self._must_wait():
            self.put_nowait(item)
            return
        owner = self.owner
        if owner is not None and getattr(owner, "consume_task", None) is asyncio.current_task():
            raise StuckConsumerError(owner, "would wait for room in its own queue, which nobody else can make")
        future = self._wait_for_room(asyncio.get_running_loop().create_future())
        try:
            has_room = await future
        except BaseException:
            self._putter_left(future)
            raise
        if has_room:
            self._use_room(item)

    async def get(self) -> Any:
        """Take the oldest item, waiting for one."""
        while self.empty():
            await self.wait()
        return self.get_nowait()

    async def wait(self) -> None:
        """Wait until an item may have come, or wake_getters() was called."""
        future = self._wait_for_item(asyncio.get_running_loop().create_future())
        try:
            await future
        except BaseException:
            self._getter_cancelled(future)
            raise

    async def join(self) -> None:
        """Wait until task_done() was called for every item put, or the consumer was stopped."""
        if self.unfinished:
            future = self._wait_for_end(asyncio.get_running_loop().create_future())
            try:
                await future
            finally:
                self._joiner_left(future)

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} maxsize={self.maxsize} {self.overflow} "
            f"size={self.qsize()} unfinished={self.unfinished}>"
        )
