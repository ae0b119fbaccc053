# SPDX-License-Identifier: Apache-2.0
"""The trader: orders in, events out, and the orders chained to fills."""

from __future__ import annotations

import logging
from decimal import Decimal

import pytest
from trading_world import SYMBOL, TradingWorld, order_request

from octobot_trading.enums import OrderStatus, OrderType
from octobot_trading.personal_data.orders.order import Order

_ORIGIN = {"exchange", "exchange_id"}
_KEYS = {
    "Orders": _ORIGIN | {"cryptocurrency", "symbol", "order", "update_type", "is_from_bot"},
    "Trades": _ORIGIN | {"cryptocurrency", "symbol", "trade", "old_trade"},
    "Balance": _ORIGIN | {"balance"},
}


async def test_events_come_in_order_with_the_promised_keys(trading: TradingWorld) -> None:
    await trading.listen("Orders", "Trades", "Balance")
    order = await trading.order("buy", OrderType.MARKET, "1", tag="entry")
    assert trading.heard == [], "nobody is called from inside a call"
    trading.candle(1010, 1020, 1000, 1015)
    await trading.dispatcher.run_until_idle()
    for channel, payload in trading.heard:
        assert set(payload) == _KEYS[channel]
        assert (payload["exchange"], payload["exchange_id"]) == ("binance", trading.manager.id)
    orders = [payload for channel, payload in trading.heard if channel == "Orders"]
    assert [(sent["update_type"], sent["order"]["status"]) for sent in orders] == [
        ("new", "open"),
        ("closed", "filled"),
    ]
    assert (orders[0]["cryptocurrency"], orders[0]["symbol"], orders[0]["is_from_bot"]) == ("Bitcoin", SYMBOL, True)
    (trade,) = [payload for channel, payload in trading.heard if channel == "Trades"]
    assert trade["trade"] == {
        "fill_id": "1",
        "order_id": order.order_id,
        "symbol": SYMBOL,
        "side": "buy",
        "quantity": Decimal(1),
        "price": Decimal(1010),
        "cost": Decimal(1010),
        "fee": Decimal("0.002"),
        "fee_asset": "BTC",
        "taker_or_maker": "taker",
        "time": trading.clock.now() - 3600,
    }
    assert trade["old_trade"] is False
    balances = [payload["balance"] for channel, payload in trading.heard if channel == "Balance"]
    assert balances == [
        {"USDT": {"total": Decimal(10_000), "locked": Decimal(1000), "available": Decimal(9000)}},
        {
            "USDT": {"total": Decimal(8990), "locked": Decimal(0), "available": Decimal(8990)},
            "BTC": {"total": Decimal("2.998"), "locked": Decimal(0), "available": Decimal("2.998")},
        },
    ]


async def test_orders_are_cancelled_by_symbol_and_tag(trading: TradingWorld) -> None:
    trading.exchange.open_candle("ETH/USDT", 100)
    entry = await trading.order("buy", OrderType.LIMIT, "1", "900", tag="entry")
    exits = [await trading.order("sell", OrderType.LIMIT, "1", price, tag="exit") for price in ("1100", "1200")]
    other = await trading.order("buy", OrderType.LIMIT, "1", "90", tag="exit", symbol="ETH/USDT")
    assert await trading.manager.trader.cancel_open_orders(SYMBOL, "exit") == exits
    assert trading.manager.portfolio.balance("BTC").locked == 0
    assert await trading.manager.trader.cancel_open_orders() == [entry, other]
    assert await trading.manager.trader.cancel_open_orders() == []
    assert trading.manager.portfolio.balance("USDT").locked == 0
    assert {order.status for order in (entry, other, *exits)} == {OrderStatus.CANCELED}
    assert not await trading.exchange.cancel_order("no number")


async def test_an_order_that_is_not_ours_is_none_of_our_business(trading: TradingWorld) -> None:
    await trading.exchange.create_order(order_request("buy", OrderType.MARKET, "1"))
    trading.candle(1000, 1000, 1000, 1000)
    assert trading.manager.orders_manager.all_orders() == []
    assert trading.manager.portfolio.total("USDT") == 9000


@pytest.fixture(params=["bundled", "chained by the bot"])
def trading(trading: TradingWorld, request: pytest.FixtureRequest) -> TradingWorld:
    """An exchange that brings up chained orders by itself, and one that does not."""
    trading.exchange.bundles_orders = request.param == "bundled"
    return trading


