# SPDX-License-Identifier: Apache-2.0
"""What a ladder's producer asks its exchange for: the price, its own orders, and cancellations."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_tentacles.trading_modes.ladder.slots import Slot
from octobot_trading.exchange_channel import Callback
from octobot_trading.modes.wakes import Wakes
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class LadderDesk:
    """The orders of one symbol that have one tag."""

    def __init__(self, manager: ExchangeManager, symbol: str, tag: str) -> None:
        self._manager = manager
        self._symbol = symbol
        self._tag = tag
        self._price_wakes: Wakes | None = None

    @property
    def price(self) -> Decimal | None:
        """The last one, None before the first."""
        return self._manager.get_symbol_data(self._symbol).last_price or None

    def open_orders(self) -> list[Order]:
        """Its open orders, oldest first."""
        return self._manager.orders_manager.get_open_orders(self._symbol, self._tag)

    def all_orders(self) -> list[Order]:
        """Its orders, ended ones too, by creation. Looks through every order that there ever was."""
        every = self._manager.orders_manager.all_orders()
        return [one for one in every if one.symbol == self._symbol and one.request.tag == self._tag]

    async def cancel(self, slots: Iterable[Slot], reason: str) -> bool:
        """Ask for the cancellation of these slots' orders; whether there was one to cancel."""
        orders = []
        for slot in slots:
            order = None if slot.order_id is None else self._manager.orders_manager.get(slot.order_id)
            if order is not None:
                slot.is_leaving = True
                orders.append(order)
        return await self.cancel_orders(orders, reason)

    async def cancel_orders(self, orders: Iterable[Order], reason: str) -> bool:
        """Ask for the cancellation of orders; whether one of them was still open."""
        asked = [await self._manager.trader.cancel_order(order, reason) for order in orders]
        return any(asked)

    async def follow_prices(self, callback: Callback) -> None:
        """Call back at each price from now on, once however often this is asked for."""
        if self._price_wakes is None:
            self._price_wakes = Wakes(self._manager)
            await self._price_wakes.on("Ticker", callback, symbol=self._symbol)

    async def ignore_prices(self) -> None:
        """Follow prices no more."""
        wakes, self._price_wakes = self._price_wakes, None
        if wakes is not None:
            await wakes.stop()
