# SPDX-License-Identifier: Apache-2.0
"""Which orders a state asks for. No input or output: prices and funds in, order requests out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from octobot_tentacles.trading_modes.daily import rules
from octobot_tentacles.trading_modes.daily.settings import DailySettings
from octobot_tentacles.trading_modes.exits import exits
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import EvaluatorStates, OrderSide, OrderType
from octobot_trading.exchanges.market import ASSET_STEP, Market
from octobot_trading.modes.order_amounts import Holdings
from octobot_trading.personal_data.orders.adapting import is_tradable, split_amount
from octobot_trading.personal_data.orders.order_request import OrderRequest

#: Orders made from a note, which the next state cancels, and those that leave a position, which it does not.
ENTRY_TAG: Final = "DailyTradingMode"
EXIT_TAG: Final = "DailyTradingMode exit"

#: The states that buy, or hold a long position.
BUY_STATES: Final = (EvaluatorStates.LONG, EvaluatorStates.VERY_LONG)
_MARKET_STATES: Final = (EvaluatorStates.VERY_LONG, EvaluatorStates.VERY_SHORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the plan depends on. ``holdings.price`` is the current price."""

    state: EvaluatorStates
    note: Decimal
    risk: Decimal
    market: Market
    holdings: Holdings
    #: Quote that a buy needs beside its cost, as a part of the cost.
    buy_fee_rate: Decimal = ZERO
    #: Base that open buy orders may still bring in.
    open_buys: Decimal = ZERO
    #: Whether orders that leave a position are open; with contracts, whether a position is.
    has_open_position: bool = False
    #: With contracts, base that open sells may still sell, by how much margin is multiplied, and a taker's fee.
    open_sells: Decimal = ZERO
    leverage: Decimal = ONE
    fee_rate: Decimal = ZERO
    #: What made the orders, kept with them.
    cause: dict[str, Any] | None = None


