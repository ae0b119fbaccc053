# SPDX-License-Identifier: Apache-2.0
"""Which orders an entry asks for. No input or output: price and funds in, order requests out.

Of a contract entries open or increase a long position; amounts are computed in base and ordered in contracts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from octobot_tentacles.trading_modes.dca.settings import DCASettings
from octobot_tentacles.trading_modes.exits import exits
from octobot_tentacles.trading_modes.funds import openable
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.modes.order_amounts import Holdings, OrderAmount
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable
from octobot_trading.personal_data.orders.order_request import OrderRequest

#: Orders that enter, which the next entry may cancel, and those that leave, which stay.
ENTRY_TAG: Final = "DCATradingMode"
EXIT_TAG: Final = "DCATradingMode exit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the plan depends on. ``holdings.price`` is the current price."""

    market: Market
    holdings: Holdings
    fees: FeeModel
    #: Base that open buy orders may still bring in.
    open_buys: Decimal = ZERO
    #: Of a contract.
    leverage: Decimal = ONE
    cause: dict[str, Any] | None = None


class Planner:
    """Plans one entry. ``new_group`` names a new group of exits at each call."""

    def __init__(self, settings: DCASettings, situation: Situation, new_group: Callable[[], str]) -> None:
        self._settings = settings
        self._now = situation
        self._market = situation.market
        self._new_group = new_group

    def orphan_sale(self) -> OrderRequest | None:
        """The health check: a sale of what is free although every entry has exits, once it is too much."""
        settings, holdings = self._settings, self._now.holdings
        has_exits = settings.take_profits is not None or settings.stop_loss is not None
        if settings.orphan_threshold is None or not has_exits or not holdings.traded_assets_value:
            return None
        if self._market.contract is not None:  # a position is closed by its exits alone
            return None
        orphans = holdings.available_base
        if orphans * holdings.price <= settings.orphan_threshold * holdings.traded_assets_value:
            return None
        quantity = adapt_to_limits(self._market, orphans, holdings.price, is_own_price=False)
        if not quantity:
            return None
        return OrderRequest(
            self._market.symbol, OrderSide.SELL, OrderType.MARKET, quantity, tag=EXIT_TAG, cause=self._now.cause
        )

    def entries(self) -> list[OrderRequest]:
        """The buys, the highest one first; none below the market's minimums or beyond funds and largest share."""
        return list(self._entries())

    def _entries(self) -> Iterator[OrderRequest]:
        settings, price = self._settings, self._now.holdings.price
        left, room = self._now.holdings.available_quote, self._room()
        is_market = settings.entry_distance is None
        first = price if settings.entry_distance is None else price * (ONE - settings.entry_distance)
        amounts = [settings.amount, *[settings.secondary_amount or settings.amount] * settings.secondary_entries]
        for number, amount in enumerate(amounts):
            is_own_price = number > 0 or not is_market
            at = first * (ONE - settings.secondary_distance * number)
            limit = self._market.quantize_price(at, OrderSide.BUY) if is_own_price else at
            quantity = self._quantity(amount, limit, left, room, is_own_price)
            if not quantity:
                continue
            left -= self._needed(quantity, limit)
            room -= self._market.base_of(quantity, limit)
            yield self._entry(quantity, limit, is_own_price)

    def _entry(self, quantity: Decimal, price: Decimal, is_own_price: bool) -> OrderRequest:
        return OrderRequest(
            self._market.symbol,
            OrderSide.BUY,
            OrderType.LIMIT if is_own_price else OrderType.MARKET,
            quantity,
            price=price if is_own_price else None,
            tag=ENTRY_TAG,
            chained=self._exits(quantity, price),
            cause=self._now.cause,
        )

    def _exits(self, quantity: Decimal, entry_price: Decimal) -> tuple[OrderRequest, ...]:
        settings = self._settings
        steps = [] if settings.take_profits is None else settings.take_profits.distances()
        if not steps and settings.stop_loss is None:
            return ()
        return exits(
            self._market,
            quantity,
            [entry_price * (ONE + step) for step in steps],
            None if settings.stop_loss is None else entry_price * (ONE - settings.stop_loss),
            tag=EXIT_TAG,
            new_group=self._new_group,
            cause=self._now.cause,
            reduce_only=self._market.contract is not None,
        )

    def _quantity(
        self, amount: OrderAmount, price: Decimal, available: Decimal, room: Decimal, is_own_price: bool
    ) -> Decimal:
        if price <= ZERO:
            return ZERO
        market, holdings = self._market, replace(self._now.holdings, price=price, available_quote=available)
        wanted = amount.resolve(OrderSide.BUY, replace(self._now.holdings, price=price))
        if market.contract is None:
            most = max_affordable(market, OrderSide.BUY, price, available, self._now.fees, is_own_price=is_own_price)
        else:
            most = openable(market, holdings, price, self._now.leverage, self._fee_rate)
        units = market.amount_of(min(wanted, most, room), price)
        return adapt_to_limits(market, units, price, is_own_price=is_own_price)

    def _needed(self, quantity: Decimal, price: Decimal) -> Decimal:
        """What an entry takes of the available quote; with contracts of what its margin can open."""
        cost = self._market.cost_of(quantity, price)
        if self._market.contract is None:
            return self._now.fees.needs(self._market, OrderSide.BUY, quantity, cost)[1]
        value = self._market.base_of(quantity, price) * price
        return value * (ONE + self._fee_rate * self._now.leverage)

    @property
    def _fee_rate(self) -> Decimal:
        rates = self._now.fees.rates(self._market.symbol)
        return max(ZERO, rates.maker, rates.taker)

    def _room(self) -> Decimal:
        """How much more base the largest share allows; unlimited at 100 %."""
        share, holdings = self._settings.max_asset_share, self._now.holdings
        if share >= ONE or holdings.traded_assets_value is None:
            return Decimal("Infinity")
        most = share * holdings.traded_assets_value / holdings.price
        held = holdings.total_base if holdings.position is None else abs(holdings.position)
        return max(ZERO, most - held - self._now.open_buys)
