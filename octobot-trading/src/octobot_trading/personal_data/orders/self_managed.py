# SPDX-License-Identifier: Apache-2.0
"""Stops, take profits and trailing stops of exchanges that have none: watched here, handed in when they are triggered.

They work only while the bot runs and hears prices, hold no funds, and may be refused when they are triggered. What the
exchange offers is always preferred.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_commons.logging import get_logger
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderEvent, OrderStatus, OrderType
from octobot_trading.errors import NotTaken, OrderRefused, TemporaryFault
from octobot_trading.exchanges.simulated._matching import MatchingBook
from octobot_trading.exchanges.simulated.acceptance import check_request
from octobot_trading.exchanges.simulated.open_orders import OpenOrder
from octobot_trading.exchanges.simulated.resting import rest, trigger_price, triggered_limit
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_fields import TRIGGERED_LIMITS
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.orders.supervision import listen_to_prices

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager
    from octobot_trading.personal_data.orders.trader import Trader

_PREFIX = "self-"
#: Seconds until an order that was not taken is handed in again.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


class SelfManagedOrders:
    """The orders that wait here for their price, by symbol in the same books that the simulated exchange has."""

    def __init__(self, exchange_manager: ExchangeManager, trader: Trader) -> None:
        self._exchange_manager = exchange_manager
        self._trader = trader
        self._logger = get_logger(type(self).__name__)
        self._books: dict[str, MatchingBook] = {}
        self._orders: dict[int, Order] = {}
        self._keys: dict[str, int] = {}
        self._last_key = 0
        #: Triggered ones that the exchange has not looked at yet.
        self._trying: set[str] = set()

    def holds(self, order: Order) -> bool:
        """Whether an order waits here, for its price or for an exchange that takes no requests now."""
        return order.order_id in self._keys or order.order_id in self._trying

    @staticmethod
    def names(order_id: str) -> bool:
        """Whether an id is one of those given here."""
        return order_id.startswith(_PREFIX)

    async def add(self, request: OrderRequest) -> Order:
        """Watch for an order's price from now on.

        Raises:
            OrderRefused: the exchange would not take what it becomes, or no price is known.
        """
        manager = self._exchange_manager
        self._check(request)
        if request.symbol not in self._books:
            self._books[request.symbol] = MatchingBook()
            await listen_to_prices(manager, request.symbol, self._on_price)
        order = self._trader.take_in(f"{_PREFIX}{self._last_key + 1}", request)
        self._wait(order)
        return order

    def edit(self, order: Order, request: OrderRequest) -> None:
        """Wait for another price, or hand in another quantity.

        Raises:
            OrderRefused: the exchange would not take what it becomes.
        """
        self._check(request)
        if order.order_id in self._trying:
            order.request = request
            return
        self._forget(order)
        order.request = request
        self._wait(order)

    def cancel(self, order: Order, reason: str | None) -> None:
        """Wait for its price no longer."""
        if order.order_id not in self._trying:
            self._forget(order)
        now = self._exchange_manager.clock.now()
        self._trader.on_order_closed(order.order_id, OrderStatus.CANCELED, now, reason)

    async def _on_price(self, symbol: str, price: Decimal) -> None:
        now = self._exchange_manager.clock.now()
        for match in self._books[symbol].match_open(float(price), now):
            order = self._orders.get(match[2])
            if order is not None:
                await self._hand_in(order, price)

    async def _hand_in(self, order: Order, price: Decimal) -> None:
        """The price was reached: from now on the order is the exchange's."""
        self._forget(order)
        clock, waiting_id = self._exchange_manager.clock, order.order_id
        order.happens(OrderEvent.TRIGGER, clock.now())
        self._trying.add(waiting_id)
        try:
            order_id = await self._hand_in_until_taken(order, price)
        except OrderRefused as error:
            self._logger.warning("order %s was triggered and refused: %s", order.order_id, error)
            self._trader.on_order_closed(order.order_id, OrderStatus.REJECTED, clock.now(), str(error))
            return
        finally:
            self._trying.discard(waiting_id)
        if order_id is None:
            return
        self._exchange_manager.orders_manager.change_id(order, order_id)
        self._trader.owned_orders.accepted(order)
        self._trader.tell_transition(order)
        self._trader.answered(order_id)

    async def _hand_in_until_taken(self, order: Order, price: Decimal) -> str | None:
        """The order's id on the exchange; None where it was cancelled before the exchange has looked at it.

        A stop that the exchange has not even looked at is not given up: what it protects still needs it.
        """
        pause = 0.0
        while order.is_open:
            parent = self._exchange_manager.orders_manager.parent_of(order)
            try:
                return (await self._trader.hand_in(self._triggered(order.request, price), parent))[0]
            except (TemporaryFault, NotTaken) as error:
                asked = error.retry_after_seconds if isinstance(error, TemporaryFault) else None
                pause = max(asked or 0.0, min(_LONGEST_PAUSE, 2 * pause or _FIRST_PAUSE))
                self._logger.warning("order %s was triggered and not taken: %s", order.order_id, error)
                await self._exchange_manager.clock.sleep(pause)
        return None

    def _triggered(self, request: OrderRequest, price: Decimal) -> OrderRequest:
        """The market or limit order that a triggered one becomes."""
        plain = replace(request, stop_price=None, trailing_distance=None, trailing_percent=None, limit_offset=None)
        if request.order_type not in TRIGGERED_LIMITS:
            return replace(plain, order_type=OrderType.MARKET)
        market = self._exchange_manager.get_market(request.symbol)
        return replace(plain, order_type=OrderType.LIMIT, price=triggered_limit(request, market, price))

    def _check(self, request: OrderRequest) -> None:
        manager = self._exchange_manager
        price = manager.get_symbol_data(request.symbol).price
        market = manager.get_market(request.symbol)
        check_request(request, market, math.nan if price is None else price, manager.clock.now())

    def _wait(self, order: Order) -> None:
        self._last_key += 1
        self._orders[self._last_key] = order
        self._keys[order.order_id] = self._last_key
        request, manager = order.request, self._exchange_manager
        rest(
            self._books[request.symbol],
            OpenOrder(
                self._last_key,
                order.order_id,
                request,
                manager.get_market(request.symbol),
                trigger_price(request),
                hold_price=ZERO,
            ),
            manager.clock.now(),
        )

    def _forget(self, order: Order) -> None:
        key = self._keys.pop(order.order_id)
        del self._orders[key]
        self._books[order.symbol].remove(key)
