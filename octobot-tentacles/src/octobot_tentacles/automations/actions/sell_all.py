# SPDX-License-Identifier: Apache-2.0
"""Everything into the reference market."""

from __future__ import annotations

from dataclasses import replace

from octobot_tentacles.automations.measures import number_text
from octobot_trading.automations import AbstractAction, Execution
from octobot_trading.errors import OrderRefused
from octobot_trading.flattening import plan_flattening


class SellAll(AbstractAction):
    """Cancels the bot's open orders, then sells at the market all that is available of the followed symbols' assets."""

    async def run(self, execution: Execution) -> str:
        manager, done = self.context.manager, []
        cancelled = await manager.trader.cancel_open_orders()
        balances = {asset: manager.portfolio.balance(asset) for asset in manager.portfolio.totals()}
        plan = plan_flattening(manager, balances, manager.positions_manager.get_positions(), manager.debts)
        for request in plan.requests:
            what = f"{request.side} {number_text(request.quantity)} {request.symbol}"
            try:
                await manager.trader.create_order(replace(request, cause={"automation": execution.reason}))
                done.append(what)
            except OrderRefused as error:
                done.append(f"{what} was refused: {error}")
        told = "; ".join([*(done or ["nothing to sell"]), *plan.obstacles])
        return f"{told}; {len(cancelled)} open orders were cancelled"
