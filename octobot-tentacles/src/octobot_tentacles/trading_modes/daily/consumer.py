# SPDX-License-Identifier: Apache-2.0
"""From a state to orders."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.trading_modes.daily.contract_planner import ContractPlanner
from octobot_tentacles.trading_modes.daily.planner import EXIT_TAG, Planner, Situation
from octobot_tentacles.trading_modes.funds import holdings_of, open_entries
from octobot_trading import api
from octobot_trading.constants import ONE
from octobot_trading.enums import EvaluatorStates, OrderSide
from octobot_trading.modes import AbstractTradingModeConsumer
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.daily.mode import DailyTradingMode


class DailyTradingModeConsumer(AbstractTradingModeConsumer):
    """Creates the orders that a new state asks for."""

    trading_mode: DailyTradingMode

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        """Create the orders of this state; what cannot be created is left out, counted and logged at debug level."""
        situation = self._situation(symbol, final_note, EvaluatorStates(state))
        if situation is None:
            self.trading_mode.explain(symbol, "no order for %s, no price is known yet", state)
            return []
        planner = Planner if situation.market.contract is None else ContractPlanner
        requests = planner(
            self.trading_mode.settings, situation, self.new_group_id, self.trading_mode.order_rules
        ).orders()
        if not requests and situation.state is not EvaluatorStates.NEUTRAL:
            self.trading_mode.explain(symbol, "no order for %s within settings, funds and minimums", state)
        if situation.state is EvaluatorStates.NEUTRAL:
            self.trading_mode.explain(symbol, "%s asks for no orders", state)
        return await self.create_each(requests)

    def _situation(self, symbol: str, note: Decimal, state: EvaluatorStates) -> Situation | None:
        manager = self.exchange_manager
        price = manager.get_symbol_data(symbol).last_price
        if not price:
            return None
        market, fees = manager.get_market(symbol), api.get_fees(manager, symbol)
        open_orders = manager.orders_manager.get_open_orders(symbol)
        spot = Situation(
            state=state,
            note=note,
            risk=manager.trader.risk,
            market=market,
            holdings=holdings_of(manager, symbol, price),
            buy_fee_rate=fees.reserve(OrderSide.BUY, ONE),
            open_buys=open_entries(manager, symbol, OrderSide.BUY, price),
            has_open_position=any(order.request.tag == EXIT_TAG for order in open_orders),
            cause={"trading_mode": self.trading_mode.get_name(), "state": state.name, "final_note": str(note)},
        )
        if market.contract is None:
            return spot
        return replace(
            spot,
            has_open_position=bool(spot.holdings.position),
            open_sells=open_entries(manager, symbol, OrderSide.SELL, price),
            leverage=manager.exchange.leverage_of(symbol),
            fee_rate=fees.reserved_rate(market, OrderSide.BUY),
        )
