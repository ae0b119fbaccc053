# SPDX-License-Identifier: Apache-2.0
"""What a bot does to its orders and holdings before it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from octobot_commons.errors import OctoBotError
from octobot_commons.logging import get_logger
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.flattening import FLATTENING_TAG, plan_flattening
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.protections.protection import Protection

#: How many steps of time the orders that sell everything may take to fill.
_PATIENCE: Final = 20


class Halted(Protection):
    """Refuses what a bot that is paused, or that ends, must not do."""

    name = "bot"

    def __init__(self) -> None:
        self.reason: str | None = None

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        return None if request.tag == FLATTENING_TAG else self.reason


class Ending:
    """The end of several accounts, step by step of time: cancels the bot's orders, sells what they hold if asked."""

    def __init__(self, accounts: Sequence[ExchangeManager], *, cancel: bool, flatten: bool) -> None:
        self._accounts = accounts
        self._cancels = cancel or flatten
        self._flattens = flatten
        self._steps = 0
        self._logger = get_logger(type(self).__name__)
        #: What could not be cancelled or sold, and why.
        self.obstacles: list[str] = []

    async def step(self) -> bool:
        """Do what can be done now; whether there is nothing left to do, or no patience."""
        self._steps += 1
        done = [await self._step(account) for account in self._accounts]
        if not all(done) and self._steps > _PATIENCE:
            self.obstacles.append(f"orders have not ended within {_PATIENCE} steps of time")
            return True
        return all(done)

    async def _step(self, account: ExchangeManager) -> bool:
        if not self._cancels:
            return True
        own = [order for order in account.orders_manager.get_open_orders() if order.request.tag != FLATTENING_TAG]
        for order in own:
            try:
                await account.trader.cancel_order(order, "the bot ends")
            except OctoBotError as error:
                self._tell(f"order {order.order_id} is not cancelled: {error}")
        if account.orders_manager.get_open_orders():
            return False
        return not self._flattens or await self._sell(account)

    async def _sell(self, account: ExchangeManager) -> bool:
        exchange = account.exchange
        plan = plan_flattening(
            account, await exchange.fetch_balance(), await exchange.fetch_positions(), await exchange.fetch_debts()
        )
        for obstacle in plan.obstacles:
            self._tell(obstacle)
        is_done = True
        for request in plan.requests:
            try:
                await account.trader.create_order(request)
                is_done = False
            except OctoBotError as error:
                self._tell(f"{request.symbol}: {error}")
        return is_done

    def _tell(self, obstacle: str) -> None:
        if obstacle not in self.obstacles:
            self.obstacles.append(obstacle)
            self._logger.warning("%s", obstacle)
