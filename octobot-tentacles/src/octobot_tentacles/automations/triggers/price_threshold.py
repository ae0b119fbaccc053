# SPDX-License-Identifier: Apache-2.0
"""A price that is reached."""

from __future__ import annotations

from decimal import Decimal

from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.automations.measures import (
    followed_symbol,
    listen_to_price,
    number_text,
    price_of,
    side_of,
    symbol_of,
)
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import AbstractTriggerEvent, Crossing, Fire
from octobot_trading.modes.wakes import Wakes


class PriceThreshold(AbstractTriggerEvent):
    """Fires once each time that the price comes to, or beyond, a threshold."""

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        form = SettingsForm(inputs, {})
        self.symbol, self.price, self.side = symbol_of(form), price_of(form), side_of(form)

    def problem(self) -> str | None:
        return None if self.price > 0 else "price must be above 0"

    async def start(self, wakes: Wakes, fire: Fire) -> None:
        symbol, crossing = followed_symbol(self.context.manager, self.symbol), Crossing(self.side, self.price)

        async def on_price(price: Decimal) -> None:
            if crossing.sees(price):
                await fire(f"the price of {symbol} is {number_text(price)}, {self.side} {number_text(self.price)}")

        await listen_to_price(wakes, symbol, on_price)
