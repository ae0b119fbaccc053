# SPDX-License-Identifier: Apache-2.0
"""No open order."""

from __future__ import annotations

from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import AbstractAction, Execution


class CancelOpenOrders(AbstractAction):
    """Cancels the bot's own open orders of one symbol or of all; others' are not touched."""

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        self.symbol = SettingsForm(inputs, {}).text("symbol", "", "Symbol, like BTC/USDT; empty for all")

    async def run(self, execution: Execution) -> str:
        cancelled = await self.context.manager.trader.cancel_open_orders(self.symbol or None)
        return f"{len(cancelled)} open orders were cancelled"
