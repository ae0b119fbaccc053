# SPDX-License-Identifier: Apache-2.0
"""A price that moves fast."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from enum import StrEnum

from octobot_commons.constants import MINUTE_TO_SECONDS
from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.automations.measures import (
    followed_symbol,
    listen_to_price,
    number_text,
    percent_text,
    symbol_of,
)
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import AbstractTriggerEvent, Crossing, Fire, Side
from octobot_trading.constants import ONE_HUNDRED, ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.modes.wakes import Wakes


class Direction(StrEnum):
    """Which moves count."""

    ANY = "any"
    UP = "up"
    DOWN = "down"


class VolatilityThreshold(AbstractTriggerEvent):
    """Fires once each time that a price has moved far enough within a time.

    rise % = (price - lowest price of the window) / lowest price · 100, fall % likewise from the highest one.
    """

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        form = SettingsForm(inputs, {})
        self.symbol = symbol_of(form)
        self.move = form.decimal("move_percent", 5, "Move, in percent", maximum=1_000_000)
        self.minutes = form.decimal("window_minutes", 60, "Within so many minutes", minimum=1, maximum=10_000_000)
        options = [one.value for one in Direction]
        self.direction = Direction(form.choice("direction", Direction.ANY.value, options, "Which way"))

    def problem(self) -> str | None:
        return None if self.move > 0 else "move_percent must be above 0"

    async def start(self, wakes: Wakes, fire: Fire) -> None:
        symbol, clock = followed_symbol(self.context.manager, self.symbol), self.context.manager.clock
        window, crossing = PriceWindow(float(self.minutes) * MINUTE_TO_SECONDS), Crossing(Side.ABOVE, self.move)

        async def on_price(price: Decimal) -> None:
            if price <= 0:
                return
            rise, fall = window.moves(clock.now(), price)
            counted = {Direction.UP: rise, Direction.DOWN: fall, Direction.ANY: max(rise, fall)}[self.direction]
            if crossing.sees(counted):
                way = "risen" if counted == rise and self.direction is not Direction.DOWN else "fallen"
                await fire(f"{symbol} has {way} by {percent_text(counted)} within {number_text(self.minutes)} minutes")

        await listen_to_price(wakes, symbol, on_price)


class PriceWindow:
    """The lowest and the highest price of the last seconds. Keeps only those that may still become one of them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lows: deque[tuple[float, Decimal]] = deque()
        self._highs: deque[tuple[float, Decimal]] = deque()

    def moves(self, now: float, price: Decimal) -> tuple[Decimal, Decimal]:
        """(rise, fall) in percent, to this price, which is remembered."""
        for extremes, sign in ((self._lows, 1), (self._highs, -1)):
            while extremes and extremes[0][0] <= now - self._seconds:
                extremes.popleft()
            while extremes and sign * (extremes[-1][1] - price) >= 0:
                extremes.pop()
            extremes.append((now, price))
        low, high = self._lows[0][1], self._highs[0][1]
        return max(ZERO, _change(low, price)), max(ZERO, -_change(high, price))


def _change(before: Decimal, after: Decimal) -> Decimal:
    return WIDE.multiply(WIDE.divide(WIDE.subtract(after, before), before), ONE_HUNDRED)
