# SPDX-License-Identifier: Apache-2.0
"""Not too often."""

from __future__ import annotations

from octobot_commons.constants import MINUTE_TO_SECONDS
from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import AbstractCondition, Execution


class MinimumDelay(AbstractCondition):
    """Holds when the same automation has not acted for so many minutes, or never."""

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        form = SettingsForm(inputs, {})
        self.minutes = form.decimal("delay_minutes", 60, "Minutes since it acted last", maximum=10_000_000)

    def is_met(self, execution: Execution) -> bool:
        seconds = float(self.minutes) * MINUTE_TO_SECONDS
        return execution.last_time is None or execution.time >= execution.last_time + seconds
