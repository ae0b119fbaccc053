# SPDX-License-Identifier: Apache-2.0
"""The consumer of modes whose producers plan every order themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from octobot_trading.modes import AbstractTradingModeConsumer
from octobot_trading.personal_data.orders.order import Order

#: Awaited with the orders that were created.
Then: TypeAlias = Callable[[Sequence[Order]], Awaitable[Any]]


class PlannedOrdersConsumer(AbstractTradingModeConsumer):
    """``data`` is {"orders": requests, "then": what to await with those that were created, or None}."""

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        """Create them; what is refused is left out, counted and explained."""
        data = kwargs["data"]
        created: list[Order] = []
        try:
            created = await self.create_each(data["orders"])
        finally:
            if data["then"] is not None:  # also where the exchange has failed: the producer waits for it
                await data["then"](created)
        return created
