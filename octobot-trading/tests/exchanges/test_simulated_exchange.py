# SPDX-License-Identifier: Apache-2.0
"""What the simulated exchange accepts, fills and refuses, seen through a trader."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading import api
from octobot_trading.enums import OrderSide, OrderStatus, OrderType
from octobot_trading.errors import (
    InsufficientFunds,
    InvalidOrderTransitionError,
    OrderRefused,
    UnknownExchangeError,
    UnknownSymbol,
)
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

_SYMBOL = "BTC/USDT"
_FEES = FeeModel(maker=Decimal("0.001"), taker=Decimal("0.002"))


class World:
    """An exchange at 1,000 USDT a coin, with 10,000 USDT and 2 BTC."""

    def __init__(self) -> None:
        self.clock = SimulatedClock(0.0)
        funds = {"USDT": Decimal(10_000), "BTC": Decimal(2)}
        self.exchange = SimulatedExchange("binance", self.clock, simulated_markets([_SYMBOL]), funds, _FEES)
        self.dispatcher = SynchronizedDispatcher()
        self.manager = ExchangeManager(
            "simulated-test", self.exchange, self.clock, {"Bitcoin": [_SYMBOL]}, dispatcher=self.dispatcher
        )
        self.events: list[dict[str, Any]] = []

    async def start(self) -> None:
        await self.manager.initialize("some matrix")
        for channel in ("Orders", "Trades", "Balance"):
            await get_chan(channel, self.manager.id).new_consumer(self._keeper(channel))
        self.candle(1000, 1000, 1000, 1000)

    def _keeper(self, channel: str) -> Any:
        async def keep(**payload: Any) -> None:
            self.events.append({"channel": channel, **payload})

        return keep

    def candle(self, opened: float, high: float, low: float, close: float) -> None:
        self.exchange.open_candle(_SYMBOL, opened)
        self.clock.advance_to(self.clock.now() + 3600)
        self.exchange.close_candle(_SYMBOL, self.clock.now() - 3600, opened, high, low, close, 1000.0)

    async def order(self, side: str, kind: OrderType, amount: str, price: str | None = None, **options: Any) -> Order:
        value = None if price is None else Decimal(price)
        request = OrderRequest(
            _SYMBOL,
            OrderSide(side),
            kind,
            Decimal(amount),
            price=value if kind is OrderType.LIMIT else None,
            stop_price=value if kind is OrderType.STOP_LOSS else None,
            **options,
        )
        return await self.manager.trader.create_order(request)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    await made.start()
    yield made
    await made.manager.stop()


async def test_a_market_order_fills_at_the_next_open_with_the_fee_of_a_taker(world: World) -> None:
    order = await world.order("buy", OrderType.MARKET, "1")
    assert order.status is OrderStatus.OPEN
    assert world.manager.portfolio.available("USDT") == 9000
    world.candle(1010, 1020, 1000, 1015)
    assert order.status is OrderStatus.FILLED
    assert order.average_price == 1010
    assert order.fees == {"BTC": Decimal("0.002")}
    assert world.manager.portfolio.totals() == {"USDT": Decimal(8990), "BTC": Decimal("2.998")}
    assert world.manager.portfolio.available("USDT") == 8990


async def test_a_resting_limit_fills_at_its_price_with_the_fee_of_a_maker(world: World) -> None:
    order = await world.order("sell", OrderType.LIMIT, "1", "1050")
    world.candle(1000, 1040, 990, 1000)
    assert order.is_open
    assert world.manager.portfolio.available("BTC") == 1
    world.candle(1000, 1060, 990, 1000)
    assert (order.average_price, order.fees) == (1050, {"USDT": Decimal("1.05")})
    assert world.manager.portfolio.totals()["USDT"] == Decimal("11048.95")
    (fill,) = api.get_trade_history(world.manager, _SYMBOL)
    assert (fill.taker_or_maker, fill.time, fill.order_id) == ("maker", world.clock.now(), order.order_id)


async def test_a_stop_that_the_price_jumped_over_fills_at_the_gap(world: World) -> None:
    order = await world.order("sell", OrderType.STOP_LOSS, "1", "950")
    world.candle(1000, 1010, 951, 960)
    world.candle(900, 910, 890, 900)
    assert order.average_price == 900
    assert api.get_trade_history(world.manager)[0].taker_or_maker == "taker"


async def test_the_first_of_a_group_cancels_the_others_and_they_share_their_funds(world: World) -> None:
    take = await world.order("sell", OrderType.LIMIT, "2", "1100", group_id="exit")
    stop = await world.order("sell", OrderType.STOP_LOSS, "2", "900", group_id="exit")
    assert world.manager.portfolio.balance("BTC") == (2, 2)
    world.candle(1000, 1200, 800, 1000)
    assert stop.status is OrderStatus.FILLED
    assert take.status is OrderStatus.CANCELED
    assert take.reason == "another order of its group was filled"
    assert world.manager.portfolio.balance("BTC") == (0, 0)


async def test_exits_are_chained_to_an_entry_and_cut_to_what_it_brought(world: World) -> None:
    await world.order("sell", OrderType.LIMIT, "2", "5000")
    exits = (
        OrderRequest(_SYMBOL, OrderSide.SELL, OrderType.LIMIT, Decimal(1), price=Decimal(1100), group_id="x"),
        OrderRequest(_SYMBOL, OrderSide.SELL, OrderType.STOP_LOSS, Decimal(1), stop_price=Decimal(900), group_id="x"),
    )
    await world.order("buy", OrderType.MARKET, "1", chained=exits)
    world.exchange.open_candle(_SYMBOL, 1000.0)
    take, stop = world.manager.orders_manager.get_open_orders()[1:]
    assert take.parent_id == stop.parent_id
    assert take.request.quantity == stop.request.quantity == Decimal("0.998")
    assert not world.manager.trader.has_chained_orders
    world.exchange.close_candle(_SYMBOL, 0.0, 1000.0, 1010.0, 890.0, 900.0, 1000.0)
    assert stop.status is OrderStatus.FILLED


async def test_a_market_order_is_cut_to_what_the_account_can_pay(world: World) -> None:
    order = await world.order("buy", OrderType.MARKET, "10")
    world.candle(1100, 1100, 1100, 1100)
    assert order.status is OrderStatus.FILLED
    assert order.filled_quantity == Decimal("9.0909")
    assert order.reason == "cut to what the account could pay"
    assert 0 <= world.manager.portfolio.total("USDT") < 1


@pytest.mark.parametrize(
    ("side", "kind", "amount", "price", "rule"),
    [
        ("buy", OrderType.LIMIT, "11", "1000", "funds"),
        ("sell", OrderType.MARKET, "3", None, "funds"),
        ("buy", OrderType.LIMIT, "0.000001", "1000", "amount_step"),
        ("buy", OrderType.LIMIT, "0.00001", "1000", "min_cost"),
        ("buy", OrderType.LIMIT, "1", "1000.001", "price_tick"),
        ("buy", OrderType.LIMIT, "0", "1000", "amount"),
        ("buy", OrderType.LIMIT, "-1", "1000", "amount"),
        ("buy", OrderType.LIMIT, "NaN", "1000", "amount"),
        ("buy", OrderType.LIMIT, "1", "-5", "price"),
        ("buy", OrderType.LIMIT, "1", None, "price"),
        ("buy", OrderType.STOP_LOSS, "1", "NaN", "price"),
    ],
)
async def test_a_refused_order_names_its_rule_and_changes_nothing(
    world: World, side: str, kind: OrderType, amount: str, price: str | None, rule: str
) -> None:
    before = (api.get_portfolio(world.manager), world.manager.orders_manager.all_orders())
    with pytest.raises(OrderRefused) as refused:
        await world.order(side, kind, amount, price)
    assert refused.value.rule == rule
    assert (api.get_portfolio(world.manager), world.manager.orders_manager.all_orders()) == before


async def test_unknown_symbols_and_exchanges_are_named(world: World) -> None:
    request = OrderRequest("ETH/USDT", OrderSide.BUY, OrderType.MARKET, Decimal(1))
    with pytest.raises(UnknownSymbol, match="does not trade ETH/USDT"):
        await world.manager.trader.create_order(request)
    with pytest.raises(UnknownExchangeError, match="nowhere"):
        api.get_exchange_manager_from_exchange_name_and_id("binance", "nowhere")
    assert issubclass(InsufficientFunds, OrderRefused)


async def test_a_closed_order_does_not_change_any_more(world: World) -> None:
    order = await world.order("buy", OrderType.LIMIT, "1", "900")
    assert await world.manager.trader.cancel_order(order)
    assert not await world.manager.trader.cancel_order(order)
    with pytest.raises(InvalidOrderTransitionError, match="fill cannot happen to an order that is canceled"):
        order.end(OrderStatus.FILLED, 0.0)
    assert world.manager.portfolio.available("USDT") == 10_000


async def test_everybody_is_told_with_the_promised_keys(world: World) -> None:
    order = await world.order("buy", OrderType.MARKET, "1")
    world.candle(1000, 1000, 1000, 1000)
    await world.dispatcher.run_until_idle()
    keys = {event["channel"]: set(event) - {"channel"} for event in world.events}
    origin = {"exchange", "exchange_id"}
    assert keys["Orders"] == origin | {"cryptocurrency", "symbol", "order", "update_type", "is_from_bot"}
    assert keys["Trades"] == origin | {"cryptocurrency", "symbol", "trade", "old_trade"}
    assert keys["Balance"] == origin | {"balance"}
    updates = [event["update_type"] for event in world.events if event["channel"] == "Orders"]
    assert updates == ["new", "closed"]
    trade = next(event["trade"] for event in world.events if event["channel"] == "Trades")
    assert (trade["order_id"], trade["price"]) == (order.order_id, 1000)


async def test_the_account_is_worth_its_assets_at_last_prices(world: World) -> None:
    world.manager.get_symbol_data(_SYMBOL).price = 1500.0
    assert api.get_portfolio_value(world.manager) == 13_000
    assert api.get_portfolio_currency(world.manager, "BTC").available == 2
    assert api.get_portfolio_currency(world.manager, "ETH").total == 0
    assert api.is_trader_simulated(world.manager)
    assert api.get_exchange_id_from_matrix_id("binance", "some matrix") == world.manager.id
    assert api.get_exchange_current_time(world.manager) == world.clock.now()
    assert api.get_fees(world.manager, _SYMBOL) is _FEES


async def test_a_stopped_exchange_is_forgotten() -> None:
    world = World()
    await world.start()
    await world.manager.stop()
    with pytest.raises(KeyError):
        get_chan("Orders", world.manager.id)
    with pytest.raises(UnknownExchangeError):
        api.get_exchange_manager_from_exchange_id(world.manager.id)
