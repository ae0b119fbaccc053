# SPDX-License-Identifier: Apache-2.0
"""DailyTradingMode on a simulated exchange, driven by notes and candles that the test names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import Profile, TentaclesSetupConfig
from octobot_tentacles.trading_modes.daily import DailyTradingMode
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.modes import create_trading_modes
from octobot_trading.personal_data.orders.order import Order

SYMBOL = "BTC/USDT"
MARKET = Market(
    SYMBOL,
    "BTC",
    "USDT",
    amount_step=Decimal("0.001"),
    price_tick=Decimal("0.01"),
    min_amount=Decimal("0.001"),
    min_cost=Decimal(5),
)


class Notes:
    """The strategies' notes of the moment."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.of_time_frame: dict[str, dict[str, Any]] = {}

    def get_strategy_notes(
        self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str, time_frame: str | None = None
    ) -> dict[str, Any]:
        return dict(self.values if time_frame is None else self.of_time_frame.get(time_frame, {}))


class Desk:
    """One trading mode with its exchange. Prices move as the test says."""

    def __init__(self, manager: ExchangeManager, mode: DailyTradingMode, notes: Notes) -> None:
        self.manager, self.mode, self.notes = manager, mode, notes
        assert isinstance(manager.exchange, SimulatedExchange)
        self.exchange = manager.exchange

    async def note(self, *values: Any, time_frame: str | None = None) -> None:
        """The strategies have noted this."""
        self.notes.values = {f"Strategy{index}": value for index, value in enumerate(values)}
        await self.mode.producers[0].set_final_eval("matrix", "Bitcoin", SYMBOL, time_frame, "Strategy0")
        await self.settle()

    async def candle(self, open_price: float, high: float, low: float, close: float) -> None:
        """A candle passes."""
        self.price(open_price)
        self.exchange.open_candle(SYMBOL, open_price)
        await self.settle()
        self.price(close)
        self.exchange.close_candle(SYMBOL, self.manager.clock.now() - 60.0, open_price, high, low, close, 1000.0)
        await self.settle()

    def price(self, price: float) -> None:
        self.manager.get_symbol_data(SYMBOL).price = price

    async def settle(self) -> None:
        await self.manager.trader.submit_chained_orders()
        assert self.manager.dispatcher is not None
        await self.manager.dispatcher.run_until_idle()

    def open_orders(self) -> list[str]:
        return [describe(order) for order in self.manager.orders_manager.get_open_orders()]

    def fills(self) -> list[str]:
        return [
            f"{fill.side} {fill.quantity} at {fill.price:.2f}"
            for fill in self.manager.trades_manager.get_trades(SYMBOL)
        ]


def describe(order: Order) -> str:
    request = order.request
    price = request.price if request.stop_price is None else request.stop_price
    return f"{request.side} {request.order_type} {request.quantity}" + ("" if price is None else f" at {price:.2f}")


MakeDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def make_desk() -> AsyncIterator[MakeDesk]:
    """``await make_desk(portfolio, **settings)``: a desk at a price of 100, a risk of 0.5 and fees of 0.1 %."""
    async with AsyncExitStack() as stack:

        async def make(
            portfolio: dict[str, str] | None = None,
            *,
            market: Market = MARKET,
            price: float | None = 100.0,
            fee_model: FeeModel | None = None,
            **settings: Any,
        ) -> Desk:
            clock = SimulatedClock(1_700_000_000.0)
            funds = {asset: Decimal(amount) for asset, amount in (portfolio or {"USDT": "1000"}).items()}
            fees = fee_model or FeeModel(Decimal("0.001"), Decimal("0.001"))
            exchange = SimulatedExchange("binance", clock, {SYMBOL: market}, funds, fees)
            manager = ExchangeManager(
                "exchange",
                exchange,
                clock,
                {"Bitcoin": [SYMBOL]},
                dispatcher=SynchronizedDispatcher(),
                is_backtesting=True,
                risk=Decimal("0.5"),
            )
            await manager.initialize("matrix")
            stack.push_async_callback(manager.stop)
            setup = TentaclesSetupConfig({"DailyTradingMode": True}, {"DailyTradingMode": settings})
            profile = Profile(profile_id="test", name="test", tentacles_setup=setup)
            notes = Notes()
            (mode,) = await create_trading_modes(DailyTradingMode, profile, manager, {"Bitcoin": [SYMBOL]}, notes)
            assert isinstance(mode, DailyTradingMode)
            desk = Desk(manager, mode, notes)
            if price is not None:
                await desk.candle(price, price, price, price)
            return desk

        yield make
