# SPDX-License-Identifier: Apache-2.0
"""Recorded time passes as fast as it is told to, and whoever else is in the event loop has its turn."""

from __future__ import annotations

import asyncio

import pytest

from octobot.bot.pacing import Pacing
from octobot_commons.clock import SimulatedClock


async def _turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_time_passes_at_the_speed_that_was_asked_for() -> None:
    clock = SimulatedClock(1000.0)
    pacing = Pacing(clock, 3600.0)
    came: list[float] = []

    async def replay() -> None:
        for hour in range(4):
            await pacing.wait_for(3600.0 * hour)
            came.append(clock.now())

    task = asyncio.create_task(replay())
    for _ in range(3):
        await _turns()
        assert clock.next_time is not None
        clock.advance_to(clock.next_time)
    await task
    assert came == [1000.0, 1001.0, 1002.0, 1003.0]


async def test_hurrying_ends_the_wait() -> None:
    clock = SimulatedClock(0.0)
    pacing = Pacing(clock, 1.0)
    await pacing.wait_for(0.0)
    waiting = asyncio.create_task(pacing.wait_for(86_400.0))
    await _turns()
    assert not waiting.done()
    pacing.hurry()
    await waiting
    await pacing.wait_for(2 * 86_400.0)
    assert clock.now() == 0.0
    assert clock.next_time is None


async def test_at_full_speed_others_have_their_turn_now_and_then() -> None:
    clock = SimulatedClock(0.0)
    pacing = Pacing(clock)
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    for step in range(1000):
        clock.advance_to(0.001 * step)
        await pacing.wait_for(60.0 * step)
    task.cancel()
    assert 40 <= turns <= 60


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        Pacing(SimulatedClock(), speed)
