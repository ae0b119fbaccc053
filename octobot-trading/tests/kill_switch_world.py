# SPDX-License-Identifier: Apache-2.0
"""An account on an exchange that fails as it is told to, and its kill switch."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from trading_world import FREE, SYMBOL, order_request

from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import OrderType
from octobot_trading.exchanges.exchange import ListedOrder
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.kill_switch import KillSwitch, clearing
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance

T = TypeVar("T")
PAIRS = {"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/BTC"]}
_ids = itertools.count()


class Crash(BaseException):
    """The process ends here."""


class FaultyExchange(SimulatedExchange):
    """Before and after each request ``step`` is called with its name and whether it was done."""

    step: Callable[[str, bool], Coroutine[Any, Any, None]] | None = None

    async def _do(self, name: str, request: Coroutine[Any, Any, T]) -> T:
        try:
            if self.step is not None:
                await self.step(name, False)
            answer = await request
            if self.step is not None:
                await self.step(name, True)
            return answer
        finally:
            request.close()

    async def fetch_open_orders(self) -> list[ListedOrder]:
        return await self._do("list", super().fetch_open_orders())

    async def fetch_balance(self) -> dict[str, Balance]:
        return await self._do("balance", super().fetch_balance())

    async def create_order(self, request: OrderRequest) -> str:
        return await self._do("create", super().create_order(request))

    async def cancel_order(self, order_id: str) -> bool:
        return await self._do("cancel", super().cancel_order(order_id))


async def never() -> None:
    """No answer comes."""
    await asyncio.Event().wait()


class KillWorld:
    """A bot with two coins of BTC at 1,000 USDT and ten of ETH at 0.1 BTC, and somebody else's order beside it."""

    def __init__(self, latch: Path, **options: Any) -> None:
        self.latch = latch
        self.clock = SimulatedClock(1_700_000_000.0)
        markets = {symbol: Market.default(symbol) for pairs in PAIRS.values() for symbol in pairs}
        funds = {"USDT": Decimal(10_000), "BTC": Decimal(2), "ETH": Decimal(10), "DOGE": Decimal(5)}
        self.exchange = FaultyExchange("binance", self.clock, markets, funds, FREE, **options)
        self.foreign = ""

    async def start(self) -> None:
        """A process with nothing but what the exchange and the latch's file tell."""
        # Asks for nothing that fails: what is tried here comes later.
        step, self.exchange.step = self.exchange.step, None
        self.manager = ExchangeManager(f"kill-{next(_ids)}", self.exchange, self.clock, PAIRS)
        await self.manager.initialize()
        self.tell()
        if not self.foreign:
            # As somebody else would: not through the bot.
            request = order_request("buy", OrderType.LIMIT, "1", "100", client_order_id="theirs")
            self.foreign = await self.exchange.create_order(request)
        self.switch = KillSwitch(self.latch, self.clock)
        self.switch.attach(self.manager)
        self.exchange.step = step

    def tell(self, price: float = 1000.0) -> None:
        """A price of each pair, at which waiting market orders fill."""
        for symbol, own in ((SYMBOL, price), ("ETH/BTC", 0.1)):
            self.manager.get_symbol_data(symbol).price = own
            self.exchange.open_candle(symbol, own)

    async def trade(self) -> None:
        """Some orders of the bot: two entries, an exit that locks a coin, and a stop."""
        for one in (
            order_request("buy", OrderType.LIMIT, "1", "900"),
            order_request("buy", OrderType.LIMIT, "2", "800"),
            order_request("sell", OrderType.LIMIT, "1", "1500"),
            order_request("sell", OrderType.STOP_LOSS, "0.5", "700"),
        ):
            await self.manager.trader.create_order(one)

    async def drive(self, request: Coroutine[Any, Any, T]) -> T:
        """Let time and prices go on until something is done."""
        task = asyncio.ensure_future(request)
        for _ in range(int(3 * clearing.PATIENCE_SECONDS)):
            for _ in range(40):
                await asyncio.sleep(0)
            if task.done():
                return task.result()
            self.clock.advance_to(self.clock.now() + 1)
            self.tell()
        task.cancel()
        raise AssertionError("it does not end")

    async def listed(self) -> list[str]:
        """The orders that are open on the exchange."""
        step, self.exchange.step = self.exchange.step, None
        try:
            return [one.order_id for one in await self.exchange.fetch_open_orders()]
        finally:
            self.exchange.step = step

    async def holdings(self) -> dict[str, Decimal]:
        """What the exchange says that is held."""
        step, self.exchange.step = self.exchange.step, None
        try:
            return {asset: one.total for asset, one in (await self.exchange.fetch_balance()).items() if one.total}
        finally:
            self.exchange.step = step
