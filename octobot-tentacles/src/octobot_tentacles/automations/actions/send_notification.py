# SPDX-License-Identifier: Apache-2.0
"""A message."""

from __future__ import annotations

from octobot_commons.nested_inputs import DeclaresInputs
from octobot_commons.notifications import NotificationLevel
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import AbstractAction, Execution


class SendNotification(AbstractAction):
    """Tells the user what has happened, with a text of his own before it."""

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        form, levels = SettingsForm(inputs, {}), [one.value for one in NotificationLevel]
        self.message = form.text("message", "", "Message")
        self.level = NotificationLevel(form.choice("level", NotificationLevel.INFO.value, levels, "Importance"))

    async def run(self, execution: Execution) -> str:
        text = f"{self.message}: {execution.reason}" if self.message else execution.reason
        await self.context.notify(text, self.level)
        return f"the user was told {text!r}"
