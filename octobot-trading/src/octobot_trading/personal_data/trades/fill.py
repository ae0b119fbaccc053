# SPDX-License-Identifier: Apache-2.0
"""One execution."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from octobot_trading.enums import OrderSide


@dataclass(frozen=True, slots=True)
class Fill:
    """An amount that changed hands. ``cost`` is ``quantity * price`` in quote; ``time`` is when it became known."""

    fill_id: str
    order_id: str
    symbol: str
    side: OrderSide
    quantity: Decimal
    price: Decimal
    cost: Decimal
    fee: Decimal
    fee_asset: str
    taker_or_maker: str
    time: float

    def to_dict(self) -> dict[str, Any]:
        """The fields by name; amounts stay Decimal."""
        return {
            "fill_id": self.fill_id,
            "order_id": self.order_id,
            "symbol": self.symbol,
            "side": self.side.value,
            "quantity": self.quantity,
            "price": self.price,
            "cost": self.cost,
            "fee": self.fee,
            "fee_asset": self.fee_asset,
            "taker_or_maker": self.taker_or_maker,
            "time": self.time,
        }
