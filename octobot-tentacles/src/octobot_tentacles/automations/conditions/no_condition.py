# SPDX-License-Identifier: Apache-2.0
"""Always."""

from __future__ import annotations

from octobot_trading.automations import AbstractCondition, Execution


class NoCondition(AbstractCondition):
    """Holds always, as no condition at all does."""

    def is_met(self, execution: Execution) -> bool:
        return True
