# SPDX-License-Identifier: Apache-2.0
"""A profit or a loss that is reached."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.automations.measures import listen_to_price, percent_text, profit_percent_of, side_of
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import AbstractTriggerEvent, Crossing, Fire
from octobot_trading.modes.wakes import Wakes


class ProfitabilityThreshold(AbstractTriggerEvent):
    """Fires once each time that the account's profit since the start comes to, or beyond, a threshold.

    The profit is what the BalanceProfitability channel tells, which is asked to do so at each price.
    """

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        form = SettingsForm(inputs, {})
        self.percent, self.side = profit_percent_of(form), side_of(form)

    async def start(self, wakes: Wakes, fire: Fire) -> None:
        performance, crossing = self.context.manager.performance, Crossing(self.side, self.percent)

        async def on_profitability(profitability_percent: Decimal, **_: Any) -> None:
            if crossing.sees(profitability_percent):
                limit = percent_text(self.percent)
                await fire(f"the profit is {percent_text(profitability_percent)}, {self.side} {limit}")

        async def on_price(_: Decimal) -> None:
            performance.refresh()

        await wakes.on("BalanceProfitability", on_profitability)
        await listen_to_price(wakes, "*", on_price)
