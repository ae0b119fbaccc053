# SPDX-License-Identifier: Apache-2.0
"""The half of a trading mode that creates orders."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from async_channel import InternalConsumer
from octobot_commons.logging import get_logger
from octobot_trading.errors import OrderRefused
from octobot_trading.personal_data.orders.decision import DecidedData, current_decision
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

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

    async def create_each(self, requests: Iterable[OrderRequest]) -> list[Order]:
        """Create these orders; one that is refused is counted, explained and left out, and the next ones are tried."""
        created: list[Order] = []
        for request in requests:
            try:
                created.append(await self.exchange_manager.trader.create_order(request))
            except OrderRefused as error:
                self.refused_orders += 1
                self.trading_mode.explain(request.symbol, "%s %s left out: %s", request.side, request.order_type, error)
        return created

    def new_group_id(self) -> str:
        """A name for a group of orders: unique among those of earlier starts, the same in every run over the same
        candles."""
        mode, manager = self.trading_mode, self.exchange_manager
        milliseconds = int(manager.clock.now() * 1000)
        # the account's number, as a mode may be replaced by another one within the same millisecond
        return f"{mode.get_name()}-{mode.symbol or 'all'}-{milliseconds}-{next(manager.orders_manager.group_numbers)}"
