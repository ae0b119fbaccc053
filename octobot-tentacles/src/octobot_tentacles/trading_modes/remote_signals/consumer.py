# SPDX-License-Identifier: Apache-2.0
"""Creations become orders, each with the funds that the one before has left."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.errors import SignalError
from octobot_tentacles.trading_modes.funds import holdings_of
from octobot_tentacles.trading_modes.remote_signals.planner import Situation, group_name, order_of, shared_in_group
from octobot_tentacles.trading_modes.remote_signals.signal import Create
from octobot_trading import api
from octobot_trading.modes import AbstractTradingModeConsumer
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.remote_signals.mode import RemoteTradingSignalsTradingMode
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class RemoteTradingSignalsTradingModeConsumer(AbstractTradingModeConsumer):
    """``data`` is {"create": a ``Create``, "signal": the id of its signal}."""

    trading_mode: RemoteTradingSignalsTradingMode

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        """Create the order; what is refused is left out, counted and explained."""
        create, signal_id = kwargs["data"]["create"], kwargs["data"]["signal"]
        mode = self.trading_mode
        now = situation(self.exchange_manager, symbol, signal_id)
        if now is None:
            mode.explain(symbol, "no order for signal %r, no price is known yet", signal_id)
            return []
        if create.group is not None:
            now = replace(now, shared=self._shared(create, now))
        try:
            request = order_of(mode.settings, create, now)
        except SignalError as error:
            self.mode_logger.warning("order %r of signal %r is left out: %s", create.id, signal_id, error)
            mode.explain(symbol, "order %r of signal %r is left out: %s", create.id, signal_id, error)
            return []
        if request is None:
            mode.explain(symbol, "order %r of signal %r is not within funds, cap and minimums", create.id, signal_id)
            return []
        return await self.create_each([request])

    def _shared(self, create: Create, now: Situation) -> Decimal:
        name = group_name(self.trading_mode.settings.strategy, create.group or "")
        orders = self.exchange_manager.orders_manager.get_group(name)
        left = [replace(one.request, quantity=one.remaining_quantity) for one in orders if one.symbol == create.symbol]
        return shared_in_group(now.market, create, left)


def situation(manager: ExchangeManager, symbol: str, signal_id: str) -> Situation | None:
    """What an account has for a symbol now, None without a price."""
    price = manager.get_symbol_data(symbol).last_price
    if not price:
        return None
    return Situation(
        market=manager.get_market(symbol),
        holdings=holdings_of(manager, symbol, price),
        fees=api.get_fees(manager, symbol),
        leverage=manager.exchange.leverage_of(symbol),
        signal_id=signal_id,
    )
