# SPDX-License-Identifier: Apache-2.0
"""Makes the plain-Python twins and the world of the tests importable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent / "reference"), str(Path(__file__).parent)]

from evaluator_world import World  # noqa: E402 - found on the path that was just extended


@pytest.fixture
async def make_world():
    """Call it with symbols and time frames; everything is stopped after the test."""
    worlds = []

    async def make(symbols=None, time_frames=("1h",), allowed_delta=0.0):
        world = World(symbols or {"Bitcoin": ["BTC/USDT"]}, list(time_frames), allowed_delta)
        worlds.append(world)
        await world.open()
        return world

    yield make
    for world in worlds:
        await world.close()


@pytest.fixture
async def world(make_world):
    """One symbol on one hour."""
    return await make_world()
