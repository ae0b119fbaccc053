# SPDX-License-Identifier: Apache-2.0
"""The half of a trading mode that creates orders."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from async_channel import InternalConsumer
from octobot_commons.logging import get_logger
from octobot_trading.errors import OrderRefused
from octobot_trading.personal_data.orders.decision import DecidedData, current_decision
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_trading.modes.abstract_trading_mode import AbstractTradingMode


class AbstractTradingModeConsumer(InternalConsumer):
    """Called with what the mode's producer decided."""

    def __init__(self, trading_mode: AbstractTradingMode) -> None:
        super().__init__()
        self.trading_mode = trading_mode
        self.exchange_manager = trading_mode.exchange_manager
        self.refused_orders = 0
        self.mode_logger = get_logger(trading_mode.get_name())

    async def internal_callback(  # type: ignore[override]  # the Mode channel's payload, by name
        self,
        *,
        symbol: str,
        final_note: Decimal,
        state: str,
        cryptocurrency: str,
        time_frame: str | None,
        data: dict[str, Any],
        dependencies: Any,
        **_: Any,
    ) -> None:
        """Turn a decision into orders, which know it."""
        token = current_decision.set(data.decision if isinstance(data, DecidedData) else None)
        try:
            await self.create_order_if_possible(
                symbol,
                final_note,
                state,
                cryptocurrency=cryptocurrency,
                time_frame=time_frame,
                data=data,
                dependencies=dependencies,
            )
        finally:
            current_decision.reset(token)

    async def create_order_if_possible(
        self, symbol: str, final_note: Decimal, state: str, **kwargs: Any
    ) -> list[Order]:
        """``create_new_orders``, where a refusal by the exchange is counted and logged, not raised."""
        try:
            return await self.create_new_orders(symbol, final_note, state, **kwargs)
        except OrderRefused as error:
            self.refused_orders += 1
            self.mode_logger.info("order refused (%s): %s", error.rule, error)
            self.trading_mode.explain(symbol, "order refused (%s): %s", error.rule, error)
            return []

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        """Create the orders that this decision asks for. ``state`` is an ``EvaluatorStates`` value."""
        raise NotImplementedError(f"{type(self).__name__} creates no orders: override create_new_orders")