async def _filled(trading: TradingWorld, *chained: tuple[str, ...], side: str = "buy", **options: str) -> list[Order]:
    """Everything but the entry's proceeds is spoken for; the entry's quantity is 1, its fee 0.002."""
    exits = tuple(order_request(kind, OrderType.LIMIT, *rest, **options) for kind, *rest in chained)
    if side == "buy":
        await trading.order("sell", OrderType.LIMIT, "2", "9000")
    await trading.order(side, OrderType.MARKET, "1", chained=exits)
    assert not trading.manager.trader.has_chained_orders
    before = trading.manager.orders_manager.get_open_orders()
    trading.exchange.open_candle(SYMBOL, 1000)
    assert trading.manager.trader.has_chained_orders is not trading.exchange.bundles_orders
    await trading.manager.trader.submit_chained_orders()
    orders = [order for order in trading.manager.orders_manager.get_open_orders() if order not in before]
    assert {order.parent_id for order in orders} == {before[-1].order_id}
    return orders


async def test_exits_share_what_the_entry_brought(trading: TradingWorld) -> None:
    orders = await _filled(trading, ("sell", "0.5", "1100"), ("sell", "0.5", "1200"))
    assert [order.request.quantity for order in orders] == [Decimal("0.5"), Decimal("0.498")]


async def test_exits_of_a_group_share_the_same_part_of_it(trading: TradingWorld) -> None:
    orders = await _filled(trading, ("sell", "1", "1100"), ("sell", "1", "1200"), group_id="exits")
    assert [order.request.quantity for order in orders] == [Decimal("0.998"), Decimal("0.998")]
    assert trading.manager.portfolio.available("BTC") == 0


async def test_an_exit_that_sells_less_is_left_as_it_is(trading: TradingWorld) -> None:
    (order,) = await _filled(trading, ("sell", "0.3", "1100"))
    assert order.request.quantity == Decimal("0.3")


async def test_an_order_of_the_same_side_is_left_as_it_is(trading: TradingWorld) -> None:
    (order,) = await _filled(trading, ("buy", "5", "900"))
    assert order.request.quantity == 5


async def test_what_was_sold_is_bought_back_at_most(trading: TradingWorld) -> None:
    (order,) = await _filled(trading, ("buy", "3", "900"), side="sell")
    assert order.request.quantity == 1


async def test_another_symbol_is_not_cut(trading: TradingWorld) -> None:
    trading.exchange.open_candle("ETH/USDT", 100)
    (order,) = await _filled(trading, ("buy", "3", "90"), side="sell", symbol="ETH/USDT")
    assert order.request.quantity == 3


async def test_a_refused_exit_is_told_and_takes_nothing_from_the_next(
    trading: TradingWorld, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        orders = await _filled(trading, ("sell", "0.5", "1100.000000001"), ("sell", "1", "1200"))
    assert [order.request.quantity for order in orders] == [Decimal("0.998")]
    assert "was refused" in caplog.text
    assert "no multiple of" in caplog.text


async def test_a_cancelled_entry_chains_nothing(trading: TradingWorld) -> None:
    exits = (order_request("sell", OrderType.LIMIT, "1", "1100"),)
    entry = await trading.order("buy", OrderType.LIMIT, "1", "900", chained=exits)
    await trading.manager.trader.cancel_order(entry)
    trading.candle(800, 800, 800, 800)
    assert await trading.manager.trader.submit_chained_orders() == []


async def test_a_group_whose_first_order_cannot_be_paid_says_so(trading: TradingWorld) -> None:
    """The gap takes the stop beyond all funds, to a price at which the market takes no order of the rest."""
    await trading.order("buy", OrderType.LIMIT, "10", "500", tag="holds the rest")
    await trading.order("buy", OrderType.LIMIT, "5", "999.99999998")
    stop = await trading.order("buy", OrderType.STOP_LOSS, "0.00000001", "1", group_id="g")
    limit = await trading.order("buy", OrderType.LIMIT, "0.00000001", "1", group_id="g")
    trading.exchange.open_candle(SYMBOL, 1001)
    assert (stop.status, limit.status) == (OrderStatus.REJECTED, OrderStatus.CANCELED)
    assert stop.reason == "the price moved beyond the account's funds"
    assert limit.reason == "another order of its group was rejected"
