# SPDX-License-Identifier: Apache-2.0
"""Watches the margin of an account that borrows."""

from __future__ import annotations

from octobot_trading.enums import OrderStatus
from octobot_trading.exchanges.simulated.desk import Desk
from octobot_trading.exchanges.simulated.margin_account import MarginAccount


class MarginDesk:
    """Liquidates a margin account at the prices that are seen: a candle's close, or a trade's."""

    def __init__(self, desk: Desk, account: MarginAccount) -> None:
        self.account = account
        self._desk = desk

    def see_price(self) -> None:
        """A price has changed: cancel all orders and liquidate where the margin is used up."""
        if not self.account.is_due():
            return
        for order in self._desk.orders.of_symbols(self._desk.books.keys()):
            self._desk.end(order, OrderStatus.CANCELED, "the account is liquidated")
        self.account.liquidate()
