# SPDX-License-Identifier: Apache-2.0
"""A simulated futures exchange of one contract that tests move by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from octobot_commons.clock import SimulatedClock
from octobot_trading.constants import ONE
from octobot_trading.enums import FillRule, MarginType, OrderSide, OrderType, PositionMode, PositionSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.contract_account import ContractAccount
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.liquidator import Liquidator
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.brackets import MaintenanceBrackets
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.trades.fill import Fill


class ContractWorld:
    """One account on one contract; it hears its own fills."""

    def __init__(
        self,
        market: Market,
        funds: Mapping[str, Decimal],
        fees: FeeModel | None = None,
        *,
        brackets: MaintenanceBrackets | None = None,
        leverage: Decimal = ONE,
        margin_type: MarginType = MarginType.CROSS,
        position_mode: PositionMode = PositionMode.ONE_WAY,
        fill_rule: FillRule = FillRule.PESSIMISTIC,
        volume_share: Decimal | None = None,
    ) -> None:
        self.market = market
        self.clock = SimulatedClock(0.0)
        own_brackets = {} if brackets is None else {market.symbol: brackets}
        self.account = ContractAccount(funds, fees, own_brackets, leverage, position_mode)
        self.account.set_margin_type(market.symbol, margin_type)
        self.exchange = SimulatedExchange(
            "futures",
            self.clock,
            {market.symbol: market},
            {},
            fees,
            fill_rule,
            volume_share=volume_share,
            account=self.account,
        )
        assert self.exchange.contracts is not None
        self.liquidator: Liquidator = self.exchange.contracts.liquidator
        self.fills: list[Fill] = []
        self.exchange.listener = self  # type: ignore[assignment]
        self.exchange.get_book(market.symbol).follow(100.0)

    async def order(self, side: OrderSide, quantity: str, kind: OrderType = OrderType.MARKET, **options: Any) -> str:
        return await self.exchange.create_order(
            OrderRequest(self.market.symbol, side, kind, Decimal(quantity), **options)
        )

    def price(self, price: float) -> None:
        """Somebody trades at a price, which is the mark price where nobody tells another one."""
        self.exchange.open_candle(self.market.symbol, float(price))

    def mark(self, price: str) -> None:
        """The venue tells a mark price."""
        assert self.exchange.contracts is not None
        self.exchange.contracts.tell_mark_price(self.market.symbol, Decimal(price))

    def position(self, side: PositionSide | None = None) -> Position:
        if side is None:
            side = PositionSide.BOTH
        return self.account.positions.get(self.market, side)

    def balance(self, asset: str) -> Balance:
        return self.account.portfolio.balance(asset)

    def on_fill(self, fill: Fill) -> None:
        self.fills.append(fill)

    def __getattr__(self, name: str) -> Callable[..., None]:
        if not name.startswith("on_"):
            raise AttributeError(name)
        return lambda *_: None
