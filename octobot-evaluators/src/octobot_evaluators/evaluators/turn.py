# SPDX-License-Identifier: Apache-2.0
"""One evaluation at a time."""

from __future__ import annotations

import asyncio
from collections import deque


class Turn:
    """A lock that costs an attribute read while nobody else wants it; first come, first served.

    ``async with turn`` takes it and gives it back. Where its two calls would be paid for at every candle: take it with
    ``if turn.is_taken: await turn.wait()`` followed by ``turn.is_taken = True``; give it back with ``release()``, or
    without a call by ``is_taken = False`` where nobody is ``waiting``.
    """

    __slots__ = ("is_taken", "waiting")

    def __init__(self) -> None:
        self.is_taken = False
        self.waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if self.is_taken:
            await self.wait()
        self.is_taken = True

    async def __aexit__(self, *_: object) -> None:
        self.release()

    async def wait(self) -> None:
        """Return when the turn was handed over."""
        ticket: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Hand the turn over to who waited longest."""
        while self.waiting:
            ticket = self.waiting.popleft()
            if not ticket.done():
                ticket.set_result(None)
                return
        self.is_taken = False
