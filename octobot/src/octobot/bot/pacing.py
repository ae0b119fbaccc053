# SPDX-License-Identifier: Apache-2.0
"""How fast recorded time passes."""

from __future__ import annotations

import asyncio
import math
from typing import Final

from octobot_commons.clock import Clock

#: At full speed, how often whoever else is in the event loop has its turn, in seconds.
_TURN_SECONDS: Final = 0.02


class Pacing:
    """Lets recorded time pass ``speed`` times as fast as that of ``clock``; infinitely fast by default."""

    def __init__(self, clock: Clock, speed: float = math.inf) -> None:
        if not speed > 0:
            raise ValueError(f"a speed of {speed}")
        self._clock = clock
        self._speed = speed
        self._turn_time = clock.now()
        self._started: tuple[float, float] | None = None
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Wait no more."""
        self._hurry.set()

    async def wait_for(self, time: float) -> None:
        """Return when a recorded time has come."""
        now = self._clock.now()
        if self._started is None:
            self._started = now, time
        started, first_time = self._started
        due_time = started + (time - first_time) / self._speed
        if due_time > now and not self._hurry.is_set():
            handle = self._clock.call_at(due_time, self._wake)
            self._woken = asyncio.get_running_loop().create_future()
            hurried = asyncio.ensure_future(self._hurry.wait())
            try:
                await asyncio.wait((self._woken, hurried), return_when=asyncio.FIRST_COMPLETED)
            finally:
                handle.cancel()
                hurried.cancel()
        elif now - self._turn_time >= _TURN_SECONDS:
            await self._clock.sleep(0)
        else:
            return
        self._turn_time = self._clock.now()

    def _wake(self) -> None:
        if not self._woken.done():
            self._woken.set_result(None)
