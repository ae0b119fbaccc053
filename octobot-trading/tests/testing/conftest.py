# SPDX-License-Identifier: Apache-2.0
"""Binance on loopback, with unmodified clients of ccxt at its real URLs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from decimal import localcontext
from typing import Any

import pytest
from binance_world import NOW, World, client_of

from octobot_commons.clock import SimulatedClock


@pytest.fixture(autouse=True)
def own_decimal_context() -> Iterator[None]:
    """ccxt sets the rounding and the traps of whatever context it is called in."""
    with localcontext():
        yield


@pytest.fixture(scope="session")
def authority() -> Any:
    pytest.importorskip("aiohttp", reason="pip install octobot-trading[ccxt]")
    pytest.importorskip("cryptography", reason="pip install octobot-trading[ccxt]")
    from octobot_trading.testing.loopback import LocalAuthority

    return LocalAuthority()


@pytest.fixture
async def world(authority: Any) -> AsyncIterator[World]:
    pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")
    from octobot_trading.testing.binance import ApiKey, BinanceServer
    from octobot_trading.testing.binance.markets import usual_market

    clock = SimulatedClock(NOW)
    markets = [usual_market("BTC", "USDT"), usual_market("ETH", "USDT")]
    async with BinanceServer([], clock, markets=markets, authority=authority) as server:
        account = server.add_account(ApiKey("key", "secret"), {"BTC": 10, "USDT": 100_000})
        async with client_of(server, clock) as client:
            yield World(server, account, client, clock)
