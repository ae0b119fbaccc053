# SPDX-License-Identifier: Apache-2.0
"""Time and again."""

from __future__ import annotations

from octobot_commons.constants import MINUTE_TO_SECONDS
from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.automations.measures import number_text
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import AbstractTriggerEvent, Fire
from octobot_trading.modes.wakes import Wakes


class PeriodElapsed(AbstractTriggerEvent):
    """Fires every so many minutes, the first time one period after the start."""

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        form = SettingsForm(inputs, {})
        self.minutes = form.decimal("period_minutes", 1440, "Every so many minutes", minimum=1, maximum=10_000_000)

    async def start(self, wakes: Wakes, fire: Fire) -> None:
        async def on_period() -> None:
            await fire(f"{number_text(self.minutes)} minutes have passed")

        await wakes.every(float(self.minutes) * MINUTE_TO_SECONDS, on_period)
