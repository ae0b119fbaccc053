# SPDX-License-Identifier: Apache-2.0
"""From an entry to orders."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.trading_modes.dca.planner import Planner, Situation
from octobot_tentacles.trading_modes.funds import holdings_of, open_entries
from octobot_trading import api
from octobot_trading.enums import OrderSide
from octobot_trading.modes import AbstractTradingModeConsumer
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.dca.mode import DCATradingMode


class DCATradingModeConsumer(AbstractTradingModeConsumer):
    """Creates the orders of an entry; before, where the health check asks for it, the sale of what has no exit."""

    trading_mode: DCATradingMode

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        """Enter; what cannot be created is left out, counted and explained."""
        orphans = self._planner(symbol).orphan_sale()
        sold = [] if orphans is None else await self.create_each([orphans])
        # With what the sale has locked.
        requests = self._planner(symbol).entries()
        if not requests:
            self.trading_mode.explain(symbol, "no entry within settings, funds and minimums")
        return sold + await self.create_each(requests)

    def _planner(self, symbol: str) -> Planner:
        manager = self.exchange_manager
        price = manager.get_symbol_data(symbol).last_price
        assert price is not None, "entries come with a price"
        situation = Situation(
            market=manager.get_market(symbol),
            holdings=holdings_of(manager, symbol, price),
            fees=api.get_fees(manager, symbol),
            open_buys=open_entries(manager, symbol, OrderSide.BUY, price),
            leverage=manager.exchange.leverage_of(symbol),
            cause={"trading_mode": self.trading_mode.get_name(), "trigger": self.trading_mode.trigger},
        )
        return Planner(self.trading_mode.settings, situation, self.new_group_id)
