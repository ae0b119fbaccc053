# SPDX-License-Identifier: Apache-2.0
"""What somebody asks an exchange to do."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.errors import OrderRefused


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order as asked for. Amounts are in the base asset, prices in the quote asset.

    Attributes:
        price: of a limit order, None for the others.
        stop_price: at which a stop loss becomes a market order, None for the others.
        tag: free text by which its owner finds the order again.
        group_id: orders that share it are one-cancels-the-other: they share the funds they lock, and the first fill
            cancels the rest.
        chained: submitted when this order is filled, cut where they sell more than the fill brought in.
        cause: what made this order, kept with it.
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

    def trigger_price(self) -> Decimal | None:
        """The order's own price: limit or stop; None for a market order.

        Raises:
            OrderRefused: a price is missing, or given where it has no meaning.
        """
        needs_price = self.order_type is OrderType.LIMIT
        needs_stop = self.order_type is OrderType.STOP_LOSS
        if needs_price is (self.price is None) or needs_stop is (self.stop_price is None):
            raise OrderRefused(
                f"{self.symbol}: a {self.order_type} order with price {self.price} and stop price {self.stop_price}",
                rule="price",
                remedy="a limit order has a price, a stop loss a stop price, a market order neither",
            )
        return self.price if needs_price else self.stop_price
