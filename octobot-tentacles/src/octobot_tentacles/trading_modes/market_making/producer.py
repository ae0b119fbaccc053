# SPDX-License-Identifier: Apache-2.0
"""When to look at the book: at each price, and whenever one of its orders has filled."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_commons.errors import SettingError
from octobot_tentacles.trading_modes.market_making import book
from octobot_trading import api
from octobot_trading.enums import EvaluatorStates, OrderStatus, OrderUpdateType
from octobot_trading.modes import AbstractTradingModeProducer
from octobot_trading.modes.wakes import Wakes
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.market_making.mode import MarketMakingTradingMode
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class MarketMakingTradingModeProducer(AbstractTradingModeProducer):
    """Replaces what stands at no level any more. Orders that are open from before are taken over."""

    trading_mode: MarketMakingTradingMode

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._symbol = self.trading_mode.symbol or ""
        #: Whose price orders stand around.
        self._source = self.exchange_manager
        self._source_wakes = self.wakes
        #: Orders that are on their way to the exchange are not there yet.
        self._is_ordering = False

    async def subscribe(self) -> None:
        """Listen to the price that orders stand around, and to their fills.

        Raises:
            SettingError: the exchange of this price is none of the profile's.
        """
        mode, manager = self.trading_mode, self.exchange_manager
        self._source = self._find_source()
        self._source_wakes = Wakes(self._source)
        if mode.reference_exchange == manager.exchange_name:
            mode.explain(self._symbol, "no orders here: this exchange only tells the price")
            return
        await self._source_wakes.on("Ticker", self._price_has_come, symbol=self._symbol)
        await self.wakes.on("Orders", self._order_has_changed, symbol=self._symbol)

    async def stop(self) -> None:
        await self._source_wakes.stop()
        await super().stop()

    async def _price_has_come(self, **_: Any) -> None:
        await self._look()

    async def _order_has_changed(self, order: dict[str, Any], update_type: str, **_: Any) -> None:
        is_end = update_type == OrderUpdateType.CLOSED.value and order["tag"] == book.TAG
        if is_end and order["status"] == OrderStatus.FILLED.value:
            await self._look()

    async def _look(self) -> None:
        reference = self._source.get_symbol_data(self._symbol).last_price
        if not reference or self._is_ordering:
            return
        manager, settings = self.exchange_manager, self.trading_mode.settings
        market = manager.get_market(self._symbol)
        for order in book.outdated(settings, reference, market, self._own_orders()):
            await manager.trader.cancel_order(order, "the price has moved away from it")
        requests = book.missing(
            settings, reference, market, self._own_orders(), self._funds(),
            {"trading_mode": self.trading_mode.get_name(), "reference_price": str(reference)},
        )  # fmt: skip
        if requests:
            self._is_ordering = True
            self.rule = f"a book around {reference} has no order at {len(requests)} of its levels"
            cryptocurrency, data = manager.cryptocurrency_of(self._symbol), {"orders": requests, "then": self._ordered}
            await self.submit_trading_evaluation(
                cryptocurrency, self._symbol, None, Decimal(0), EvaluatorStates.NEUTRAL, data=data
            )

    async def _ordered(self, _: Any) -> None:
        self._is_ordering = False

    def _own_orders(self) -> list[Order]:
        return self.exchange_manager.orders_manager.get_open_orders(self._symbol, book.TAG)

    def _funds(self) -> book.Funds:
        manager = self.exchange_manager
        market, portfolio = manager.get_market(self._symbol), manager.portfolio
        return book.Funds(
            quote_total=portfolio.total(market.quote),
            quote_available=portfolio.available(market.quote),
            base_total=portfolio.total(market.base),
            base_available=portfolio.available(market.base),
            fees=api.get_fees(manager, self._symbol),
        )

    def _find_source(self) -> ExchangeManager:
        mode, manager = self.trading_mode, self.exchange_manager
        wanted = mode.reference_exchange
        if wanted in ("local", manager.exchange_name):
            return manager
        for venue in manager.other_venues:
            if venue.exchange_name == wanted and self._symbol in venue.symbols:
                return venue
        known = ", ".join(venue.exchange_name for venue in manager.other_venues) or "none other"
        raise SettingError(
            f"{wanted} is no exchange of this profile that trades {self._symbol}",
            file=mode.UI.file,
            field="reference_exchange",
            remedy=f"write local, or enable it in profile.json; enabled: {known}",
        )
