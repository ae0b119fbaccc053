# SPDX-License-Identifier: Apache-2.0
"""The orders of one exchange account, as the bot knows them."""

from __future__ import annotations

import itertools

from octobot_trading.enums import OrderStatus
from octobot_trading.personal_data.orders.order import Order


class OrdersManager:
    """Open orders by id in order of arrival, and those that ended."""

    def __init__(self) -> None:
        self._open: dict[str, Order] = {}
        self._closed: list[Order] = []
        #: For names of groups that no two groups of this account share.
        self.group_numbers = itertools.count(1)

    def add(self, order: Order) -> None:
        """Keep a new order."""
        self._open[order.order_id] = order

    def get(self, order_id: str) -> Order | None:
        """An open order, None when there is none of this id."""
        return self._open.get(order_id)

    def find(self, order_id: str) -> Order | None:
        """An order, open or ended, looked for from the one that ended last; None when there never was one."""
        ended = (order for order in reversed(self._closed) if order.order_id == order_id)
        return self._open.get(order_id) or next(ended, None)

    def parent_of(self, order: Order) -> Order | None:
        """The order whose fill brought this one up; None: none did."""
        return None if order.parent_id is None else self.find(order.parent_id)

    def close(self, order: Order, status: OrderStatus, time: float, reason: str | None = None) -> None:
        """End an order."""
        order.end(status, time, reason)
        del self._open[order.order_id]
        self._closed.append(order)

    def change_id(self, order: Order, order_id: str) -> None:
        """An order that was managed here is now the exchange's, under its id."""
        del self._open[order.order_id]
        order.order_id = order_id
        self._open[order_id] = order

    def get_group(self, group_id: str) -> list[Order]:
        """The open orders of a group, oldest first."""
        return [order for order in self._open.values() if order.request.group_id == group_id]

    def get_open_orders(self, symbol: str | None = None, tag: str | None = None) -> list[Order]:
        """Open orders, oldest first, of a symbol and tag where these are given."""
        return [
            order
            for order in self._open.values()
            if (symbol is None or order.request.symbol == symbol) and (tag is None or order.request.tag == tag)
        ]

    def all_orders(self) -> list[Order]:
        """Every order that was accepted, by creation."""
        return sorted([*self._closed, *self._open.values()], key=_creation)


def _creation(order: Order) -> tuple[float, int, str]:
    return order.creation_time, len(order.order_id), order.order_id
