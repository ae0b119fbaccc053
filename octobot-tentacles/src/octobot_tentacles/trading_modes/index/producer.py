# SPDX-License-Identifier: Apache-2.0
"""When to rebalance: at intervals, first what is to be sold, then what is to be bought."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.trading_modes.index import rebalancing
from octobot_tentacles.trading_modes.index.settings import shares_of
from octobot_tentacles.trading_modes.planned_orders import Then
from octobot_trading import api
from octobot_trading.enums import EvaluatorStates, OrderSide, OrderUpdateType
from octobot_trading.exchanges.market import Market
from octobot_trading.modes import AbstractTradingModeProducer
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.index.mode import IndexTradingMode


class IndexTradingModeProducer(AbstractTradingModeProducer):
    """Looks at the portfolio when every price is known, and then at each interval."""

    trading_mode: IndexTradingMode

    async def subscribe(self) -> None:
        """Wait for prices, and for the ends of its own orders. Sells that are open from before are waited for."""
        self._has_begun = False
        self._markets = self._traded()
        self._buys_next = any(order.request.side is OrderSide.SELL for order in self._open_orders())
        await self.wakes.on("Ticker", self._price_has_come)
        await self.wakes.on("Orders", self._order_has_changed)

    async def _price_has_come(self, **_: Any) -> None:
        if self._has_begun or self._portfolio() is None:
            return
        self._has_begun = True
        await self.wakes.every(self.trading_mode.settings.interval_seconds, self._look, self._now())

    async def _order_has_changed(self, order: dict[str, Any], update_type: str, **_: Any) -> None:
        """Buy once the last sell has ended."""
        is_end = update_type == OrderUpdateType.CLOSED.value and order["tag"] == rebalancing.TAG
        if not is_end or not self._buys_next or self._open_orders():
            return
        await self._buy()

    async def _look(self) -> None:
        mode, settings = self.trading_mode, self.trading_mode.settings
        portfolio = self._portfolio()
        if portfolio is None or self._buys_next:
            return  # a rebalancing is under way
        reason = rebalancing.reason_to_rebalance(settings, portfolio)
        if reason is None:
            self._explain("every share is near its target")
            return
        small = rebalancing.too_small(settings, portfolio)
        if small and not settings.skips_assets:
            self._explain(f"{reason}, but orders of {', '.join(small)} would be too small for their markets")
            return
        if settings.cancels_open_orders:
            await self.exchange_manager.trader.cancel_open_orders(tag=rebalancing.TAG)
            portfolio = self._portfolio() or portfolio
        self.rule, self.state = reason, EvaluatorStates.NEUTRAL
        mode.logger.info("rebalancing: %s", reason)
        sells = rebalancing.sells(settings, portfolio)
        self._buys_next = bool(sells)
        if sells:
            await self._submit(sells, self._sells_are_created)
        else:
            await self._buy()

    async def _sells_are_created(self, created: Sequence[Order]) -> None:
        """Where every sell was refused, no end of one will tell that it is time to buy."""
        if not created and self._buys_next:
            await self._buy()

    async def _buy(self) -> None:
        self._buys_next = False
        portfolio = self._portfolio()
        if portfolio is not None:
            await self._submit(rebalancing.buys(self.trading_mode.settings, portfolio))

    async def _submit(self, orders: Sequence[OrderRequest], then: Then | None = None) -> None:
        if orders:
            symbol = orders[0].symbol
            cryptocurrency, data = self.exchange_manager.cryptocurrency_of(symbol), {"orders": orders, "then": then}
            await self.submit_trading_evaluation(
                cryptocurrency, symbol, None, Decimal(0), EvaluatorStates.NEUTRAL, data=data
            )

    def _portfolio(self) -> rebalancing.Portfolio | None:
        """What is held now; None while a price is missing."""
        manager, settings = self.exchange_manager, self.trading_mode.settings
        shares = shares_of(settings.content, list(self._markets), settings.quote_share)
        assets = {}
        for name, market in self._markets.items():
            price = manager.get_symbol_data(market.symbol).last_price
            if not price:
                return None
            total, available = manager.portfolio.total(name), manager.portfolio.available(name)
            assets[name] = rebalancing.Asset(market, price, total, available, shares.get(name, Decimal(0)))
        quote = manager.reference_market
        return (
            rebalancing.Portfolio(
                assets,
                manager.portfolio.total(quote),
                manager.portfolio.available(quote),
                api.get_fees(manager, next(iter(self._markets.values())).symbol),
                {"trading_mode": self.trading_mode.get_name(), "reason": self.rule},
            )
            if assets
            else None
        )

    def _traded(self) -> dict[str, Market]:
        """Asset → its market in the reference market."""
        manager = self.exchange_manager
        markets = [manager.get_market(symbol) for symbol in manager.symbols]
        usable = {market.base: market for market in markets if market.quote == manager.reference_market}
        others = [market.symbol for market in markets if market not in usable.values()]
        missing = [name for name in self.trading_mode.settings.content if name not in usable]
        if others:
            self._remark(f"{', '.join(others)} cannot be part of an index in {manager.reference_market}")
        if missing:
            self._remark(f"{', '.join(missing)} of the index is left out, as the profile does not trade it")
        return usable

    def _open_orders(self) -> list[Any]:
        return self.exchange_manager.orders_manager.get_open_orders(tag=rebalancing.TAG)

    def _now(self) -> float:
        return self.exchange_manager.clock.now()

    def _explain(self, text: str) -> None:
        for market in self._markets.values():
            self.trading_mode.explain(market.symbol, "%s", text)

    def _remark(self, text: str) -> None:
        if text not in self.trading_mode.remarks:
            self.trading_mode.remarks.append(text)
