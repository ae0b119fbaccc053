# SPDX-License-Identifier: Apache-2.0
"""Creates and cancels orders, and keeps what the bot knows of its account in step with what the exchange says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_commons.logging import get_logger
from octobot_trading.constants import ONE
from octobot_trading.enums import OrderStatus, OrderUpdateType
from octobot_trading.errors import OrderRefused
from octobot_trading.personal_data.account_events import AccountEvents
from octobot_trading.personal_data.orders.chained_orders import FillProceeds
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.trades.fill import Fill

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class Trader:
    """The one way to trade on an exchange. It is the exchange's ``AccountListener``.

    State changes at once; the Orders, Trades and Balance channels tell of it afterwards.
    """

    def __init__(self, exchange_manager: ExchangeManager, risk: Decimal = ONE) -> None:
        self.risk = risk
        self.logger = get_logger(f"{type(self).__name__}[{exchange_manager.exchange_name}]")
        self._exchange_manager = exchange_manager
        self._exchange = exchange_manager.exchange
        self._orders = exchange_manager.orders_manager
        self._events = AccountEvents(exchange_manager)
        self._to_chain: list[tuple[Order, Fill]] = []
        self._exchange.listener = self

    async def create_order(self, request: OrderRequest) -> Order:
        """Hand an order to the exchange.

        Raises:
            OrderRefused: naming the rule that it breaks; nothing was changed.
        """
        order_id = await self._exchange.create_order(request)
        order = Order(order_id, request, self._exchange_manager.clock.now())
        order.transition_to(OrderStatus.OPEN, order.creation_time)
        self._orders.add(order)
        self._events.send_order(order, OrderUpdateType.NEW)
        return order

    async def cancel_order(self, order: Order) -> bool:
        """Cancel an order; False when it had ended before."""
        return order.is_open and await self._exchange.cancel_order(order.order_id)

    async def cancel_open_orders(self, symbol: str | None = None, tag: str | None = None) -> list[Order]:
        """Cancel the open orders of a symbol and tag; returns those that were."""
        orders = self._orders.get_open_orders(symbol, tag)
        return [order for order in orders if await self.cancel_order(order)]

    @property
    def has_chained_orders(self) -> bool:
        """Whether fills have come that other orders waited for."""
        return bool(self._to_chain)

    async def submit_chained_orders(self) -> list[Order]:
        """Submit the orders that were waiting for fills that have come since the last call."""
        waiting, self._to_chain = self._to_chain, []
        created: list[Order] = []
        for parent, fill in waiting:
            proceeds = FillProceeds(fill, self._exchange.get_market(fill.symbol))
            for request in parent.request.chained:
                order = await self._chain(parent, proceeds, request)
                if order is not None:
                    created.append(order)
        return created

    async def _chain(self, parent: Order, proceeds: FillProceeds, request: OrderRequest) -> Order | None:
        try:
            order = await self.create_order(proceeds.cut(request))
        except OrderRefused as error:
            self.logger.warning("the order chained to order %s was refused: %s", parent.order_id, error)
            return None
        proceeds.take(order.request)
        return order

    # AccountListener

    def on_fill(self, fill: Fill) -> None:
        order = self._orders.get(fill.order_id)
        self._exchange_manager.trades_manager.add(fill)
        if order is not None:
            order.add_fill(fill)
            if order.request.chained:
                self._to_chain.append((order, fill))
        self._events.send_trade(fill)

    def on_order_closed(self, order_id: str, status: OrderStatus, time: float, reason: str | None) -> None:
        order = self._orders.get(order_id)
        if order is not None:  # an order that is not ours is none of our business
            self._orders.close(order, status, time, reason)
            self._events.send_order(order, OrderUpdateType.CLOSED)

    def on_balances(self, balances: Mapping[str, Balance]) -> None:
        for asset, balance in balances.items():
            self._exchange_manager.portfolio.set(asset, balance)
        self._events.send_balances(balances)