class Planner:
    """Plans the orders of one state. ``new_group`` names a new one-cancels-the-other group at each call."""

    def __init__(
        self,
        settings: DailySettings,
        situation: Situation,
        new_group: Callable[[], str],
        order_rules: rules.OrderRules = rules.DAILY,
    ) -> None:
        self._rules = order_rules
        self._settings = settings
        self._now = situation
        self._market = situation.market
        self._price = situation.holdings.price
        self._new_group = new_group
        self._boldness = rules.boldness_of(situation.note, situation.risk)
        self._is_market = situation.state in _MARKET_STATES

    def orders(self) -> list[OrderRequest]:
        """The orders to create, in this order; none below the market's minimums or beyond the funds."""
        settings, state = self._settings, self._now.state
        if state in (EvaluatorStates.NEUTRAL, EvaluatorStates.UNKNOWN):
            return []
        if state in BUY_STATES:
            return [] if settings.disable_buy_orders or not self._may_enter() else list(self._buys())
        return [] if settings.disable_sell_orders or settings.target_profits_mode else list(self._sells())

    def _may_enter(self) -> bool:
        settings = self._settings
        return not settings.target_profits_mode or settings.enable_position_increase or not self._now.has_open_position

    def _buys(self) -> Iterator[OrderRequest]:
        price = self._order_price(self._rules.buy_limit_price, -1)
        if not price:  # rounded to the market's tick
            return
        for quantity in self._split(self._buy_quantity(price), price):
            yield self._entry(
                OrderSide.BUY,
                quantity,
                price,
                chained=self._exits(quantity, price) if self._settings.target_profits_mode else (),
            )

    def _sells(self) -> Iterator[OrderRequest]:
        price = self._order_price(self._rules.sell_limit_price, 1)
        if not price:
            return
        stop_price = self._market.quantize_price(self._price * self._rules.stop_price.at(self._boldness))
        for quantity in self._split(self._sell_quantity(price), price):
            if (
                not self._settings.use_stop_orders
                or self._is_market
                or not is_tradable(self._market, quantity, stop_price)
            ):
                yield self._entry(OrderSide.SELL, quantity, price)
                continue
            group = self._new_group()
            yield self._entry(OrderSide.SELL, quantity, price, group_id=group)
            yield self._stop(quantity, stop_price, group, ENTRY_TAG)

    def _entry(
        self,
        side: OrderSide,
        quantity: Decimal,
        price: Decimal,
        group_id: str | None = None,
        chained: tuple[OrderRequest, ...] = (),
    ) -> OrderRequest:
        return OrderRequest(
            self._market.symbol,
            side,
            OrderType.MARKET if self._is_market else OrderType.LIMIT,
            quantity,
            price=None if self._is_market else price,
            tag=ENTRY_TAG,
            group_id=group_id,
            chained=chained,
            cause=self._now.cause,
        )

    def _stop(self, quantity: Decimal, stop_price: Decimal, group_id: str | None, tag: str) -> OrderRequest:
        return OrderRequest(
            self._market.symbol,
            OrderSide.SELL,
            OrderType.STOP_LOSS,
            quantity,
            stop_price=stop_price,
            tag=tag,
            group_id=group_id,
            cause=self._now.cause,
        )

    def _exits(self, quantity: Decimal, entry_price: Decimal) -> tuple[OrderRequest, ...]:
        """What a filled entry is left by: its take profit, and its stop loss as the other of the two."""
        settings = self._settings
        return exits(
            self._market,
            quantity,
            [entry_price * (ONE + settings.take_profit)],
            entry_price * (ONE - settings.stop_loss) if settings.use_stop_orders else None,
            tag=EXIT_TAG,
            new_group=self._new_group,
            cause=self._now.cause,
        )

    def _order_price(self, limits: rules.Range, direction: int) -> Decimal:
        """The limit price; the current one for a market order, whose own is not known yet."""
        if self._is_market:
            return self._price
        difference = self._settings.close_price_difference
        factor = limits.at(self._boldness) if difference is None else ONE + direction * difference
        return self._market.quantize_price(self._price * factor)

    def _buy_quantity(self, price: Decimal) -> Decimal:
        settings, holdings, rate = self._settings, self._now.holdings, self._now.buy_fee_rate
        # fees are rounded up to the asset's step, which a buy of everything has to leave room for
        spendable = (holdings.available_quote - ASSET_STEP) / (ONE + rate) if rate else holdings.available_quote
        affordable = spendable / price
        if settings.buy_order_amount is not None:
            wanted = settings.buy_order_amount.resolve(OrderSide.BUY, replace(holdings, price=price))
        else:
            wanted = affordable * self._size(settings.buy_with_maximum_size)
        return min(wanted, affordable, self._room())

    def _sell_quantity(self, price: Decimal) -> Decimal:
        settings, holdings = self._settings, self._now.holdings
        if settings.sell_order_amount is not None:
            wanted = settings.sell_order_amount.resolve(OrderSide.SELL, replace(holdings, price=price))
        else:
            wanted = holdings.available_base * self._size(settings.sell_with_maximum_size)
        return min(wanted, holdings.available_base)

    def _size(self, is_maximum: bool) -> Decimal:
        if is_maximum:
            return ONE
        return (self._rules.market_size if self._is_market else self._rules.limit_size).at(self._boldness)

    def _room(self) -> Decimal:
        """How much more base ``max_currency_percent`` allows; unlimited at 100 %."""
        share, holdings = self._settings.max_currency_share, self._now.holdings
        if share >= ONE or holdings.traded_assets_value is None:
            return Decimal("Infinity")
        return share * holdings.traded_assets_value / self._price - holdings.total_base - self._now.open_buys

    def _split(self, quantity: Decimal, price: Decimal) -> Iterator[Decimal]:
        """Tradable quantities that add up to at most ``quantity``."""
        return split_amount(self._market, quantity, price, is_own_price=not self._is_market)
