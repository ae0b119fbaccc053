# SPDX-License-Identifier: Apache-2.0
"""An order from the moment it was asked for to its end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderEvent, OrderStatus
from octobot_trading.errors import InvalidOrderTransitionError
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.orders.order_states import ENDED, OrderState
from octobot_trading.personal_data.trades.fill import Fill

_END_EVENTS = {
    OrderStatus.FILLED: OrderEvent.FILL,
    OrderStatus.CANCELED: OrderEvent.CANCEL,
    OrderStatus.EXPIRED: OrderEvent.EXPIRE,
    OrderStatus.REJECTED: OrderEvent.REJECT,
}


class Order:
    """One order and what became of it. Only the orders manager and the trader change it.

    ``request`` is what the order asks for now: an edit replaces it.
    """

    __slots__ = ("closing_time", "cost", "creation_time", "decision", "fees", "filled_quantity", "is_exit", "order_id",
                 "parent_id", "reason", "request", "state")  # fmt: skip

    def __init__(
        self, order_id: str, request: OrderRequest, creation_time: float, parent_id: str | None = None
    ) -> None:
        self.order_id = order_id
        self.request = request
        self.creation_time = creation_time
        #: The order whose fill brought this one up.
        self.parent_id = parent_id
        #: What it was made from, as ``Decision.encode`` tells it; None where nobody said.
        self.decision: bytes | None = None
        #: Whether it only reduced risk when it was accepted, where that was looked at.
        self.is_exit = False
        self.state = OrderState()
        self.filled_quantity = ZERO
        self.cost = ZERO
        self.fees: dict[str, Decimal] = {}
        self.closing_time: float | None = None
        self.reason: str | None = None

    @property
    def symbol(self) -> str:
        return self.request.symbol

    @property
    def status(self) -> OrderStatus:
        return self.state.status

    @property
    def remaining_quantity(self) -> Decimal:
        """What can still fill, of an ended order what did not."""
        return self.request.quantity - self.filled_quantity

    @property
    def average_price(self) -> Decimal | None:
        """Quote per base over all fills, None before the first."""
        return self.cost / self.filled_quantity if self.filled_quantity else None

    @property
    def is_open(self) -> bool:
        """Whether it can still fill."""
        return self.state.is_open

    def happens(self, event: OrderEvent, time: float, reason: str | None = None) -> None:
        """Move to the next state of its life.

        Raises:
            InvalidOrderTransitionError: the event cannot happen to it.
        """
        try:
            self.state.apply(event)
        except InvalidOrderTransitionError as error:
            raise InvalidOrderTransitionError(f"order {self.order_id}: {error}") from None
        if reason is not None:
            self.reason = reason
        if self.status in ENDED:
            self.closing_time = time

    def end(self, status: OrderStatus, time: float, reason: str | None = None) -> None:
        """End with this status."""
        self.happens(_END_EVENTS[status], time, reason)

    def add_fill(self, fill: Fill) -> None:
        """Count a fill in. Its end, if this was the last one, is told of by ``end``."""
        self.filled_quantity += fill.quantity
        self.cost += fill.cost
        self.fees[fill.fee_asset] = self.fees.get(fill.fee_asset, ZERO) + fill.fee

    def to_dict(self) -> dict[str, Any]:
        """Everything known of it, in the order in which a person reads it; amounts stay Decimal.

        What a request leaves at its default is left out, but for what every order has.
        """
        request = self.request
        content = {
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
        if self.parent_id is not None:
            content["parent_id"] = self.parent_id
        content.update(_options(request))
        return content


_OPTIONS = ("time_in_force", "expiry_time", "reduce_only", "post_only", "position_side", "trailing_distance",
            "trailing_percent", "limit_offset", "client_order_id", "group_kind", "owner")  # fmt: skip
_DEFAULTS = {name: OrderRequest.__dataclass_fields__[name].default for name in _OPTIONS}


def _options(request: OrderRequest) -> dict[str, Any]:
    given = {name: getattr(request, name) for name in _OPTIONS}
    return {name: value for name, value in given.items() if value != _DEFAULTS[name]}
