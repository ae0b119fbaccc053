# SPDX-License-Identifier: Apache-2.0
"""What the bot does itself where an exchange cannot: stops, groups, cancel policies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from trading_world import HOUR, SYMBOL, TradingWorld, order_request

from octobot_trading.enums import OrderStatus, OrderType
from octobot_trading.errors import InvalidOrder, OrderRefused
from octobot_trading.exchange_channel import get_chan
from octobot_trading.personal_data.orders.cancel_policies import ChainedPrice, ExpirationTime
from octobot_trading.personal_data.orders.order import Order

D = Decimal


@pytest.fixture
async def plain() -> AsyncIterator[TradingWorld]:
    """An exchange with market and limit orders only, and no groups."""
    world = TradingWorld(supported_order_types=(OrderType.MARKET, OrderType.LIMIT), groups_orders=False)
    await world.manager.initialize()
    world.candle(1000, 1000, 1000, 1000)
    yield world
    await world.manager.stop()


async def _hear(world: TradingWorld, price: float) -> None:
    """The market tells a price, everybody acts on it, and the exchange trades at it."""
    topic = get_chan("Ticker", world.manager.id).topic_of(cryptocurrency="Bitcoin", symbol=SYMBOL)
    origin = {"exchange": "binance", "exchange_id": world.manager.id, "cryptocurrency": "Bitcoin", "symbol": SYMBOL}
    world.manager.get_symbol_data(SYMBOL).price = price
    topic.send_nowait({**origin, "ticker": {"symbol": SYMBOL, "last": price}})
    await world.dispatcher.run_until_idle()
    world.clock.advance_to(world.clock.now() + 1)
    world.exchange.open_candle(SYMBOL, price)
    await world.manager.trader.submit_chained_orders()


async def _stop(world: TradingWorld, **fields: Any) -> Order:
    request = replace(order_request("sell", OrderType.STOP_LOSS, "1", "900"), **fields)
    return await world.manager.trader.create_order(request)


async def test_a_stop_is_watched_and_handed_in(plain: TradingWorld) -> None:
    order = await _stop(plain)
    assert (order.order_id[:5], order.status, len(plain.exchange.get_book(SYMBOL))) == ("self-", OrderStatus.OPEN, 0)
    assert plain.manager.portfolio.balance("BTC").locked == 0
    await _hear(plain, 950)
    assert order.is_open
    await _hear(plain, 890)
    assert (order.status, order.order_id, order.average_price) == (OrderStatus.FILLED, "1", 890)


async def test_a_trailing_stop_is_watched(plain: TradingWorld) -> None:
    trailing = {"order_type": OrderType.TRAILING_STOP, "stop_price": None, "trailing_percent": D(5)}
    order = await _stop(plain, **trailing)
    for price in (1000, 1100, 1050):
        await _hear(plain, price)
        assert order.is_open
    await _hear(plain, 1044)
    assert order.average_price == 1044


async def test_a_stop_limit_becomes_the_exchanges_limit(plain: TradingWorld) -> None:
    order = await _stop(plain, order_type=OrderType.STOP_LOSS_LIMIT, price=D(895))
    await _hear(plain, 890)
    assert (order.status, order.order_id) == (OrderStatus.TRIGGERED, "1")
    assert plain.manager.portfolio.balance("BTC").locked == 1
    await _hear(plain, 896)
    assert order.status is OrderStatus.FILLED


async def test_what_is_watched_is_edited_and_cancelled_here(plain: TradingWorld) -> None:
    order = await _stop(plain)
    await plain.manager.trader.edit_order(order, stop_price=D(800))
    await _hear(plain, 850)
    assert order.is_open
    with pytest.raises(OrderRefused):
        await plain.manager.trader.edit_order(order, stop_price=D(-1))
    assert await plain.manager.trader.cancel_order(order)
    await _hear(plain, 700)
    assert (order.status, plain.manager.portfolio.total("BTC")) == (OrderStatus.CANCELED, 2)


async def test_a_triggered_order_that_is_refused_says_so(plain: TradingWorld, caplog: Any) -> None:
    order = await _stop(plain, quantity=D(2))
    await plain.manager.trader.create_order(order_request("sell", OrderType.LIMIT, "1", "5000"))
    await _hear(plain, 890)
    assert order.status is OrderStatus.REJECTED
    assert "was triggered and refused" in caplog.text


async def test_an_impossible_stop_is_refused_at_once(plain: TradingWorld) -> None:
    with pytest.raises(InvalidOrder):
        await _stop(plain, price=D(1))


async def test_a_limit_on_the_exchange_and_a_stop_here_cancel_each_other(plain: TradingWorld) -> None:
    take = await plain.manager.trader.create_order(order_request("sell", OrderType.LIMIT, "1", "1100", group_id="g"))
    stop = await _stop(plain, group_id="g")
    await _hear(plain, 1101)
    assert (take.status, stop.status) == (OrderStatus.FILLED, OrderStatus.CANCELED)
    take = await plain.manager.trader.create_order(order_request("sell", OrderType.LIMIT, "0.5", "2000", group_id="h"))
    stop = await _stop(plain, group_id="h", quantity=D("0.5"))
    await _hear(plain, 880)
    assert (take.status, stop.status) == (OrderStatus.CANCELED, OrderStatus.FILLED)


async def test_an_order_is_cancelled_when_its_time_has_come(plain: TradingWorld) -> None:
    policy = ExpirationTime(plain.clock.now() + HOUR)
    order = await plain.manager.trader.create_order(
        replace(order_request("buy", OrderType.LIMIT, "1", "900"), cancel_policy=policy)
    )
    await _hear(plain, 950)
    assert order.is_open
    plain.clock.advance_to(policy.expiration_time)
    await _hear(plain, 950)
    assert (order.status, order.reason) == (OrderStatus.CANCELED, "its expiration time has come")


async def test_an_entry_whose_target_was_reached_is_cancelled(plain: TradingWorld) -> None:
    target = order_request("sell", OrderType.LIMIT, "1", "1050")
    entry = order_request("buy", OrderType.LIMIT, "1", "900", chained=(target,))
    order = await plain.manager.trader.create_order(replace(entry, cancel_policy=ChainedPrice()))
    await _hear(plain, 1049)
    assert order.is_open
    await _hear(plain, 1050)
    assert order.status is OrderStatus.CANCELED
    assert order.reason is not None
    assert "reached 1050" in order.reason
