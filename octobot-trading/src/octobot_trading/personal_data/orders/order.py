# SPDX-License-Identifier: Apache-2.0
"""An order from the moment it was accepted to its end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderStatus
from octobot_trading.errors import InvalidOrderTransitionError
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill

_NEXT: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.OPEN, OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.REJECTED}),
    OrderStatus.OPEN: frozenset({OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.REJECTED}),
    OrderStatus.FILLED: frozenset(),
    OrderStatus.CANCELED: frozenset(),
    OrderStatus.REJECTED: frozenset(),
}


class Order:
    """One order and what became of it. Only the orders manager changes it."""

    __slots__ = ("closing_time", "cost", "creation_time", "fees", "filled_quantity", "order_id", "reason", "request",
                 "status")  # fmt: skip

    def __init__(self, order_id: str, request: OrderRequest, creation_time: float) -> None:
        self.order_id = order_id
        self.request = request
        self.creation_time = creation_time
        self.status = OrderStatus.PENDING
        self.filled_quantity = ZERO
        self.cost = ZERO
        self.fees: dict[str, Decimal] = {}
        self.closing_time: float | None = None
        self.reason: str | None = None

    @property
    def symbol(self) -> str:
        return self.request.symbol

    @property
    def average_price(self) -> Decimal | None:
        """Quote per base over all fills, None before the first."""
        return self.cost / self.filled_quantity if self.filled_quantity else None

    @property
    def is_open(self) -> bool:
        """Whether it can still fill."""
        return self.status in (OrderStatus.OPEN, OrderStatus.PENDING)

    def transition_to(self, status: OrderStatus, time: float, reason: str | None = None) -> None:
        """Move to the next state of its life.

        Raises:
            InvalidOrderTransitionError: ``status`` cannot follow the present one.
        """
        if status not in _NEXT[self.status]:
            raise InvalidOrderTransitionError(f"order {self.order_id} is {self.status} and cannot become {status}")
        self.status = status
        self.reason = reason
        if not _NEXT[status]:
            self.closing_time = time

    def add_fill(self, fill: Fill) -> None:
        """Count a fill in."""
        self.filled_quantity += fill.quantity
        self.cost += fill.cost
        self.fees[fill.fee_asset] = self.fees.get(fill.fee_asset, ZERO) + fill.fee

    def to_dict(self) -> dict[str, Any]:
        """Everything known of it, in the order in which a person reads it; amounts stay Decimal."""
        request = self.request
        return {
            "order_id": self.order_id,
            "symbol": request.symbol,
            "side": request.side.value,
            "type": request.order_type.value,
            "quantity": request.quantity,
            "price": request.price,
            "stop_price": request.stop_price,
            "status": self.status.value,
            "filled_quantity": self.filled_quantity,
            "average_price": self.average_price,
            "cost": self.cost,
            "fees": dict(self.fees),
            "creation_time": self.creation_time,
            "closing_time": self.closing_time,
            "reason": self.reason,
            "tag": request.tag,
            "group_id": request.group_id,
            "cause": request.cause,
        }
