# SPDX-License-Identifier: Apache-2.0
"""One execution."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from octobot_trading.constants import EXACT, ONE, ZERO
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

    def exchanged(self, base: str, quote: str) -> dict[str, Decimal]:
        """What a spot fill adds to each asset, its fee taken out."""
        sign = ONE if self.side is OrderSide.BUY else -ONE
        changes = {base: sign * self.quantity, quote: -sign * self.cost}
        changes[self.fee_asset] = EXACT.subtract(changes.get(self.fee_asset, ZERO), self.fee)
        return changes

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
