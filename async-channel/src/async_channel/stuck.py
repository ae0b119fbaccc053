# SPDX-License-Identifier: Apache-2.0
"""Noticing that a callback, in synchronized mode, waits for what cannot come."""

from __future__ import annotations

import asyncio
import reprlib
import threading
from collections.abc import Coroutine
from typing import Any, Self

from async_channel.errors import StuckConsumerError
from async_channel.util.logging_util import get_logger


class StuckWatch:
    """While entered, cancels the present task once nothing else is left to run on its event loop.

    `error` is the StuckConsumerError then. Where only another thread or a file descriptor could still bring the end, a
    warning tells who waits.
    """

    def __init__(self, consumer: Any, message: Any, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.error: StuckConsumerError | None = None
        self._consumer = consumer
        self._message = message
        self._coroutine = coroutine
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._cancellations = 0 if self._task is None else self._task.cancelling()
        self._next_look: asyncio.Handle | None = None

    def __enter__(self) -> Self:
        # A loop that does not show what it has left cannot be watched.
        if hasattr(self._loop, "_ready") and hasattr(self._loop, "_scheduled"):
            self._next_look = self._loop.call_soon(self._look)
        return self

    def __exit__(self, *_: object) -> None:
        if self._next_look is not None:
            self._next_look.cancel()

    def instead_of(self, error: BaseException) -> BaseException:
        """What the callback gets for that error: its own one for the cancellation that this watch asked for."""
        if self.error is None or not isinstance(error, asyncio.CancelledError) or self._task is None:
            return error
        # Somebody else's cancellation came as well: that one counts.
        return self.error if self._task.uncancel() <= self._cancellations else error

    def _look(self) -> None:
        loop: Any = self._loop
        timers = [handle for handle in loop._scheduled if not handle.cancelled()]
        if loop._ready:
            self._next_look = loop.call_soon(self._look)
        elif timers:
            self._next_look = loop.call_at(min(timers).when(), self._look)
        elif self._is_waiting_for_others():
            get_logger("SynchronizedDispatcher").warning(
                "%r waits in %s: only another thread or connection can end that", self._consumer, self._where()
            )
        elif self._task is not None:
            self.error = StuckConsumerError(
                self._consumer,
                f"waits in {self._where()} since it got message {reprlib.repr(self._message)}, "
                "and nothing else is left to run that could end this",
            )
            self._task.cancel()

    def _is_waiting_for_others(self) -> bool:
        if threading.active_count() > 1:
            return True
        selector = getattr(self._loop, "_selector", None)
        # One file descriptor is the loop's own, for being woken by threads.
        return selector is None or len(selector.get_map()) > 1

    def _where(self) -> str:
        """The lines that wait, from the callback inwards."""
        places: list[str] = []
        awaiting: Any = self._coroutine
        while (frame := getattr(awaiting, "cr_frame", None)) is not None:
            places.append(f"{awaiting.__qualname__} ({frame.f_code.co_filename}, line {frame.f_lineno})")
            awaiting = awaiting.cr_await
        return " → ".join(places)
