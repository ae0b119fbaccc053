# SPDX-License-Identifier: Apache-2.0
"""What happens to a futures account beside orders: mark prices, funding and liquidations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.enums import FillRule, OrderSide, OrderStatus
from octobot_trading.exchanges.simulated._matching import MatchingBook
from octobot_trading.exchanges.simulated.contract_account import ContractAccount
from octobot_trading.exchanges.simulated.desk import Desk
from octobot_trading.exchanges.simulated.liquidator import Liquidation, Liquidator
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.trades.fill import Fill


class ContractDesk:
    """The positions of one simulated exchange.

    A candle during which nobody told a mark price marks with its own: its worst one for the position after the candle's
    fills (the optimist takes the close), then its close. Mark prices told every eight hours, as some were recorded,
    would otherwise liquidate nothing in between.
    """

    def __init__(
        self, desk: Desk, account: ContractAccount, books: Mapping[str, MatchingBook], fill_rule: FillRule
    ) -> None:
        self.account = account
        self.liquidator = Liquidator(account)
        self._desk = desk
        self._books = books
        self._fill_rule = fill_rule
        #: When a mark price was last told, by symbol.
        self._told: dict[str, float] = {}
        self._last_liquidation = 0

    def tell_mark_price(self, symbol: str, price: Decimal) -> None:
        """The venue's mark price; a price without a candle no longer serves as such from the first one on."""
        self._told[symbol] = self._desk.now()
        self._mark(symbol, price)
        self.tell()

    def pay_funding(self, symbol: str, rate: Decimal, mark_price: Decimal | None = None) -> dict[Position, Decimal]:
        """A funding time of a symbol has come; by default at its last mark price."""
        positions = self.account.positions.of_symbol(symbol)
        if not positions:
            return {}
        price = positions[0].price if mark_price is None else mark_price
        paid = self.account.pay_funding(symbol, rate, price, self._desk.now())
        self._liquidate()
        self.tell()
        return paid

    def see_price(self, symbol: str, price: float) -> None:
        """A price without anything around it."""
        self._see(symbol, [] if symbol in self._told else [price])

    def see_candle(self, symbol: str, open_time: float, high: float, low: float, close: float) -> None:
        """A candle has closed, and its fills are done."""
        if self._told.get(symbol, -math.inf) > open_time:
            self._see(symbol, [])
            return
        if self._fill_rule is FillRule.OPTIMISTIC:
            self._see(symbol, [close])
            return
        net = sum((one.quantity for one in self.account.positions.of_symbol(symbol)), ZERO)
        self._see(symbol, [low if net > ZERO else high, close])

    def tell(self) -> None:
        """Say which positions have changed."""
        changed = self.account.positions.take_changes()
        if not changed:
            return
        for position in changed:
            symbol = position.market.symbol
            self._books[symbol].must_ask = bool(self.account.positions.of_symbol(symbol))
        if self._desk.listener is not None:
            self._desk.listener.on_positions([self.liquidator.snapshot(position) for position in changed])

    def snapshots(self) -> list[Position]:
        """The open positions as they are now."""
        return [self.liquidator.snapshot(position) for position in self.account.positions]

    def _see(self, symbol: str, prices: list[float]) -> None:
        for price in prices:
            if self.account.positions.of_symbol(symbol):
                self._mark(symbol, Decimal(repr(price)))
        self.tell()

    def _mark(self, symbol: str, price: Decimal) -> None:
        self.account.mark(symbol, price)
        self._liquidate()

    def _liquidate(self) -> None:
        """Orders of what is liquidated are cancelled first: the margin that they held may save it."""
        due = self.liquidator.due()
        if not due:
            return
        symbols = {position.market.symbol for position in due}
        for order in self._desk.orders.of_symbols(symbols):
            self._desk.end(order, OrderStatus.CANCELED, "its position is liquidated")
        for liquidation in self.liquidator.liquidate(due, self._desk.now()):
            self._tell_liquidation(liquidation)
        self._desk.tell_balances()

    def _tell_liquidation(self, liquidation: Liquidation) -> None:
        self._last_liquidation += 1
        if self._desk.listener is None:
            return
        name = f"liquidation-{self._last_liquidation}"
        side = OrderSide.SELL if liquidation.quantity > ZERO else OrderSide.BUY
        quantity = abs(liquidation.quantity)
        cost = self._desk.market(liquidation.symbol).cost_of(quantity, liquidation.price)
        self._desk.listener.on_fill(
            Fill(
                fill_id=name,
                order_id=name,
                symbol=liquidation.symbol,
                side=side,
                quantity=quantity,
                price=liquidation.price,
                cost=cost,
                fee=ZERO,
                fee_asset=liquidation.asset,
                taker_or_maker="taker",
                time=liquidation.time,
            )
        )
