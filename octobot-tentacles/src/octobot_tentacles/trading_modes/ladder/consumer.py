# SPDX-License-Identifier: Apache-2.0
"""Creates the orders that a ladder's producer has decided on, and tells the ladder what became of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot, SlotStatus
from octobot_tentacles.trading_modes.ladder.spec import cause_of
from octobot_tentacles.trading_modes.ladder.steps import MAX_ATTEMPTS
from octobot_trading.enums import OrderType
from octobot_trading.modes import AbstractTradingModeConsumer
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest


class LadderConsumer(AbstractTradingModeConsumer):
    """``data`` is {"ladder": a ladder, "slots": those whose orders are to be created}, or {"request": an order,
    "if_refused": what to await where it is}."""

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        """Create them; one that is refused is tried again with the next fill, at most twice."""
        data = kwargs["data"]
        if "request" in data:
            created = await self.create_each([data["request"]])
            if not created:
                await data["if_refused"]()
            return created
        ladder, slots = data["ladder"], data["slots"]
        texts = None if ladder.spec is None else ladder.spec.encode()
        created = []
        try:
            for slot in slots:
                created += await self._create(symbol, ladder, slot, texts)
        finally:
            for slot in slots:
                if slot.status is SlotStatus.ASKED:  # the exchange has not answered
                    slot.status = SlotStatus.DUE
        return created

    async def _create(self, symbol: str, ladder: Ladder, slot: Slot, texts: dict[str, str] | None) -> list[Order]:
        name = self.trading_mode.get_name()
        request = OrderRequest(
            symbol,
            slot.side,
            OrderType.MARKET if slot.at_market else OrderType.LIMIT,
            slot.quantity,
            price=None if slot.at_market else slot.price,
            tag=name,
            cause=cause_of(name, texts, slot.number),
        )
        created = await self.create_each([request])
        if created:
            ladder.opened(slot, created[0].order_id)
            return created
        slot.status, slot.attempts = SlotStatus.DUE, slot.attempts + 1
        if slot.attempts >= MAX_ATTEMPTS:
            slot.rest(f"refused {MAX_ATTEMPTS} times")
        return []
