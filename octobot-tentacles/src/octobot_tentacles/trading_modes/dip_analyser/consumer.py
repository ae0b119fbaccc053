# SPDX-License-Identifier: Apache-2.0
"""From a dip to orders."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.trading_modes.dip_analyser.planner import Situation, buy_order
from octobot_trading import api
from octobot_trading.modes import AbstractTradingModeConsumer
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.dip_analyser.mode import DipAnalyserTradingMode


class DipAnalyserTradingModeConsumer(AbstractTradingModeConsumer):
    """Creates the buy of a dip, which carries its sells."""

    trading_mode: DipAnalyserTradingMode

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        """Buy; where nothing can be bought, say so."""
        manager, dip = self.exchange_manager, kwargs["data"]
        price = manager.get_symbol_data(symbol).last_price
        if not price:
            self.trading_mode.explain(symbol, "no buy, no price is known yet")
            return []
        market = manager.get_market(symbol)
        now = Situation(
            market=market,
            price=price,
            available_quote=manager.portfolio.available(market.quote),
            risk=manager.trader.risk,
            fees=api.get_fees(manager, symbol),
            price_weight=dip["price"],
            volume_weight=dip["volume"],
            cause={"trading_mode": self.trading_mode.get_name(), "dip": {**dip}},
        )
        request = buy_order(self.trading_mode.settings, now, self.new_group_id)
        if request is None:
            self.trading_mode.explain(symbol, "no buy within funds and minimums")
            return []
        return await self.create_each([request])
