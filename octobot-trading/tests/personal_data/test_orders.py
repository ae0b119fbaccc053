# SPDX-License-Identifier: Apache-2.0
"""Orders: what may be asked for, and the one way through their life."""

from __future__ import annotations

from decimal import Decimal

from trading_world import order_request

from octobot_trading.enums import OrderEvent, OrderSide, OrderStatus, OrderType
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.orders_manager import OrdersManager
from octobot_trading.personal_data.trades.fill import Fill


def _order(order_id: str = "1", time: float = 10.0, **options: str) -> Order:
    return Order(order_id, order_request("buy", OrderType.LIMIT, "1", "100", **options), time)


def _fill(quantity: str, cost: str, fee: str, asset: str = "BTC") -> Fill:
    amounts = (Decimal(quantity), Decimal(cost) / Decimal(quantity), Decimal(cost), Decimal(fee))
    return Fill("1", "1", "BTC/USDT", OrderSide.BUY, *amounts, asset, "maker", 11.0)


def test_fills_add_up() -> None:
    order = _order()
    assert order.average_price is None
    order.add_fill(_fill("1", "100", "0.001"))
    order.add_fill(_fill("3", "340", "0.003"))
    order.add_fill(_fill("1", "110", "0.11", "USDT"))
    assert (order.filled_quantity, order.cost, order.average_price) == (5, 550, 110)
    assert order.fees == {"BTC": Decimal("0.004"), "USDT": Decimal("0.11")}


def test_a_snapshot_stays_as_it_was() -> None:
    order = _order(tag="entry", group_id="g")
    before = order.to_dict()
    order.happens(OrderEvent.ACCEPT, 10.0)
    order.add_fill(_fill("1", "100", "0.001"))
    order.end(OrderStatus.FILLED, 12.0)
    assert (before["status"], before["fees"], before["closing_time"]) == ("pending", {}, None)
    assert order.to_dict() == {
        "order_id": "1",
        "symbol": "BTC/USDT",
        "side": "buy",
        "type": "limit",
        "quantity": Decimal(1),
        "price": Decimal(100),
        "stop_price": None,
        "status": "filled",
        "filled_quantity": Decimal(1),
        "average_price": Decimal(100),
        "cost": Decimal(100),
        "fees": {"BTC": Decimal("0.001")},
        "creation_time": 10.0,
        "closing_time": 12.0,
        "reason": None,
        "tag": "entry",
        "group_id": "g",
        "cause": None,
    }


def test_the_manager_finds_open_orders_by_symbol_and_tag() -> None:
    orders = OrdersManager()
    first, second = _order("9", tag="entry"), _order("10", tag="exit")
    third = _order("11", 5.0, symbol="ETH/USDT", tag="entry")
    for order in (first, second, third):
        orders.add(order)
        order.happens(OrderEvent.ACCEPT, order.creation_time)
    assert orders.get_open_orders() == [first, second, third]
    assert orders.get_open_orders("BTC/USDT") == [first, second]
    assert orders.get_open_orders(tag="entry") == [first, third]
    assert orders.get_open_orders("BTC/USDT", "exit") == [second]
    orders.close(second, OrderStatus.CANCELED, 12.0, "because")
    assert orders.get("10") is None
    assert orders.get("9") is first
    # By creation; ids of one instant by number, not as texts.
    assert orders.all_orders() == [third, first, second]
