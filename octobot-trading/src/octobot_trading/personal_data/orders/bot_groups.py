# SPDX-License-Identifier: Apache-2.0
"""Lets the orders of a group answer to each other's fills where the exchange does not: it has no groups, or one of the
orders waits here for its price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octobot_commons.logging import get_logger
from octobot_trading.enums import GroupKind
from octobot_trading.errors import OrderRefused
from octobot_trading.personal_data.orders.groups import Change, changes_after_fill, leg_of
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.self_managed import SelfManagedOrders

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager
    from octobot_trading.personal_data.orders.trader import Trader


class BotGroups:
    """Fills that groups have not answered to yet. Between a fill and the answer both orders can fill."""

    def __init__(self, exchange_manager: ExchangeManager, trader: Trader, self_managed: SelfManagedOrders) -> None:
        self._exchange_manager = exchange_manager
        self._trader = trader
        self._self_managed = self_managed
        self._logger = get_logger(type(self).__name__)
        self._waiting: list[Order] = []
        self._filled_take_profits: dict[str, int] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether there is something to answer to."""
        return bool(self._waiting)

    def add_fill(self, order: Order) -> None:
        """An order has filled, in part or completely."""
        group_id = order.request.group_id
        if group_id is None:
            return
        if not self._exchange_manager.exchange.groups_orders or self._has_self_managed(group_id):
            self._waiting.append(order)

    async def answer(self) -> None:
        """Do what the fills since the last call ask for."""
        waiting, self._waiting = self._waiting, []
        for order in waiting:
            group_id = order.request.group_id
            assert group_id is not None
            others = [one for one in self._exchange_manager.orders_manager.get_group(group_id) if one is not order]
            filled = self._count(order, group_id)
            for change in changes_after_fill(order.request, order.remaining_quantity, filled, others):
                await self._apply(change)

    def _count(self, order: Order, group_id: str) -> int:
        """How many take profits of the group have filled."""
        kind = order.request.group_kind
        is_filled = not order.remaining_quantity and leg_of(order.request) == "take profits"
        if kind is GroupKind.TRAILING_ON_FILLED_TAKE_PROFIT and is_filled:
            self._filled_take_profits[group_id] = self._filled_take_profits.get(group_id, 0) + 1
        return self._filled_take_profits.get(group_id, 0)

    async def _apply(self, change: Change) -> None:
        order = self._exchange_manager.orders_manager.get(change.order_id)
        if order is None:
            return
        if not change.remaining_quantity:
            await self._trader.cancel_order(order, "another order of its group was filled")
            return
        quantity = order.filled_quantity + change.remaining_quantity
        try:
            await self._trader.edit_order(order, quantity, stop_price=change.stop_price)
        except OrderRefused as error:
            self._logger.warning("order %s cannot follow its group: %s", order.order_id, error)
            await self._trader.cancel_order(order, f"what is left for it in its group is refused: {error}")

    def _has_self_managed(self, group_id: str) -> bool:
        group = self._exchange_manager.orders_manager.get_group(group_id)
        return any(self._self_managed.holds(order) for order in group)
