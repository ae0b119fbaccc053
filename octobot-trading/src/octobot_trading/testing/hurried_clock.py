# SPDX-License-Identifier: Apache-2.0
"""A clock on which waiting takes no time."""

from __future__ import annotations

import asyncio

from octobot_commons.clock import SimulatedClock


class HurriedClock(SimulatedClock):
    """Moves on by itself to whatever is waited for; ``waits`` are the seconds that were."""

    def __init__(self, start_time: float = 0.0) -> None:
        super().__init__(start_time)
        self.waits: list[float] = []

    async def sleep_until(self, when: float) -> None:
        self.waits.append(when - self.time)
        self.advance_to(max(when, self.time))
        await asyncio.sleep(0)
