# SPDX-License-Identifier: Apache-2.0
"""Time as an object: the only module that reads the time or sleeps.

Live trading and paper trading run on a ``LiveClock``, backtests and tests on a ``SimulatedClock``.
"""

from __future__ import annotations

import asyncio
import heapq
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from time import time as unix_time
from typing import Protocol, TypeVarTuple

from octobot_commons.errors import ClockError

Ts = TypeVarTuple("Ts")

#: Cancelled heap entries are swept out once there are more of them than this and than live ones.
_MAX_CANCELLED = 64


class Handle(Protocol):
    """A scheduled call."""

    def cancel(self) -> None:
        """Forget the call. Does nothing once it ran or was cancelled."""


class Clock(ABC):
    """Unix time in seconds, and calls and sleepers that wait for it."""

    __slots__ = ()

    #: The same as ``now()``, never to be assigned from outside.
    time: float

    @abstractmethod
    def now(self) -> float:
        """The time, in seconds since 1970-01-01 UTC."""

    @abstractmethod
    def call_at(self, when: float, callback: Callable[[*Ts], object], *args: *Ts) -> Handle:
        """Call ``callback(*args)`` at ``when``, or as soon as possible when that is past."""

    @abstractmethod
    async def sleep_until(self, when: float) -> None:
        """Wait until ``now() >= when``; lets other tasks run even when that is past."""

    async def sleep(self, seconds: float) -> None:
        """Wait for ``seconds``; lets other tasks run even for zero."""
        await self.sleep_until(self.now() + seconds)


class LiveClock(Clock):
    """The machine's clock. Scheduling needs a running event loop."""

    __slots__ = ()

    @property
    def time(self) -> float:  # type: ignore[override]  # read-only
        return unix_time()

    def now(self) -> float:
        return unix_time()

    def call_at(self, when: float, callback: Callable[[*Ts], object], *args: *Ts) -> Handle:
        delay_seconds = max(0.0, _checked(when) - unix_time())
        return asyncio.get_running_loop().call_later(delay_seconds, callback, *args)

    async def sleep_until(self, when: float) -> None:
        await asyncio.sleep(max(0.0, _checked(when) - unix_time()))
        # The loop's timer is monotonic: after the machine's time was set back there is more to wait.
        while (remaining := when - unix_time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(remaining)


class SimulatedClock(Clock):
    """A clock that moves only when told to.

    ``time`` is a plain attribute, for hot loops; only ``advance_to`` may change it.
    """

    __slots__ = ("_arrivals", "_cancelled", "_heap", "_is_advancing", "time")

    def __init__(self, start_time: float = 0.0) -> None:
        self.time = float(_checked(start_time))
        self._heap: list[tuple[float, int, _ScheduledCall]] = []
        self._arrivals = 0
        self._cancelled = 0
        self._is_advancing = False

    def now(self) -> float:
        return self.time

    @property
    def next_time(self) -> float | None:
        """When the next scheduled call or sleeper is due, None when nothing waits."""
        self._drop_cancelled_head()
        return self._heap[0][0] if self._heap else None

    def call_at(self, when: float, callback: Callable[[*Ts], object], *args: *Ts) -> Handle:
        due_time = max(_checked(when), self.time)
        call = _ScheduledCall(self, lambda: callback(*args))
        heapq.heappush(self._heap, (due_time, self._arrivals, call))
        self._arrivals += 1
        return call

    async def sleep_until(self, when: float) -> None:
        if _checked(when) <= self.time:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        handle = self.call_at(when, _wake, woken)
        try:
            await woken
        finally:
            handle.cancel()

    def advance_to(self, when: float) -> None:
        """Move to ``when``, running the due calls in order of (time, arrival), each at its own time.

        Sleepers are woken in the same order but run once the event loop gets control: a driver that wants each of
        them to see its own time advances by ``next_time`` and yields in between.

        When a call raises, the clock stays at that call's time, later calls stay scheduled, and the error goes up.

        Raises:
            ClockError: ``when`` is earlier than now or no finite number, or a running call asked to advance.
        """
        if not self.time <= when < math.inf:
            raise ClockError(f"a simulated clock at {self.time!r} cannot advance to {when!r}")
        if self._heap and self._heap[0][0] <= when:
            self._run_due(when)
        self.time = when

    def _run_due(self, when: float) -> None:
        if self._is_advancing:
            raise ClockError(f"advance_to({when!r}) from inside a scheduled call, while the clock is advancing")
        self._is_advancing = True
        try:
            while self._heap and self._heap[0][0] <= when:
                due_time, _, call = heapq.heappop(self._heap)
                callback = call.take()
                if callback is None:
                    self._cancelled -= 1
                else:
                    self.time = due_time
                    callback()
        finally:
            self._is_advancing = False

    def _drop_cancelled_head(self) -> None:
        while self._heap and self._heap[0][2].callback is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1

    def _note_cancelled(self) -> None:
        self._cancelled += 1
        if self._cancelled > _MAX_CANCELLED and 2 * self._cancelled > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].callback is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0


class _ScheduledCall:
    __slots__ = ("callback", "clock")

    def __init__(self, clock: SimulatedClock, callback: Callable[[], object]) -> None:
        self.clock = clock
        self.callback: Callable[[], object] | None = callback

    def take(self) -> Callable[[], object] | None:
        callback, self.callback = self.callback, None
        return callback

    def cancel(self) -> None:
        if self.take() is not None:
            self.clock._note_cancelled()


def _wake(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)


def _checked(when: float) -> float:
    if not math.isfinite(when):
        raise ClockError(f"{when!r} is no time")
    return when
