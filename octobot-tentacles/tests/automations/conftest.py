# SPDX-License-Identifier: Apache-2.0
"""An account with automations, whose prices and time move as the test says."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.notifications import Notification
from octobot_tentacles.automations.automations import Automations
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

PAIRS = {"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT"]}
_ids = itertools.count()
Make = Callable[..., Awaitable["Account"]]


def one(
    trigger: dict[str, Any], *actions: dict[str, Any], conditions: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    """One automation: each part is its name and settings; without actions it tells "fired"."""
    told = {"name": "SendNotification", "message": "fired"}
    return {
        "trigger_event": _part(trigger),
        "conditions": [_part(each) for each in conditions],
        "actions": [_part(each) for each in actions or (told,)],
    }


def _part(settings: dict[str, Any]) -> dict[str, Any]:
    return {"name": settings["name"], "settings": {key: each for key, each in settings.items() if key != "name"}}


class Account:
    """1,000 USDT, one BTC at 1,000 and nothing of ETH at 100; ``told`` is what notifiers were told."""

    def __init__(self, *automations: dict[str, Any], notifiers: tuple[Any, ...] = ()) -> None:
        self.clock = SimulatedClock(1_700_000_000.0)
        markets = {symbol: Market.default(symbol) for pairs in PAIRS.values() for symbol in pairs}
        funds = {"USDT": Decimal(1000), "BTC": Decimal(1)}
        free = FeeModel(maker=Decimal(0), taker=Decimal(0))
        self.exchange = SimulatedExchange("binance", self.clock, markets, funds, free)
        self.dispatcher = SynchronizedDispatcher()
        self.manager = ExchangeManager(
            f"automations-{next(_ids)}", self.exchange, self.clock, PAIRS, dispatcher=self.dispatcher,
            is_backtesting=True,
        )  # fmt: skip
        self.manager.explanations = []
        self.told: list[Notification] = []
        setup = TentaclesSetupConfig(configs={"Automations": {"automations": list(automations)}})
        self.automations = Automations(setup, self.manager, (self, *notifiers))

    async def notify(self, notification: Notification) -> None:
        self.told.append(notification)

    async def start(self) -> None:
        await self.manager.initialize()
        for symbol, price in (("BTC/USDT", 1000.0), ("ETH/USDT", 100.0)):
            self.manager.get_symbol_data(symbol).price = price
            self.exchange.open_candle(symbol, price)
        await self.automations.start()

    async def price(self, price: float, symbol: str = "BTC/USDT", after_minutes: float = 1) -> int:
        """A minute later there is a price; returns how often the user has been told something by then."""
        self.clock.advance_to(self.clock.now() + after_minutes * 60)
        self.manager.get_symbol_data(symbol).price = price
        self.exchange.open_candle(symbol, price)
        names = {"cryptocurrency": self.manager.cryptocurrency_of(symbol), "symbol": symbol}
        origin = {"exchange": "binance", "exchange_id": self.manager.id, **names}
        get_chan("Ticker", self.manager.id).topic_of(**names).send_nowait({**origin, "ticker": {"last": price}})
        await self.dispatcher.run_until_idle()
        return len(self.told)

    async def order(self, side: str, amount: str, price: str | None = None, symbol: str = "BTC/USDT") -> Order:
        kind = OrderType.MARKET if price is None else OrderType.LIMIT
        limit = None if price is None else Decimal(price)
        request = OrderRequest(symbol, OrderSide(side), kind, Decimal(amount), price=limit)
        return await self.manager.trader.create_order(request)

    @property
    def said(self) -> list[str]:
        """What was explained, each thing once."""
        assert self.manager.explanations is not None
        return list(dict.fromkeys(each.text for each in self.manager.explanations))


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """``await make(one({"name": ...}), ...)``: a started account."""
    async with AsyncExitStack() as stack:

        async def make(*automations: dict[str, Any], **options: Any) -> Account:
            account = Account(*automations, **options)
            stack.push_async_callback(account.manager.stop)
            stack.push_async_callback(account.automations.stop)
            await account.start()
            return account

        yield make


@pytest.fixture
def automation() -> Callable[..., dict[str, Any]]:
    return one
