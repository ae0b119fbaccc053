# SPDX-License-Identifier: Apache-2.0
"""Keeps the parts of a shared account in step with its orders: each order locks and changes its owner's part alone."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_trading.constants import ZERO
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager
    from octobot_trading.personal_data.portfolio.sub_portfolio import SubPortfolios


class OwnedOrders:
    """Does nothing as long as the account was not shared out."""

    def __init__(self, exchange_manager: ExchangeManager) -> None:
        self._exchange_manager = exchange_manager
        self._numbers = itertools.count(1)

    def ask(self, request: OrderRequest) -> str:
        """Lock what an order needs before it is handed in; returns what ``answered`` is to be told.

        Raises:
            InsufficientFunds: its owner's part does not have it.
        """
        asked = f"asked-{next(self._numbers)}"
        if (parts := self._parts) is not None:
            self._hold(parts, asked, request, request.quantity)
        return asked

    def answered(self, asked: str) -> None:
        """What was asked for was not accepted, or is about to be told of as ``accepted``."""
        if (parts := self._parts) is not None:
            parts.release(asked)

    def accepted(self, order: Order) -> None:
        """An order that was asked for, or brought up by its parent, has an id."""
        if (parts := self._parts) is not None:
            self._hold(parts, order.order_id, order.request, order.remaining_quantity)

    def edited(self, order: Order) -> None:
        """An order asks for something else."""
        if (parts := self._parts) is not None and order.is_open:
            parts.release(order.order_id)
            self._hold(parts, order.order_id, order.request, order.remaining_quantity)

    def filled(self, order: Order, fill: Fill) -> None:
        """Part or all of an order was executed."""
        if (parts := self._parts) is not None:
            manager = self._exchange_manager
            market = manager.get_market(fill.symbol)
            still_needed = ZERO
            if order.remaining_quantity:
                _, still_needed = self._needs(order.request, order.remaining_quantity)
            parts.apply(fill, market, still_needed)

    def closed(self, order: Order) -> None:
        """An order has ended."""
        if (parts := self._parts) is not None:
            parts.release(order.order_id)

    @property
    def _parts(self) -> SubPortfolios | None:
        return self._exchange_manager.sub_portfolios

    def _hold(self, parts: SubPortfolios, order_id: str, request: OrderRequest, quantity: Decimal) -> None:
        asset, amount = self._needs(request, quantity)
        parts.hold(order_id, request.owner, asset, amount, request.group_id)

    def _needs(self, request: OrderRequest, quantity: Decimal) -> tuple[str, Decimal]:
        manager = self._exchange_manager
        market = manager.get_market(request.symbol)
        price = request.own_price or manager.get_symbol_data(request.symbol).last_price
        cost = ZERO if price is None else market.cost_of(quantity, price)
        return manager.exchange.fee_model.needs(market, request.side, quantity, cost)
