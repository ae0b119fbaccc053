# SPDX-License-Identifier: Apache-2.0
"""Only with enough of an asset, or only with little of it."""

from __future__ import annotations

from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.automations.measures import Holding
from octobot_trading.automations import AbstractCondition, Execution


class HoldingCondition(AbstractCondition):
    """Holds while what is held of an asset is above or below a threshold, and the prices that it needs are known."""

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        self.holding = Holding(inputs)

    def problem(self) -> str | None:
        return self.holding.problem()

    def is_met(self, execution: Execution) -> bool:
        value = self.holding.value(self.context.manager)
        return value is not None and self.holding.side.holds(value, self.holding.limit)
