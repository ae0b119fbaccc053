# SPDX-License-Identifier: Apache-2.0
"""Cancels orders whose cancel policy says so: asked at each price of their symbol."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_trading.exchange_channel import get_chan
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager
    from octobot_trading.personal_data.orders.trader import Trader


class OrderSupervision:
    """Listens to the prices of symbols that have orders with a policy, from the first such order on."""

    def __init__(self, exchange_manager: ExchangeManager, trader: Trader) -> None:
        self._exchange_manager = exchange_manager
        self._trader = trader
        self._watched: dict[str, dict[str, Order]] = {}

    async def watch(self, order: Order) -> None:
        """Ask this order's policy from now on, until the order ends."""
        policy = order.request.cancel_policy
        assert policy is not None
        if order.symbol not in self._watched:
            self._watched[order.symbol] = {}
            await listen_to_prices(self._exchange_manager, order.symbol, self._on_price)
        self._watched[order.symbol][order.order_id] = order

    async def _on_price(self, symbol: str, price: Decimal) -> None:
        now = self._exchange_manager.clock.now()
        watched = self._watched[symbol]
        for order_id, order in list(watched.items()):
            policy = order.request.cancel_policy
            if not order.is_open or policy is None:
                del watched[order_id]
                continue
            reason = policy.reason_to_cancel(order, now, price)
            if reason is not None:
                await self._trader.cancel_order(order, reason)


async def listen_to_prices(
    exchange_manager: ExchangeManager, symbol: str, on_price: Callable[[str, Decimal], Any]
) -> None:
    """Have ``on_price(symbol, price)`` awaited at each price of a symbol that its Ticker channel tells of."""

    async def on_ticker(symbol: str, ticker: dict[str, Any], **_: Any) -> None:
        price = ticker.get("last")
        if price is not None:
            await on_price(symbol, price if isinstance(price, Decimal) else Decimal(repr(price)))

    channel = get_chan(Names.TICKER_CHANNEL.value, exchange_manager.id)
    await channel.new_consumer(on_ticker, symbol=symbol)
