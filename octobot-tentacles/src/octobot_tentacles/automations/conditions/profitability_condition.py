# SPDX-License-Identifier: Apache-2.0
"""Only with a profit, or only with a loss."""

from __future__ import annotations

from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.automations.measures import profit_percent_of, side_of
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import AbstractCondition, Execution


class ProfitabilityCondition(AbstractCondition):
    """Holds while the account's profit since the start is above or below a threshold."""

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        form = SettingsForm(inputs, {})
        self.percent, self.side = profit_percent_of(form), side_of(form)

    def is_met(self, execution: Execution) -> bool:
        return self.side.holds(self.context.manager.performance.refresh().profitability_percent, self.percent)
