# SPDX-License-Identifier: Apache-2.0
"""When to look: at each price of the own exchange or of another one."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.trading_modes.arbitrage.planner import ENTRY_TAG, EXIT_TAG, Situation, entry, side_of
from octobot_trading import api
from octobot_trading.enums import EvaluatorStates, OrderSide
from octobot_trading.modes import AbstractTradingModeProducer
from octobot_trading.modes.wakes import Wakes

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.arbitrage.mode import ArbitrageTradingMode
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class ArbitrageTradingModeProducer(AbstractTradingModeProducer):
    """Enters one trade at a time. A trade that is open from before is seen by its orders."""

    trading_mode: ArbitrageTradingMode

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._symbol = self.trading_mode.symbol or ""
        self._venues: list[ExchangeManager] = []
        self._venue_wakes: list[Wakes] = []
        #: An order that is on its way to the exchange is not there yet.
        self._is_ordering = False

    async def subscribe(self) -> None:
        """Listen to the symbol's price everywhere."""
        settings, manager = self.trading_mode.settings, self.exchange_manager
        if settings.exchanges and self.exchange_name.lower() not in settings.exchanges:
            self.trading_mode.explain(self._symbol, "no orders here: this exchange is only compared with")
            return
        self._venues = [venue for venue in manager.other_venues if self._symbol in venue.symbols]
        if not self._venues:
            remark = f"no other exchange of the profile trades {self._symbol}, so nothing is compared"
            self.trading_mode.remarks.append(remark)
            return
        for venue in (manager, *self._venues):
            wakes = Wakes(venue)
            self._venue_wakes.append(wakes)
            await wakes.on("Ticker", self._price_has_come, symbol=self._symbol)

    async def stop(self) -> None:
        while self._venue_wakes:
            await self._venue_wakes.pop().stop()
        await super().stop()

    async def _price_has_come(self, **_: Any) -> None:
        now = self._situation()
        if now is None or self._is_ordering:
            return
        manager, mode = self.exchange_manager, self.trading_mode
        side = side_of(mode.settings, now)
        entries = manager.orders_manager.get_open_orders(self._symbol, ENTRY_TAG)
        for order in entries:
            if order.request.side is not side and not order.filled_quantity:
                await manager.trader.cancel_order(order, "the difference is gone")
        if side is None or entries or manager.orders_manager.get_open_orders(self._symbol, EXIT_TAG):
            return
        request = entry(mode.settings, now, side, self.trading_mode.consumers[0].new_group_id)
        if request is None:
            mode.explain(self._symbol, "no order within funds and minimums at %s, elsewhere %s", now.price, now.fair)
            return
        self._is_ordering = True
        self.state = EvaluatorStates.LONG if side is OrderSide.BUY else EvaluatorStates.SHORT
        self.rule = f"the price is {now.price} here and {now.fair} elsewhere"
        note = Decimal(-1) if side is OrderSide.BUY else Decimal(1)
        data = {"orders": [request], "then": self._ordered}
        cryptocurrency = manager.cryptocurrency_of(self._symbol)
        await self.submit_trading_evaluation(cryptocurrency, self._symbol, None, note, self.state, data=data)

    async def _ordered(self, _: Any) -> None:
        self._is_ordering = False

    def _situation(self) -> Situation | None:
        """None while a price is not known somewhere."""
        manager = self.exchange_manager
        prices = [venue.get_symbol_data(self._symbol).last_price for venue in (manager, *self._venues)]
        known = [price for price in prices if price]
        if len(known) < len(prices):
            return None
        price, *others = known
        fair = sum(others, Decimal(0)) / len(others)
        market, portfolio = manager.get_market(self._symbol), manager.portfolio
        return Situation(
            market=market,
            price=price,
            fair=fair,
            quote_total=portfolio.total(market.quote),
            quote_available=portfolio.available(market.quote),
            base_total=portfolio.total(market.base),
            base_available=portfolio.available(market.base),
            fees=api.get_fees(manager, self._symbol),
            cause={"trading_mode": self.trading_mode.get_name(), "price": str(price), "elsewhere": str(fair)},
        )
