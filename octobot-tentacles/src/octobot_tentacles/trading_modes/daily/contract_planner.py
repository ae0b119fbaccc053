# SPDX-License-Identifier: Apache-2.0
"""Which orders a state asks for where positions are held: long ones by LONG and VERY_LONG, short ones by the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from octobot_tentacles.trading_modes.daily.planner import BUY_STATES, ENTRY_TAG, EXIT_TAG, Planner
from octobot_tentacles.trading_modes.daily.settings import DailySettings
from octobot_tentacles.trading_modes.exits import exits
from octobot_tentacles.trading_modes.funds import openable
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import EvaluatorStates, OrderSide, OrderType
from octobot_trading.modes.order_amounts import AmountUnit, OrderAmount
from octobot_trading.personal_data.orders.adapting import split_amount
from octobot_trading.personal_data.orders.order_request import OrderRequest

_NO_SIDE = (EvaluatorStates.NEUTRAL, EvaluatorStates.UNKNOWN)


def reverses(settings: DailySettings, state: EvaluatorStates, position: Decimal) -> bool:
    """Whether a state closes the whole position, and enters the other way once that is done."""
    if settings.target_profits_mode or state in _NO_SIDE or not _is_opposite(state, position):
        return False
    return not _reduces_partly(settings, state) and not _is_disabled(settings, state)


class ContractPlanner(Planner):
    """Plans the orders of one state for a contract. Amounts are computed in base and ordered in contracts."""

    def orders(self) -> list[OrderRequest]:
        """The orders to create: what closes an opposite position, else what opens or increases one."""
        settings, now = self._settings, self._now
        if now.state in _NO_SIDE:
            return []
        if _is_opposite(now.state, self._position):
            return [] if settings.target_profits_mode else list(self._closings())
        if _is_disabled(settings, now.state) or not self._may_enter():
            return []
        return list(self._entries())

    @property
    def _position(self) -> Decimal:
        return self._now.holdings.position or ZERO

    @property
    def _side(self) -> OrderSide:
        return OrderSide.BUY if self._now.state in BUY_STATES else OrderSide.SELL

    def _closings(self) -> Iterator[OrderRequest]:
        """Market orders, as the position is to be gone at once, and never more than it is."""
        amount, whole = _amount_of(self._settings, self._now.state), abs(self._position)
        if amount is not None and _reduces_partly(self._settings, self._now.state):
            whole = min(whole, amount.resolve(self._side, self._now.holdings))
        units = self._market.amount_of(whole, self._price)
        for quantity in split_amount(self._market, units, self._price, is_own_price=False):
            yield OrderRequest(
                self._market.symbol,
                self._side,
                OrderType.MARKET,
                quantity,
                tag=ENTRY_TAG,
                reduce_only=True,
                cause=self._now.cause,
            )

    def _entries(self) -> Iterator[OrderRequest]:
        buys = self._side is OrderSide.BUY
        limits = self._rules.buy_limit_price if buys else self._rules.sell_limit_price
        price = self._order_price(limits, -1 if buys else 1)
        if not price:  # rounded to the market's tick
            return
        units = self._market.amount_of(self._entry_base(price), price)
        for quantity in self._split(units, price):
            yield replace(self._entry(self._side, quantity, price), chained=self._position_exits(quantity, price))

    def _entry_base(self, price: Decimal) -> Decimal:
        now, settings = self._now, self._settings
        most = openable(self._market, now.holdings, price, now.leverage, now.fee_rate)
        amount = _amount_of(settings, now.state)
        if amount is not None:
            wanted = amount.resolve(self._side, replace(now.holdings, price=price))
        else:
            buys = self._side is OrderSide.BUY
            wanted = most * self._size(settings.buy_with_maximum_size if buys else settings.sell_with_maximum_size)
        return min(wanted, most, self._position_room())

    def _position_room(self) -> Decimal:
        """How much more base ``max_currency_percent`` allows, either way; unlimited at 100 %."""
        share, now = self._settings.max_currency_share, self._now
        if share >= ONE or now.holdings.traded_assets_value is None:
            return Decimal("Infinity")
        waiting = now.open_buys if self._side is OrderSide.BUY else now.open_sells
        return share * now.holdings.traded_assets_value / self._price - abs(self._position) - waiting

    def _position_exits(self, quantity: Decimal, price: Decimal) -> tuple[OrderRequest, ...]:
        """A stop loss, and in target profits mode a take profit; only ever for what the entry has opened."""
        settings, direction = self._settings, ONE if self._side is OrderSide.BUY else -ONE
        targets, loss = [], ONE - self._rules.stop_price.at(self._boldness)
        if settings.target_profits_mode:
            targets, loss = [price * (ONE + direction * settings.take_profit)], settings.stop_loss
        stop = price * (ONE - direction * loss) if settings.use_stop_orders else None
        return exits(
            self._market,
            quantity,
            [target for target in targets if target > ZERO],
            stop,
            tag=EXIT_TAG,
            new_group=self._new_group,
            cause=self._now.cause,
            side=OrderSide.SELL if self._side is OrderSide.BUY else OrderSide.BUY,
            reduce_only=True,
        )


def _is_opposite(state: EvaluatorStates, position: Decimal) -> bool:
    return position < ZERO if state in BUY_STATES else position > ZERO


def _amount_of(settings: DailySettings, state: EvaluatorStates) -> OrderAmount | None:
    return settings.buy_order_amount if state in BUY_STATES else settings.sell_order_amount


def _reduces_partly(settings: DailySettings, state: EvaluatorStates) -> bool:
    """Whether the amount is a part of the position, which is then all that an opposite state takes of it."""
    amount = _amount_of(settings, state)
    return amount is not None and amount.unit is AmountUnit.POSITION_PERCENT


def _is_disabled(settings: DailySettings, state: EvaluatorStates) -> bool:
    return settings.disable_buy_orders if state in BUY_STATES else settings.disable_sell_orders
