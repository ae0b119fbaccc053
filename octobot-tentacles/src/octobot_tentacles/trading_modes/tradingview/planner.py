# SPDX-License-Identifier: Apache-2.0
"""Which order an alert asks for. No input or output: alert, price and funds in, an order request out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from octobot_commons.errors import SettingError
from octobot_tentacles.errors import AlertError
from octobot_tentacles.trading_modes.exits import exits
from octobot_tentacles.trading_modes.funds import openable
from octobot_tentacles.trading_modes.tradingview.alert import Alert, AlertOrderType, Signal
from octobot_trading.constants import ONE, ONE_HUNDRED, ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.modes.order_amounts import AmountUnit, Holdings, OrderAmount, OrderPrice
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable
from octobot_trading.personal_data.orders.order_request import OrderRequest

#: Orders that alerts ask for, and those that leave what these have bought.
ENTRY_TAG: Final = "TradingViewSignalsTradingMode"
EXIT_TAG: Final = "TradingViewSignalsTradingMode exit"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """Checked settings; the difference is a fraction."""

    uses_maximum_size: bool = False
    uses_market_orders: bool = True
    close_price_difference: Decimal = Decimal("0.02")
    cancels_previous: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the order depends on. ``holdings.price`` is the current price."""

    market: Market
    holdings: Holdings
    fees: FeeModel
    risk: Decimal
    #: Of a contract.
    leverage: Decimal = ONE
    cause: dict[str, Any] | None = None


def order_of(
    settings: AlertSettings, alert: Alert, now: Situation, new_group: Callable[[], str]
) -> OrderRequest | None:
    """The order, None where nothing is left of it within funds and the market's minimums.

    Raises:
        AlertError: the alert asks for what cannot be.
    """
    side = OrderSide.BUY if alert.signal is Signal.BUY else OrderSide.SELL
    kind = _kind_of(settings, alert)
    price = _order_price(settings, alert, now, side, kind)
    is_own_price = kind is not AlertOrderType.MARKET
    quantity = _quantity(settings, alert, now, side, price, is_own_price)
    if not quantity:
        return None
    return OrderRequest(
        now.market.symbol,
        side,
        {AlertOrderType.MARKET: OrderType.MARKET, AlertOrderType.LIMIT: OrderType.LIMIT}.get(kind, OrderType.STOP_LOSS),
        quantity,
        price=price if kind is AlertOrderType.LIMIT else None,
        stop_price=price if kind is AlertOrderType.STOP else None,
        tag=ENTRY_TAG,
        chained=_exits(alert, now, side, kind, quantity, price, new_group),
        cause=now.cause,
        reduce_only=alert.reduce_only and now.market.contract is not None,
    )


def _kind_of(settings: AlertSettings, alert: Alert) -> AlertOrderType:
    if alert.order_type is not None:
        return alert.order_type
    if alert.price is not None:
        return AlertOrderType.LIMIT
    return AlertOrderType.MARKET if settings.uses_market_orders else AlertOrderType.LIMIT


def _order_price(
    settings: AlertSettings, alert: Alert, now: Situation, side: OrderSide, kind: AlertOrderType
) -> Decimal:
    current = now.holdings.price
    if kind is AlertOrderType.MARKET:
        return current
    if kind is AlertOrderType.STOP:
        if alert.stop_price is None:
            raise AlertError("ORDER_TYPE is STOP without a STOP_PRICE", remedy="give the price that triggers it")
        return _tradable(now.market, alert.stop_price, current, None)
    if alert.price is not None:
        return _tradable(now.market, alert.price, current, side)
    sign = -ONE if side is OrderSide.BUY else ONE
    return now.market.quantize_price(current * (ONE + sign * settings.close_price_difference), side)


def _tradable(market: Market, price: OrderPrice, current: Decimal, side: OrderSide | None) -> Decimal:
    try:
        return market.quantize_price(price.resolve(current), side)
    except SettingError as error:
        raise AlertError(error.message, remedy=error.remedy) from error


def _quantity(
    settings: AlertSettings, alert: Alert, now: Situation, side: OrderSide, price: Decimal, is_own_price: bool
) -> Decimal:
    if price <= 0:
        raise AlertError("its price is not positive", remedy="give a price above 0")
    share = ONE_HUNDRED if settings.uses_maximum_size else now.risk * ONE_HUNDRED
    amount = alert.volume or OrderAmount(share, AmountUnit.AVAILABLE_PERCENT)
    try:
        wanted = amount.resolve(side, replace(now.holdings, price=price))
    except SettingError as error:
        raise AlertError(error.message, remedy=error.remedy) from error
    if now.market.contract is not None:
        units = now.market.amount_of(min(wanted, _most_of_contract(alert, now, side, price)), price)
        return adapt_to_limits(now.market, units, price, is_own_price=is_own_price)
    available = now.holdings.available_quote if side is OrderSide.BUY else now.holdings.available_base
    most = max_affordable(now.market, side, price, available, now.fees, is_own_price=is_own_price)
    return adapt_to_limits(now.market, min(wanted, most), price, is_own_price=is_own_price)


def _most_of_contract(alert: Alert, now: Situation, side: OrderSide, price: Decimal) -> Decimal:
    """In base: the opposite position, and what the margin can open beyond it unless the alert only reduces."""
    position = now.holdings.position or ZERO
    opposite = abs(position) if (position < ZERO) == (side is OrderSide.BUY) else ZERO
    if alert.reduce_only:
        return opposite
    rates = now.fees.rates(now.market.symbol)
    fee_rate = max(ZERO, rates.maker, rates.taker)
    return opposite + openable(now.market, now.holdings, price, now.leverage, fee_rate)


def _exits(
    alert: Alert, now: Situation, side: OrderSide, kind: AlertOrderType, quantity: Decimal, price: Decimal,
    new_group: Callable[[], str],
) -> tuple[OrderRequest, ...]:  # fmt: skip
    stop = None if kind is AlertOrderType.STOP else alert.stop_price
    if not alert.take_profits and stop is None:
        return ()
    is_contract = now.market.contract is not None
    if alert.reduce_only or (side is OrderSide.SELL and not is_contract):
        raise AlertError("take profits and stops belong to what opens a position", remedy="leave them out")
    return exits(
        now.market,
        quantity,
        [target.price.resolve(price) for target in alert.take_profits],
        None if stop is None else stop.resolve(price),
        weights=[target.ratio for target in alert.take_profits],
        tag=EXIT_TAG,
        new_group=new_group,
        cause=now.cause,
        side=OrderSide.SELL if side is OrderSide.BUY else OrderSide.BUY,
        reduce_only=is_contract,
    )
