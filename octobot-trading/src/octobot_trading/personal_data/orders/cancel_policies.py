# SPDX-License-Identifier: Apache-2.0
"""When the bot cancels an order of its own accord."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_trading.enums import OrderSide

if TYPE_CHECKING:
    from octobot_trading.personal_data.orders.order import Order


class CancelPolicy(ABC):
    """Asked at each price of the order's symbol."""

    @abstractmethod
    def reason_to_cancel(self, order: Order, now: float, price: Decimal) -> str | None:
        """Why the order must go, None while it may stay."""


@dataclass(frozen=True, slots=True)
class ExpirationTime(CancelPolicy):
    """Cancels with the first price from a time on, also where an exchange knows no GTD orders."""

    expiration_time: float

    def reason_to_cancel(self, order: Order, now: float, price: Decimal) -> str | None:
        return "its expiration time has come" if now >= self.expiration_time else None


@dataclass(frozen=True, slots=True)
class ChainedPrice(CancelPolicy):
    """Cancels an entry that is not filled when the price reaches one of the orders chained to it: it comes too late.

    An entry to buy at 100 with a take profit at 110 makes no sense any more once the price was at 110.
    """

    def reason_to_cancel(self, order: Order, now: float, price: Decimal) -> str | None:
        if order.filled_quantity:
            return None
        for chained in order.request.chained:
            target = chained.own_price
            if target is not None and _is_beyond(order, target, price):
                return f"the price reached {target}, where an order chained to it trades"
        return None


def _is_beyond(order: Order, target: Decimal, price: Decimal) -> bool:
    """Whether ``price`` has reached a target that lies in the direction away from the entry, where profit is."""
    entry = order.request.own_price
    if entry is None:
        return False
    if order.request.side is OrderSide.BUY:
        return price >= target > entry
    return price <= target < entry
