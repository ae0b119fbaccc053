# SPDX-License-Identifier: Apache-2.0
"""What somebody asks an exchange to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from octobot_trading.enums import GroupKind, OrderSide, OrderType, PositionSide, TimeInForce
from octobot_trading.personal_data.orders.cancel_policies import CancelPolicy


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order as asked for. Prices are in the quote asset, quantities in the base asset or in contracts.

    Which of the price fields a type needs stands in ``order_fields.py``.

    Attributes:
        price: the limit.
        stop_price: at which the order is triggered; of a trailing stop the first stop, None to begin at its distance.
        tag: free text by which its owner finds the order again.
        group_id: names the orders of a group, which share the funds they lock; ``group_kind`` says what a fill of one
            does to the others.
        chained: submitted as this order fills, for the part that has filled, cut where they sell more than the fills
            brought in.
        cause: what made this order, kept with it.
        reduce_only: never opens or increases a position.
        post_only: refused or cancelled where it would take liquidity.
        expiry_time: of a GTD order, Unix seconds.
        trailing_distance, trailing_percent: how far a trailing stop follows, in quote or in percent of the best price.
        limit_offset: how far beyond its trigger the limit of a triggered trailing stop lies, in quote.
        position_side: which position of hedge mode.
        client_order_id: refused when an order with the same one was accepted before.
        cancel_policy: when the bot itself cancels it.
        owner: the sub-portfolio that it trades for, None for the account.
        trail_to: in a group that trails on filled take profits, the stop price after each filled one.
    """

    symbol: str
    side: OrderSide
    order_type: OrderType
    quantity: Decimal
    price: Decimal | None = None
    stop_price: Decimal | None = None
    tag: str | None = None
    group_id: str | None = None
    chained: tuple[OrderRequest, ...] = ()
    cause: dict[str, Any] | None = None
    reduce_only: bool = False
    post_only: bool = False
    time_in_force: TimeInForce = TimeInForce.GTC
    expiry_time: float | None = None
    trailing_distance: Decimal | None = None
    trailing_percent: Decimal | None = None
    limit_offset: Decimal | None = None
    position_side: PositionSide = PositionSide.BOTH
    client_order_id: str | None = None
    group_kind: GroupKind = GroupKind.ONE_CANCELS_THE_OTHER
    cancel_policy: CancelPolicy | None = None
    owner: str | None = None
    trail_to: tuple[Decimal, ...] = ()

    @property
    def is_at_once(self) -> bool:
        """Whether it ends with the first price that it sees."""
        return self.time_in_force in (TimeInForce.IOC, TimeInForce.FOK)

    @property
    def own_price(self) -> Decimal | None:
        """The limit, else the stop price; None for market and trailing orders without one."""
        return self.price if self.price is not None else self.stop_price


def edited(
    request: OrderRequest, quantity: Decimal | None, price: Decimal | None, stop_price: Decimal | None
) -> OrderRequest:
    """The request with other fields; None leaves one as it is."""
    return replace(
        request,
        quantity=request.quantity if quantity is None else quantity,
        price=request.price if price is None else price,
        stop_price=request.stop_price if stop_price is None else stop_price,
    )
