# SPDX-License-Identifier: Apache-2.0
"""What happens to a margin account beside orders: its level at each price, and its liquidation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.enums import FillRule, OrderStatus
from octobot_trading.exchanges.simulated._matching import MatchingBook
from octobot_trading.exchanges.simulated.desk import Desk
from octobot_trading.exchanges.simulated.margin_account import MarginAccount
from octobot_trading.exchanges.simulated.margin_liquidator import MarginLiquidator


class MarginDesk:
    """The debts of one simulated exchange.

    A candle's worst price for what is held or owed of its base counts once the candle's fills are done (the optimist
    takes the close), then its close.
    """

    def __init__(
        self, desk: Desk, account: MarginAccount, books: Mapping[str, MatchingBook], fill_rule: FillRule
    ) -> None:
        self.account = account
        self.liquidator = MarginLiquidator(account)
        self._desk = desk
        self._books = books
        self._fill_rule = fill_rule
        self._told: dict[str, Decimal] = {}

    def see_price(self, symbol: str, price: float) -> None:
        """A price without anything around it."""
        self._see(symbol, [price])

    def see_candle(self, symbol: str, open_time: float, high: float, low: float, close: float) -> None:
        """A candle has closed, and its fills are done."""
        if self._fill_rule is FillRule.OPTIMISTIC:
            self._see(symbol, [close])
            return
        base = self._desk.market(symbol).base
        net = self.account.portfolio.total(base) - self.account.loans.owed(base, self._desk.now())
        self._see(symbol, [low if net > ZERO else high, close])

    def _see(self, symbol: str, prices: list[float]) -> None:
        for price in prices:
            if self.account.loans:
                self._look(symbol, Decimal(repr(price)))
        self._tell_debts()

    def _look(self, symbol: str, price: Decimal) -> None:
        market = self._desk.market(symbol)
        self.account.value.looked_at = (market.base, market.quote, price)
        try:
            if self.liquidator.is_due():
                self._liquidate()
        finally:
            self.account.value.looked_at = None

    def _liquidate(self) -> None:
        for order in self._desk.orders.of_symbols(self._books):
            self._desk.end(order, OrderStatus.CANCELED, "the margin account is liquidated")
        for fill in self.liquidator.liquidate([self._desk.market(one) for one in self._books], self._desk.now()):
            if self._desk.listener is not None:
                self._desk.listener.on_fill(fill)

    def _tell_debts(self) -> None:
        debts = self.account.loans.all_owed(self._desk.now())
        if debts == self._told:
            return
        self._told = debts
        for book in self._books.values():
            book.must_ask = bool(debts)
        if self._desk.listener is not None:
            self._desk.listener.on_debts(dict(debts))
