# SPDX-License-Identifier: Apache-2.0
"""The orders that rest on the simulated exchange."""

from __future__ import annotations

import heapq
from collections.abc import Container, Iterator
from dataclasses import dataclass
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderStatus
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.chained_orders import ChainedOrders
from octobot_trading.personal_data.orders.order_request import OrderRequest


@dataclass(slots=True, eq=False)
class OpenOrder:
    """One accepted order. ``own_price`` is the price that it fills at unless the market is beyond it."""

    #: Under which the matching book knows it; another one once its stop price was edited.
    key: int
    order_id: str
    request: OrderRequest
    market: Market
    own_price: Decimal | None
    #: The price that the lock of its funds is counted with.
    hold_price: Decimal
    chained: ChainedOrders | None = None
    filled_quantity: Decimal = ZERO
    is_triggered: bool = False

    @property
    def remaining_quantity(self) -> Decimal:
        return self.request.quantity - self.filled_quantity


class OpenOrders:
    """By key, by id and by group, and when they end by themselves."""

    def __init__(self) -> None:
        self._by_key: dict[int, OpenOrder] = {}
        self._by_id: dict[str, OpenOrder] = {}
        self._groups: dict[str, dict[str, OpenOrder]] = {}
        self._filled_take_profits: dict[str, int] = {}
        #: By symbol: (time, order of asking, order id, status, reason).
        self._ends: dict[str, list[tuple[float, int, str, OrderStatus, str | None]]] = {}
        self._asked = 0

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, key: int) -> OpenOrder | None:
        """The open order that the book knows under this key."""
        return self._by_key.get(key)

    def find(self, order_id: str) -> OpenOrder | None:
        """The open order of this id."""
        return self._by_id.get(order_id)

    def add(self, order: OpenOrder) -> None:
        """Keep an order."""
        self._by_key[order.key] = order
        self._by_id[order.order_id] = order
        group_id = order.request.group_id
        if group_id is not None:
            self._groups.setdefault(group_id, {})[order.order_id] = order

    def change_key(self, order: OpenOrder, key: int) -> None:
        """Let the book know an order under another key: what it matched under the old one is void."""
        del self._by_key[order.key]
        order.key = key
        self._by_key[key] = order

    def remove(self, order: OpenOrder) -> None:
        """Forget an order."""
        del self._by_key[order.key]
        del self._by_id[order.order_id]
        group_id = order.request.group_id
        if group_id is None:
            return
        group = self._groups[group_id]
        del group[order.order_id]
        if not group:
            del self._groups[group_id]
            self._filled_take_profits.pop(group_id, None)

    def of_symbols(self, symbols: Container[str]) -> list[OpenOrder]:
        """The open orders of some symbols, in order of arrival."""
        return [order for order in self._by_id.values() if order.request.symbol in symbols]

    def others_of_group(self, order: OpenOrder) -> list[OpenOrder]:
        """The other open orders of its group, in order of arrival."""
        group_id = order.request.group_id
        if group_id is None:
            return []
        return [other for other in self._groups.get(group_id, {}).values() if other is not order]

    def count_take_profit(self, group_id: str) -> int:
        """One more take profit of the group has filled; returns how many now."""
        count = self._filled_take_profits.get(group_id, 0) + 1
        self._filled_take_profits[group_id] = count
        return count

    def end_at(self, order: OpenOrder, time: float, status: OrderStatus, reason: str | None) -> None:
        """Let an order end by itself."""
        self._asked += 1
        ends = self._ends.setdefault(order.request.symbol, [])
        heapq.heappush(ends, (time, self._asked, order.order_id, status, reason))

    def take_ended(self, symbol: str, time: float) -> Iterator[tuple[OpenOrder, OrderStatus, str | None]]:
        """The open orders of a symbol whose time has come, with the status and reason of their end."""
        ends = self._ends.get(symbol)
        while ends and ends[0][0] <= time:
            _, _, order_id, status, reason = heapq.heappop(ends)
            order = self._by_id.get(order_id)
            if order is not None:
                yield order, status, reason
