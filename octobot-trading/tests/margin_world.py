# SPDX-License-Identifier: Apache-2.0
"""A simulated exchange with a margin account that tests move by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import FillRule, OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.margin_account import MarginAccount
from octobot_trading.exchanges.simulated.margin_liquidator import MarginLiquidator
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.interest import HourlyInterest, InterestRule
from octobot_trading.personal_data.trades.fill import Fill


class MarginWorld:
    """One account, in USDT; it hears its own fills and what it owes."""

    def __init__(
        self,
        funds: Mapping[str, Decimal],
        fees: FeeModel | None = None,
        *,
        markets: tuple[Market, ...] = (Market.default("BTC/USDT"),),
        leverage: Decimal = Decimal(3),
        interest: InterestRule | None = None,
        rates: Mapping[str, Decimal] | None = None,
        fill_rule: FillRule = FillRule.PESSIMISTIC,
    ) -> None:
        self.clock = SimulatedClock(0.0)
        account = partial(
            MarginAccount, funds, "USDT", fee_model=fees, leverage=leverage, interest=interest or HourlyInterest(),
            interest_rates=rates,
        )  # fmt: skip
        self.exchange = SimulatedExchange(
            "margin", self.clock, {one.symbol: one for one in markets}, {}, fees, fill_rule, account=account
        )
        assert self.exchange.margin is not None
        self.account = self.exchange.margin.account
        self.liquidator: MarginLiquidator = self.exchange.margin.liquidator
        self.symbol = markets[0].symbol
        self.fills: list[Fill] = []
        self.debts: dict[str, Decimal] = {}
        self.exchange.listener = self  # type: ignore[assignment]
        for market in markets:
            self.exchange.get_book(market.symbol).follow(100.0)

    async def order(
        self, side: OrderSide, quantity: str | Decimal, kind: OrderType = OrderType.MARKET, **options: Any
    ) -> str:
        symbol = options.pop("symbol", self.symbol)
        return await self.exchange.create_order(OrderRequest(symbol, side, kind, Decimal(quantity), **options))

    def price(self, price: float, symbol: str | None = None) -> None:
        """Somebody trades at a price."""
        name = symbol or self.symbol
        self.exchange.get_book(name).follow(float(price))
        self.exchange.open_candle(name, float(price))

    def hours(self, hours: float) -> None:
        """Time passes."""
        self.clock.advance_to(self.clock.now() + hours * 3600)

    def balance(self, asset: str) -> Balance:
        return self.account.portfolio.balance(asset)

    def owed(self, asset: str) -> Decimal:
        return self.account.loans.owed(asset, self.clock.now())

    def on_fill(self, fill: Fill) -> None:
        self.fills.append(fill)

    def on_debts(self, debts: Mapping[str, Decimal]) -> None:
        self.debts = dict(debts)

    def __getattr__(self, name: str) -> Callable[..., None]:
        if not name.startswith("on_"):
            raise AttributeError(name)
        return lambda *_: None
