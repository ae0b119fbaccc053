# SPDX-License-Identifier: Apache-2.0
"""No more entries."""

from __future__ import annotations

from octobot_trading.automations import AbstractAction, Execution


class StopTrading(AbstractAction):
    """Has the account refuse entries until the next start, in a backtest for the rest of it. Exits go on."""

    async def run(self, execution: Execution) -> str:
        self.context.manager.protections.stop_trading(execution.reason)
        return "trading is stopped until the next start"
