# SPDX-License-Identifier: Apache-2.0
"""Binance on loopback, with unmodified clients of ccxt at its real URLs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, NamedTuple

from octobot_commons.clock import SimulatedClock

NOW = 1_735_689_600.0


class World(NamedTuple):
    """A server, one account of it, and clients."""

    server: Any
    account: Any
    #: ccxt.pro, which is ccxt.async_support with websockets.
    client: Any
    clock: SimulatedClock

    def trade(self, price: Any, quantity: Any = 10) -> None:
        """Somebody trades."""
        self.server.venue.trade("BTC/USDT", Decimal(str(price)), Decimal(str(quantity)))

    def book(self, bids: dict[Any, Any], asks: dict[Any, Any]) -> None:
        """The order book is now so."""
        sides = [{Decimal(str(price)): Decimal(str(amount)) for price, amount in side.items()} for side in (bids, asks)]
        self.server.venue.book("BTC/USDT", *sides)


@asynccontextmanager
async def client_of(server: Any, clock: SimulatedClock, **settings: Any) -> AsyncIterator[Any]:
    """A client that shares the server's clock, as a signed request must come within seconds."""
    import ccxt.pro

    from octobot_trading.testing.loopback import loopback_session

    async with loopback_session(server) as session:
        options = {"fetchMarkets": {"types": ["spot"]}, "fetchMargins": False, "fetchCurrencies": False}
        options["warnOnFetchOpenOrdersWithoutSymbol"] = False
        client = ccxt.pro.binance(
            {
                "apiKey": "key", "secret": "secret", "session": session, "enableRateLimit": False, "options": options,
                "milliseconds": lambda: round(clock.now() * 1000), "timeout_on_exit": 0, **settings,
            }
        )  # fmt: skip
        try:
            yield client
        finally:
            await client.close()
