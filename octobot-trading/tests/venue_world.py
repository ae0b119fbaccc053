# SPDX-License-Identifier: Apache-2.0
"""A local server that speaks Binance's protocol, and connections to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np

from octobot_commons.clock import SimulatedClock
from octobot_trading.exchanges.ccxt.connection import CcxtConnection
from octobot_trading.exchanges.ccxt.settings import ConnectionSettings
from octobot_trading.history import CandleSeries, series_from_arrays
from octobot_trading.testing.binance import BinanceServer

NOW = 1_735_689_600.0
_IDLE_TURNS = 20


class VenueWorld:
    """A server whose clock may differ from the client's."""

    def __init__(self, server: BinanceServer, clock: SimulatedClock, server_clock: SimulatedClock) -> None:
        self.server, self.clock, self.server_clock = server, clock, server_clock
        self._under_way = 0

    async def open(self, symbols: list[str] | None = None, **settings: Any) -> CcxtConnection:
        """A connection of a client."""
        settings = {"exchange_name": "binance", "streams": False, **settings}
        connection = CcxtConnection(ConnectionSettings(**settings), self.clock)
        make_api = connection._make_api

        def moved(ccxt: Any) -> Any:
            api = make_api(ccxt)
            api.urls["api"] = {name: self._moved(url) for name, url in api.urls["api"].items()}
            api.fetch = self._counted(api.fetch)
            return api

        connection._make_api = moved  # type: ignore[method-assign]  # the only way to another address
        await connection.open(["BTC/USDT"] if symbols is None else symbols)
        return connection

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for both sides, step by step, with whatever is asked on the way."""
        until = self.clock.now() + seconds
        while True:
            await self.settle()
            next_time = self.clock.next_time
            step = until if next_time is None else min(next_time, until)
            self.server_clock.advance_to(self.server_clock.now() + step - self.clock.now())
            self.clock.advance_to(step)
            if step >= until:
                await self.settle()
                return

    async def settle(self) -> None:
        """Until every request is answered and nobody has anything to do before time passes."""
        idle = 0
        while idle < _IDLE_TURNS:
            await asyncio.sleep(0)
            idle = 0 if self._under_way else idle + 1

    def _counted(self, fetch: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counted(*args: Any, **kwargs: Any) -> Any:
            self._under_way += 1
            try:
                return await fetch(*args, **kwargs)
            finally:
                self._under_way -= 1

        return counted

    def _moved(self, url: Any) -> Any:
        if not isinstance(url, str) or not url.startswith("https://api"):
            return url
        return self.server.url + "/" + url.split("/", 3)[3]


@asynccontextmanager
async def venue_world(
    server_ahead: float = 0.0, series: Iterable[CandleSeries] | None = None
) -> AsyncIterator[VenueWorld]:
    """A world whose server knows a hundred candles before NOW and some after it."""
    clock, server_clock = SimulatedClock(NOW), SimulatedClock(NOW + server_ahead)
    known = [minutes()] if series is None else series
    async with BinanceServer(known, server_clock) as server:
        yield VenueWorld(server, clock, server_clock)


def minutes(first: int = -100, last: int = 60, left_out: Iterable[int] = ()) -> CandleSeries:
    """Candles of a minute, numbered from the one that opens NOW."""
    numbers = np.array([number for number in range(first, last) if number not in set(left_out)], dtype=float)
    prices = 1000 + numbers % 7
    return series_from_arrays(
        NOW + 60 * numbers, prices, prices + 1, prices - 1, prices + 0.5, numbers + 5000, symbol="BTC/USDT",
        time_frame="1m",
    )  # fmt: skip
