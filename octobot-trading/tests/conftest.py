# SPDX-License-Identifier: Apache-2.0
"""Makes the plain-Python twins and the small exchange of the tests importable."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot_trading.protections import Protection, StateStore

sys.path[:0] = [str(Path(__file__).parent / "reference"), str(Path(__file__).parent)]

from market_world import MarketWorld  # noqa: E402
from trading_world import FREE, MakeWorld, TradingWorld  # noqa: E402 - found on the path that was just extended


@pytest.fixture
async def trading() -> AsyncIterator[TradingWorld]:
    """A started exchange at 1,000 USDT a coin, with 10,000 USDT and 2 BTC."""
    made = TradingWorld()
    await made.manager.initialize("the matrix")
    made.candle(1000, 1000, 1000, 1000)
    yield made
    await made.manager.stop()


@pytest.fixture
async def protected() -> AsyncIterator[MakeWorld]:
    """``await protected(protection, ..., store=..., **options of TradingWorld)``: no fees, 1,000 USDT a coin."""
    async with AsyncExitStack() as stack:

        async def make(*protections: Protection, store: StateStore | None = None, **options: Any) -> TradingWorld:
            world = TradingWorld(**{"funds": {"USDT": Decimal(10_000)}, "fees": FREE, **options})
            world.manager.protections.use(protections, store)
            await world.manager.initialize()
            stack.push_async_callback(world.manager.stop)
            world.candle(1000, 1000, 1000, 1000)
            return world

        yield make


@pytest.fixture
async def market() -> AsyncIterator[MarketWorld]:
    """A started exchange of two pairs at second 1,000, about which nothing is known yet."""
    made = MarketWorld()
    await made.manager.initialize()
    yield made
    await made.manager.stop()
