# SPDX-License-Identifier: Apache-2.0
"""The queue of one consumer."""

import asyncio
from typing import Any

from async_channel._core import MailboxCore


class Mailbox(MailboxCore):
    """A FIFO with asyncio.Queue's interface; `maxsize` 0 is unlimited.

    put_nowait raises asyncio.QueueFull, get_nowait asyncio.QueueEmpty, task_done ValueError when called too often.
    """

    __slots__ = ("__weakref__",)

    async def put(self, item: Any) -> None:
        """Append the item, waiting for room."""
        while self.full():
            future = self._wait_for_room(asyncio.get_running_loop().create_future())
            try:
                await future
            except BaseException:
                self._putter_cancelled(future)
                raise
        self.put_nowait(item)

    async def get(self) -> Any:
        """Take the oldest item, waiting for one."""
        while self.empty():
            future = self._wait_for_item(asyncio.get_running_loop().create_future())
            try:
                await future
            except BaseException:
                self._getter_cancelled(future)
                raise
        return self.get_nowait()

    async def join(self) -> None:
        """Wait until task_done() was called for every item put, or the consumer was stopped."""
        if self.unfinished:
            future = self._wait_for_end(asyncio.get_running_loop().create_future())
            try:
                await future
            finally:
                self._joiner_left(future)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} maxsize={self.maxsize} size={self.qsize()} unfinished={self.unfinished}>"
