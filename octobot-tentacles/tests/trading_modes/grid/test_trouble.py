# SPDX-License-Identifier: Apache-2.0
"""What goes wrong: refusals and failures at bad moments, restarts in between, orders that nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from octobot_tentacles.trading_modes.grid import GridTradingMode
from octobot_tentacles.trading_modes.ladder.remaking import Remaking
from octobot_tentacles.trading_modes.ladder.slots import SlotStatus
from octobot_tentacles.trading_modes.ladder.spec import LadderSpec, read_cause
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.errors import OrderRefused, TemporaryFault
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest


def fail(desk: Any, error: Exception, when: Callable[[OrderRequest], bool]) -> None:
    """Orders of this kind fail from now on."""
    create_order = desk.manager.trader.create_order

    async def create_or_fail(request: OrderRequest) -> Order:
        if when(request):
            raise error
        return await create_order(request)

    desk.manager.trader.create_order = create_or_fail


async def test_a_refused_conversion_leaves_a_grid_of_what_there_is(make_grid: Any) -> None:
    desk = await make_grid(enable_trailing_up=True)
    fail(desk, OrderRefused("no"), lambda request: request.order_type is OrderType.MARKET)
    await desk.prices(107, 109)
    assert [one.rpartition(" ")[2] for one in desk.open_orders()] == ["107.00", "105.00", "103.00"]


async def test_an_exchange_that_fails_is_asked_again_with_the_next_fill(make_grid: Any) -> None:
    desk = await make_grid()
    create_order = desk.manager.trader.create_order
    fail(desk, TemporaryFault("busy"), lambda request: request.price == 100)
    await desk.prices(97.9)
    slot = desk.mode.producers[0].ladder.get(-1)
    assert (slot.status, slot.attempts) == (SlotStatus.DUE, 0)
    desk.manager.trader.create_order = create_order
    await desk.prices(95.9)
    assert desk.open_orders()[-2:] == ["sell limit 1.041 at 98.00", "sell limit 1.020 at 100.00"]


@pytest.mark.parametrize("one_by_one", [True, False])
async def test_a_restart_while_orders_are_being_cancelled(make_grid: Any, one_by_one: bool) -> None:
    make_exchange = partial(SimulatedExchange, latency_seconds=90.0)
    trailing = {"enable_trailing_up": True, "order_by_order_trailing": one_by_one}
    desk = await make_grid(desk={"make_exchange": make_exchange}, **trailing)
    await desk.prices(101, 103, 105, 107, 107, 109)
    assert any(one.status.value == "pending_cancel" for one in desk.manager.orders_manager.get_open_orders())
    await desk.restart()
    await desk.prices(*[109] * 8)
    assert len(desk.open_orders()) == 6
    assert any(one.startswith("sell") for one in desk.open_orders())


async def test_a_new_grid_where_all_orders_were_cancelled(make_grid: Any) -> None:
    desk = await make_grid()
    await desk.manager.trader.cancel_open_orders()
    await desk.settle()
    await desk.prices(105)
    assert desk.open_orders() == []
    await desk.restart()
    await desk.prices(105)
    assert sorted(one.rpartition(" ")[2] for one in desk.open_orders()) == [
        "101.00", "103.00", "107.00", "109.00", "111.00", "99.00",
    ]  # fmt: skip


async def test_orders_of_unknown_origin_are_levels_of_their_own(make_grid: Any) -> None:
    desk = await make_grid(desk={"price": None})
    for side, price in ((OrderSide.BUY, 97), (OrderSide.SELL, 103)):
        request = OrderRequest("BTC/USDT", side, OrderType.LIMIT, Decimal(1), Decimal(price), tag="GridTradingMode")
        await desk.manager.trader.create_order(request)
    await desk.restart()
    await desk.prices(100, 96.9)
    assert desk.open_orders() == ["sell limit 1 at 103.00", "sell limit 1.000 at 99.00"]


async def test_a_missing_order_of_which_nothing_is_known(make_grid: Any) -> None:
    """As after a restart on an exchange that tells of open orders only."""
    desk = await make_grid()
    for mode in desk.modes:
        desk.manager.trading_modes.remove(mode)
        await mode.stop()
    await desk.prices(97.9, 99)
    desk.manager.orders_manager._closed.clear()
    await desk.start()
    await desk.prices(99)
    # no quote is left for the buy at 98, so its level sells
    assert desk.open_orders()[-1] == "sell limit 1.020 at 100.00"
    assert len(desk.open_orders()) == 6


async def test_without_a_price_nothing_happens(make_grid: Any) -> None:
    desk = await make_grid(desk={"price": None}, allow_funds_redispatch=True, funds_redispatch_interval=1)
    await desk.tell("Ticker", "BTC/USDT", ticker={"symbol": "BTC/USDT", "last": None})
    await desk.pass_time(7200)
    assert desk.open_orders() == []


@pytest.mark.parametrize(
    "cause",
    [
        None,
        {},
        {"ladder": {}, "level": 1},
        {"ladder": {"levels": "a:b"}, "level": 1},
        {"ladder": "x", "level": 1},
        {"ladder": {}},
    ],
)
def test_causes_that_tell_nothing(cause: Any) -> None:
    assert read_cause(cause) is None


def test_a_spec_is_what_it_was() -> None:
    one = Decimal("1.50")
    spec = LadderSpec(
        center=one, spread=one, increment=one, is_geometric=True, low=-2, high=3, price=one,
        buy_funds=one, sell_funds=one, asked="2 and 3",
    )  # fmt: skip
    assert LadderSpec.decode(spec.encode()) == spec


@pytest.mark.parametrize("own", [{}, {"why": "x", "quote": "many", "base": "1"}, 5])
def test_a_conversion_that_nobody_can_read(own: Any) -> None:
    request = OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.MARKET, Decimal(1), cause={"remaking": own})
    assert Remaking.of_order(Order("1", request, 0.0)) is None


def test_the_grid_is_a_staggered_mode() -> None:
    assert [one.__name__ for one in GridTradingMode.__mro__[1:3]] == [
        "StaggeredOrdersTradingMode",
        "AbstractTradingMode",
    ]
