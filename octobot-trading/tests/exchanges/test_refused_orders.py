# SPDX-License-Identifier: Apache-2.0
"""Orders that are refused: a named error, and everything is as it was."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from contract_world import ContractWorld
from trading_world import SYMBOL, TradingWorld, order_request

from octobot_trading import errors
from octobot_trading.enums import OrderSide, OrderType, PositionSide, TimeInForce
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order_request import OrderRequest

_LIMIT = order_request("buy", OrderType.LIMIT, "1", "900")
_STOP = order_request("sell", OrderType.STOP_LOSS, "1", "900")
_TRAILING = replace(_STOP, order_type=OrderType.TRAILING_STOP, stop_price=None, trailing_distance=Decimal(10))


def _with(request: OrderRequest, **fields: Any) -> OrderRequest:
    return replace(request, **fields)


@pytest.mark.parametrize(
    ("request_", "error", "rule"),
    [
        (_with(_LIMIT, quantity=Decimal("NaN")), errors.InvalidAmount, "amount"),
        (_with(_LIMIT, quantity=Decimal("Infinity")), errors.InvalidAmount, "amount"),
        (_with(_LIMIT, quantity=Decimal(-1)), errors.InvalidAmount, "amount"),
        (_with(_LIMIT, quantity=Decimal(0)), errors.InvalidAmount, "amount"),
        (_with(_LIMIT, price=Decimal("NaN")), errors.InvalidPrice, "price"),
        (_with(_LIMIT, price=Decimal(-900)), errors.InvalidPrice, "price"),
        (_with(_LIMIT, quantity=Decimal("1E-9")), errors.WrongPrecision, "amount_step"),
        (_with(_LIMIT, price=Decimal("900.000000001")), errors.WrongPrecision, "price_tick"),
        (_with(_LIMIT, symbol="DOGE/USDT"), errors.UnknownSymbol, "symbol"),
        (_with(_LIMIT, quantity=Decimal(12)), errors.InsufficientFunds, "funds"),
        (_with(_STOP, quantity=Decimal(3)), errors.InsufficientFunds, "funds"),
        (_with(_LIMIT, price=None), errors.InvalidOrder, "price"),
        (_with(_LIMIT, stop_price=Decimal(1)), errors.InvalidOrder, "stop_price"),
        (_with(_STOP, stop_price=None), errors.InvalidOrder, "stop_price"),
        (_with(_STOP, order_type=OrderType.STOP_LOSS_LIMIT), errors.InvalidOrder, "price"),
        (_with(_STOP, trailing_distance=Decimal(1)), errors.InvalidOrder, "trailing_distance"),
        (_with(_TRAILING, trailing_percent=Decimal(1)), errors.InvalidOrder, "trailing_distance"),
        (_with(_TRAILING, trailing_distance=Decimal("NaN")), errors.InvalidOrder, "trailing_distance"),
        (_with(_TRAILING, trailing_distance=None, trailing_percent=Decimal(100)), errors.InvalidOrder,
         "trailing_percent"),
        (_with(_TRAILING, order_type=OrderType.TRAILING_STOP_LIMIT), errors.InvalidOrder, "limit_offset"),
        (_with(_STOP, time_in_force=TimeInForce.IOC), errors.InvalidOrder, "time_in_force"),
        (_with(_LIMIT, time_in_force=TimeInForce.GTD), errors.InvalidOrder, "expiry_time"),
        (_with(_LIMIT, expiry_time=9e9), errors.InvalidOrder, "expiry_time"),
        (_with(_LIMIT, time_in_force=TimeInForce.GTD, expiry_time=1.0), errors.OrderRefused, "expiry_time"),
        (_with(_STOP, post_only=True), errors.InvalidOrder, "post_only"),
        (_with(_LIMIT, post_only=True, price=Decimal(1001)), errors.WouldTake, "post_only"),
        (_with(_LIMIT, reduce_only=True), errors.InvalidOrder, "reduce_only"),
        (_with(_LIMIT, position_side=PositionSide.LONG), errors.InvalidOrder, "reduce_only"),
    ],
)  # fmt: skip
async def test_a_refused_order_leaves_everything_as_it_was(
    trading: TradingWorld, request_: OrderRequest, error: type[errors.OrderRefused], rule: str
) -> None:
    resting = await trading.order("buy", OrderType.LIMIT, "1", "800")
    await trading.listen("Orders", "Trades", "Balance")
    before = await _state(trading)
    with pytest.raises(error) as refused:
        await trading.manager.trader.create_order(request_)
    assert refused.value.rule == rule
    assert type(refused.value) is error
    assert await _state(trading) == before
    await trading.dispatcher.run_until_idle()
    assert trading.heard == []
    assert trading.manager.orders_manager.get_open_orders() == [resting]


async def test_before_a_price_is_known_market_orders_are_refused() -> None:
    world = TradingWorld()
    await world.manager.initialize()
    with pytest.raises(errors.OrderRefused, match="no price is known yet"):
        await world.order("buy", OrderType.MARKET, "1")
    await world.manager.stop()


async def test_a_post_only_order_rests_where_no_price_is_known_that_it_could_take(trading: TradingWorld) -> None:
    trading.exchange.get_book(SYMBOL).follow(math.nan)
    order = await trading.manager.trader.create_order(_with(_LIMIT, post_only=True, price=Decimal(1001)))
    assert order.is_open


async def test_the_same_client_order_id_trades_once(trading: TradingWorld) -> None:
    request = _with(_LIMIT, client_order_id="mine-1")
    order = await trading.manager.trader.create_order(request)
    for _ in range(2):
        before = await _state(trading)
        with pytest.raises(errors.DuplicateOrder):
            await trading.manager.trader.create_order(request)
        assert await _state(trading) == before
        await trading.manager.trader.cancel_order(order)
    # One that was refused was never accepted.
    with pytest.raises(errors.InsufficientFunds):
        await trading.manager.trader.create_order(_with(_LIMIT, quantity=Decimal(50), client_order_id="mine-2"))
    await trading.manager.trader.create_order(_with(_LIMIT, client_order_id="mine-2"))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"quantity": Decimal("NaN")}, errors.InvalidAmount),
        ({"quantity": Decimal(100)}, errors.InsufficientFunds),
        ({"price": Decimal(-1)}, errors.InvalidPrice),
        ({"stop_price": Decimal(900)}, errors.InvalidOrder),
    ],
)
async def test_a_refused_edit_leaves_the_order_as_it_was(
    trading: TradingWorld, fields: dict[str, Decimal], error: type[errors.OrderRefused]
) -> None:
    order = await trading.manager.trader.create_order(_LIMIT)
    before = await _state(trading), order.to_dict()
    with pytest.raises(error):
        await trading.manager.trader.edit_order(order, **fields)
    assert (await _state(trading), order.to_dict()) == before
    trading.candle(1000, 1000, 890, 900)
    assert order.filled_quantity == 1


async def test_what_has_ended_is_not_edited(trading: TradingWorld) -> None:
    order = await trading.manager.trader.create_order(_LIMIT)
    await trading.manager.trader.cancel_order(order)
    with pytest.raises(errors.OrderNotOpen, match="canceled"):
        await trading.manager.trader.edit_order(order, Decimal(2))
    with pytest.raises(errors.OrderNotOpen):
        await trading.exchange.edit_order(order.order_id, Decimal(2))
    with pytest.raises(errors.OrderNotOpen):
        await trading.exchange.edit_order("no number", Decimal(2))


async def test_contracts_refuse_what_they_must() -> None:
    world = ContractWorld(Market.default("BTC/USDT:USDT"), {"USDT": Decimal(1_000)})
    world.price(100)
    before = world.balance("USDT")
    refused: list[tuple[str, dict[str, Any], type[errors.OrderRefused]]] = [
        ("1", {"reduce_only": True}, errors.NothingToReduce),
        ("11", {}, errors.InsufficientFunds),
        ("1", {"position_side": PositionSide.SHORT}, errors.InvalidOrder),
        ("NaN", {}, errors.InvalidAmount),
    ]
    for quantity, options, error in refused:
        with pytest.raises(error):
            await world.order(OrderSide.BUY, quantity, **options)
        assert world.balance("USDT") == before
        assert list(world.account.positions) == []


async def _state(trading: TradingWorld) -> tuple[Any, ...]:
    book = trading.exchange.get_book(SYMBOL)
    return (
        await trading.exchange.fetch_balance(),
        {asset: trading.manager.portfolio.balance(asset) for asset in ("BTC", "USDT")},
        [order.order_id for order in trading.manager.orders_manager.all_orders()],
        len(book),
    )
