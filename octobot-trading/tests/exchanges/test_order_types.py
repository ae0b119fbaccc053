# SPDX-License-Identifier: Apache-2.0
"""Each order type, time in force, group and model by example, through a trader."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from trading_world import HOUR, SYMBOL, TradingWorld, order_request

from octobot_trading.enums import FillRule, GroupKind, OrderSide, OrderStatus, OrderType, TimeInForce
from octobot_trading.exchange_data.order_book import OrderBook
from octobot_trading.exchanges.simulated.slippage import (
    BookWalkSlippage,
    FixedSlippage,
    NoSlippage,
    SlippageModel,
    VolumeShareSlippage,
)
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

D = Decimal


async def _order(world: TradingWorld, side: str, kind: OrderType, quantity: str = "1", **fields: Any) -> Order:
    values = {name: D(value) if isinstance(value, str) and name in _PRICES else value for name, value in fields.items()}
    request = OrderRequest(SYMBOL, OrderSide(side), kind, D(quantity), **values)
    return await world.manager.trader.create_order(request)


_PRICES = {"price", "stop_price", "trailing_distance", "trailing_percent", "limit_offset"}


async def _made(**options: Any) -> TradingWorld:
    world = TradingWorld(**options)
    await world.manager.initialize()
    world.candle(1000, 1000, 1000, 1000)
    return world


@pytest.fixture
async def optimistic() -> AsyncIterator[TradingWorld]:
    world = await _made(fill_rule=FillRule.OPTIMISTIC)
    yield world
    await world.manager.stop()


def _prices(world: TradingWorld) -> list[Decimal]:
    return [fill.price for fill in world.manager.trades_manager.fills]


async def test_a_stop_limit_rests_after_its_stop(trading: TradingWorld) -> None:
    order = await _order(trading, "sell", OrderType.STOP_LOSS_LIMIT, stop_price="950", price="960")
    trading.candle(1000, 1000, 940, 945)
    assert (order.status, order.filled_quantity) == (OrderStatus.TRIGGERED, 0)
    trading.candle(945, 961, 945, 950)
    assert (order.status, _prices(trading)) == (OrderStatus.FILLED, [960])


async def test_a_stop_limit_beyond_the_market_fills_at_its_stop(trading: TradingWorld) -> None:
    order = await _order(trading, "sell", OrderType.STOP_LOSS_LIMIT, stop_price="950", price="940")
    trading.candle(1000, 1000, 930, 945)
    assert (order.status, _prices(trading)) == (OrderStatus.FILLED, [950])


async def test_a_gap_below_a_stop_limit_leaves_it_resting(trading: TradingWorld) -> None:
    order = await _order(trading, "sell", OrderType.STOP_LOSS_LIMIT, stop_price="950", price="940")
    trading.candle(1000, 1000, 990, 1000)
    trading.candle(900, 930, 890, 910)
    assert (order.status, trading.exchange.gap_through_stops) == (OrderStatus.TRIGGERED, 1)
    trading.candle(910, 941, 905, 920)
    assert _prices(trading) == [940]


async def test_a_take_profit_is_a_market_order_at_its_price(trading: TradingWorld) -> None:
    order = await _order(trading, "sell", OrderType.TAKE_PROFIT, stop_price="1050")
    trading.candle(1000, 1049.99, 990, 1000)
    assert order.is_open
    trading.candle(1000, 1050, 990, 1000)
    fill = trading.manager.trades_manager.fills[0]
    assert (fill.price, fill.taker_or_maker) == (1050, "taker")


async def test_a_take_profit_limit_waits_for_its_limit(trading: TradingWorld) -> None:
    order = await _order(trading, "sell", OrderType.TAKE_PROFIT_LIMIT, stop_price="1050", price="1060")
    trading.candle(1000, 1055, 990, 1050)
    assert order.status is OrderStatus.TRIGGERED
    trading.candle(1050, 1061, 1040, 1050)
    assert _prices(trading) == [1060]


async def test_a_trailing_stop_follows_the_best_price(trading: TradingWorld) -> None:
    order = await _order(trading, "sell", OrderType.TRAILING_STOP, trailing_percent="10")
    trading.candle(1000, 1000, 950, 990)
    trading.candle(990, 1200, 1100, 1150)
    assert order.is_open
    trading.candle(1150, 1150, 1080, 1090)
    assert (order.status, _prices(trading)) == (OrderStatus.FILLED, [1080])


async def test_a_trailing_buy_follows_falling_prices() -> None:
    trading = await _made(fill_rule=FillRule.NEUTRAL)
    await _order(trading, "buy", OrderType.TRAILING_STOP, trailing_distance="50", stop_price="1020")
    trading.candle(1000, 1010, 1000, 1005)
    trading.candle(1005, 1005, 900, 905)
    trading.candle(905, 960, 905, 955)
    assert _prices(trading) == [950]
    await trading.manager.stop()


async def test_a_trailing_stop_limit_has_its_limit_beyond_the_stop(trading: TradingWorld) -> None:
    order = await _order(trading, "sell", OrderType.TRAILING_STOP_LIMIT, trailing_distance="20", limit_offset="5")
    trading.candle(1000, 1000, 990, 1000)
    trading.candle(970, 974, 960, 965)
    assert (order.status, _prices(trading)) == (OrderStatus.FILLED, [970]), "above its limit of 965"


async def test_what_must_fill_at_once_does_or_ends(trading: TradingWorld) -> None:
    too_low = await _order(trading, "buy", OrderType.LIMIT, price="990", time_in_force=TimeInForce.IOC)
    high = await _order(trading, "buy", OrderType.LIMIT, price="1010", time_in_force=TimeInForce.FOK)
    trading.candle(1000, 1000, 900, 900)
    assert (too_low.status, too_low.reason) == (OrderStatus.EXPIRED, "ioc: not filled at once")
    assert (high.status, _prices(trading)) == (OrderStatus.FILLED, [1000])
    assert trading.manager.portfolio.balance("USDT").locked == 0


async def test_a_part_is_filled_at_once_or_nothing() -> None:
    world = await _made(volume_share=D("0.001"))  # of 1,000 coins a candle
    some = await _order(world, "buy", OrderType.LIMIT, "1.5", price="1010", time_in_force=TimeInForce.IOC)
    world.candle(1000, 1000, 990, 1000)
    assert (some.status, some.filled_quantity) == (OrderStatus.EXPIRED, 1)
    none = await _order(world, "buy", OrderType.LIMIT, "1.5", price="1010", time_in_force=TimeInForce.FOK)
    world.candle(1000, 1000, 990, 1000)
    assert (none.status, none.filled_quantity) == (OrderStatus.EXPIRED, 0)
    await world.manager.stop()


async def test_an_order_for_a_time_ends_with_it(trading: TradingWorld) -> None:
    now = trading.clock.now()
    fields = {"time_in_force": TimeInForce.GTD, "expiry_time": now + 1.5 * HOUR}
    order = await _order(trading, "buy", OrderType.LIMIT, price="950", **fields)
    trading.candle(1000, 1000, 990, 1000)
    assert order.is_open
    trading.candle(1000, 1000, 900, 990)  # whether the price came before the end nobody knows
    assert (order.status, order.reason) == (OrderStatus.EXPIRED, "its expiry time has come")
    assert trading.exchange.ambiguous_candles == 1


async def test_an_optimist_takes_it_to_have_filled_in_time(optimistic: TradingWorld) -> None:
    fields = {"time_in_force": TimeInForce.GTD, "expiry_time": optimistic.clock.now() + 0.5 * HOUR}
    order = await _order(optimistic, "buy", OrderType.LIMIT, price="950", **fields)
    optimistic.candle(1000, 1000, 900, 990)
    assert order.status is OrderStatus.FILLED


async def test_a_post_only_order_never_takes(trading: TradingWorld) -> None:
    order = await _order(trading, "buy", OrderType.LIMIT, price="990", post_only=True)
    trading.candle(980, 1000, 970, 990)
    assert (order.status, order.filled_quantity) == (OrderStatus.EXPIRED, 0)


def _exit(kind: OrderType, quantity: str, price: str, group_kind: GroupKind, **options: Any) -> OrderRequest:
    return replace(order_request("sell", kind, quantity, price, group_id="exits"), group_kind=group_kind, **options)


async def _group(world: TradingWorld, kind: GroupKind, **options: Any) -> list[Order]:
    """Take profits of 0.5 at 1,100 and 1,200 and one stop of 1 at 900."""
    requests = [
        _exit(OrderType.LIMIT, "0.5", "1100", kind),
        _exit(OrderType.LIMIT, "0.5", "1200", kind),
        _exit(OrderType.STOP_LOSS, "1", "900", kind, **options),
    ]
    return [await world.manager.trader.create_order(request) for request in requests]


@pytest.mark.parametrize("groups_orders", [True, False])
async def test_balanced_exits_share_a_position(groups_orders: bool) -> None:
    world = await _made(groups_orders=groups_orders, funds={"USDT": D(10_000), "BTC": D(2 if not groups_orders else 1)})
    first, second, stop = await _group(world, GroupKind.BALANCED_TAKE_PROFIT_AND_STOP)
    if groups_orders:
        assert world.manager.portfolio.balance("BTC").locked == 1
    world.candle(1000, 1150, 1000, 1100)
    await world.manager.trader.submit_chained_orders()
    assert (first.status, stop.request.quantity) == (OrderStatus.FILLED, D("0.5"))
    world.candle(1100, 1100, 850, 860)
    await world.manager.trader.submit_chained_orders()
    assert (stop.filled_quantity, second.status) == (D("0.5"), OrderStatus.CANCELED)
    await world.manager.stop()


@pytest.mark.parametrize("groups_orders", [True, False])
async def test_a_filled_take_profit_moves_the_stop(groups_orders: bool) -> None:
    world = await _made(groups_orders=groups_orders)
    steps = (D(1000), D(1100))
    first, second, stop = await _group(world, GroupKind.TRAILING_ON_FILLED_TAKE_PROFIT, trail_to=steps)
    world.candle(1000, 1150, 1000, 1150)
    await world.manager.trader.submit_chained_orders()
    assert (first.status, stop.request.stop_price, stop.request.quantity) == (OrderStatus.FILLED, 1000, D("0.5"))
    world.candle(1150, 1150, 990, 1000)
    await world.manager.trader.submit_chained_orders()
    assert (stop.status, second.status) == (OrderStatus.FILLED, OrderStatus.CANCELED)
    assert _prices(world) == [1100, 1000]
    await world.manager.stop()


@pytest.mark.parametrize("groups_orders", [True, False])
async def test_one_cancels_the_other(groups_orders: bool) -> None:
    world = await _made(groups_orders=groups_orders)
    take = await _order(world, "sell", OrderType.LIMIT, price="1100", group_id="g")
    stop = await _order(world, "sell", OrderType.STOP_LOSS, stop_price="900", group_id="g")
    world.candle(1000, 1110, 1000, 1100)
    await world.manager.trader.submit_chained_orders()
    assert (take.status, stop.status) == (OrderStatus.FILLED, OrderStatus.CANCELED)
    assert stop.reason == "another order of its group was filled"
    await world.manager.stop()


async def test_an_edit_moves_an_order(trading: TradingWorld) -> None:
    order = await _order(trading, "buy", OrderType.LIMIT, price="900")
    await trading.manager.trader.edit_order(order, D(2), D(950))
    assert trading.manager.portfolio.balance("USDT").locked == 1900
    trading.candle(1000, 1000, 940, 950)
    assert (order.status, order.filled_quantity, _prices(trading)) == (OrderStatus.FILLED, 2, [950])


async def test_every_partial_fill_has_its_exits_at_once() -> None:
    world = await _made(volume_share=D("0.001"))
    exits = (_exit(OrderType.LIMIT, "2", "1100", GroupKind.ONE_CANCELS_THE_OTHER),
             _exit(OrderType.STOP_LOSS, "2", "900", GroupKind.ONE_CANCELS_THE_OTHER))  # fmt: skip
    entry = await _order(world, "buy", OrderType.LIMIT, "2", price="1000", chained=exits)
    world.candle(1000, 1000, 990, 1000)
    made = [order for order in world.manager.orders_manager.get_open_orders() if order is not entry]
    assert (entry.filled_quantity, entry.status) == (1, OrderStatus.PARTIALLY_FILLED)
    assert [order.request.quantity for order in made] == [D("0.998"), D("0.998")]
    world.candle(1000, 1000, 990, 1000)
    groups = {order.request.group_id for order in world.manager.orders_manager.get_open_orders()}
    assert (entry.status, groups) == (OrderStatus.FILLED, {"exits", "exits/2"})
    world.candle(1000, 1000, 800, 850)
    world.candle(850, 850, 800, 850)
    assert world.manager.portfolio.total("BTC") == 2
    await world.manager.stop()


async def test_an_order_arrives_after_its_latency() -> None:
    world = await _made(latency_seconds=0.25 * HOUR)
    order = await _order(world, "buy", OrderType.MARKET)
    world.candle(1000, 1200, 900, 1100)
    assert _prices(world) == [1025], "after a quarter of the candle, on the straight line from open to close"
    late = await _order(world, "buy", OrderType.LIMIT, price="800")
    assert await world.manager.trader.cancel_order(late)
    assert (late.status, order.status) == (OrderStatus.PENDING_CANCEL, OrderStatus.FILLED)
    world.candle(1100, 1100, 1000, 1000)
    assert late.status is OrderStatus.CANCELED
    await world.manager.stop()


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (NoSlippage(), D(1000)),
        (FixedSlippage(D("0.001")), D(1001)),
        # The candle before traded 1,000 coins: 1 + 0.5 * (5 / 1,000) ** 2
        (VolumeShareSlippage(D("0.5")), D("1000.0125")),
    ],
)
async def test_takers_slip(model: SlippageModel, expected: Decimal) -> None:
    world = await _made(slippage=model)
    await _order(world, "buy", OrderType.MARKET, "5")
    await _order(world, "buy", OrderType.LIMIT, "1", price="950")
    world.candle(1000, 1000, 940, 1000)
    assert _prices(world) == [expected, 950], "who makes does not slip"
    await world.manager.stop()


async def test_nobody_slips_beyond_a_limit() -> None:
    world = await _made(slippage=FixedSlippage(D("0.001")))
    await _order(world, "buy", OrderType.LIMIT, price="1000.4")
    await _order(world, "sell", OrderType.STOP_LOSS_LIMIT, stop_price="999", price="998.9")
    world.candle(1000, 1000, 998, 1000)
    assert _prices(world) == [D("1000.4"), D("998.9")]
    await world.manager.stop()


async def test_the_book_is_walked_where_there_is_one() -> None:
    book = OrderBook(SYMBOL)
    model = BookWalkSlippage(lambda symbol: book if symbol == SYMBOL else None, FixedSlippage(D("0.01")))
    world = await _made(slippage=model)
    book.apply_snapshot([[999.0, 1.0]], [[1001.0, 1.0], [1003.0, 1.0]], time=0.0)
    await _order(world, "buy", OrderType.MARKET, "2")
    world.candle(1000, 1000, 1000, 1000)
    await _order(world, "buy", OrderType.MARKET, "3")  # deeper than the book
    world.candle(1000, 1000, 1000, 1000)
    assert _prices(world) == [1002, 1010]
    assert (model.walked, model.not_walked) == (1, 1)
    await world.manager.stop()


@pytest.mark.parametrize("rate", ["-0.1", "1", "NaN"])
def test_a_rate_of_slippage_is_a_part_of_the_price(rate: str) -> None:
    with pytest.raises(ValueError, match="slippage rate"):
        FixedSlippage(D(rate))
