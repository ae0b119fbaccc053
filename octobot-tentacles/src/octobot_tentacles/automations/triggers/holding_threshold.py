# SPDX-License-Identifier: Apache-2.0
"""A holding that is reached."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.automations.measures import Holding, Unit, listen_to_price, number_text
from octobot_trading.automations import AbstractTriggerEvent, Crossing, Fire
from octobot_trading.modes.wakes import Wakes


class HoldingThreshold(AbstractTriggerEvent):
    """Fires once each time that what is held of an asset comes to, or beyond, a threshold."""

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        self.holding = Holding(inputs)

    def problem(self) -> str | None:
        return self.holding.problem()

    async def start(self, wakes: Wakes, fire: Fire) -> None:
        manager, holding = self.context.manager, self.holding
        crossing = Crossing(holding.side, holding.limit)

        async def look() -> None:
            value = holding.value(manager)
            if value is not None and crossing.sees(value):
                await fire(f"{holding.text(value)}, {holding.side} {number_text(holding.limit)}")

        async def on_balance(balance: dict[str, Any], **_: Any) -> None:
            if holding.unit is Unit.PERCENT or holding.asset in balance:
                await look()

        async def on_price(_: Decimal) -> None:
            await look()

        await wakes.on("Balance", on_balance)
        if holding.unit is Unit.PERCENT:
            await listen_to_price(wakes, "*", on_price)
