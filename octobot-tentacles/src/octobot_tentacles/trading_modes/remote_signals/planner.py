# SPDX-License-Identifier: Apache-2.0
"""Which order a creation asks for. No input or output: creation, price and funds in, an order request out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from octobot_tentacles.errors import SignalError
from octobot_tentacles.trading_modes.funds import openable
from octobot_tentacles.trading_modes.remote_signals.signal import Chained, Create, Edit
from octobot_trading.constants import ONE_HUNDRED, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.modes.order_amounts import AmountUnit, Holdings, OrderAmount
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable
from octobot_trading.personal_data.orders.groups import leg_of
from octobot_trading.personal_data.orders.order_fields import check_fields
from octobot_trading.personal_data.orders.order_request import OrderRequest

TAG: Final = "RemoteTradingSignalsTradingMode"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSettings:
    """Checked settings; ``max_volume`` is a fraction."""

    strategy: str = ""
    max_volume: Decimal = Decimal("0.5")
    rounds_up: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the order depends on. ``holdings.price`` is the current price."""

    market: Market
    holdings: Holdings
    fees: FeeModel
    leverage: Decimal = Decimal(1)
    #: What other orders of its group hold and it may use as well: base of spot sells, else quote.
    shared: Decimal = ZERO
    signal_id: str = ""


def order_of(settings: SignalSettings, create: Create, now: Situation) -> OrderRequest | None:
    """The order with those chained to it, None where funds, cap and the market's minimums leave nothing of it.

    Raises:
        SignalError: it asks for what cannot be.
    """
    request = OrderRequest(
        now.market.symbol,
        create.side,
        create.type,
        ZERO,
        client_order_id=client_order_id(settings.strategy, create.id),
        **_common(settings, create, now),
    )
    price = request.own_price or now.holdings.price
    request = replace(request, quantity=_quantity(settings, create, now, price, request.own_price is not None))
    if not request.quantity:
        return None
    chained = tuple(_chained(settings, one, request, now) for one in create.chained)
    for one in (request, *chained):
        try:
            check_fields(one)
        except OrderRefused as error:
            raise SignalError(error.message, remedy=error.remedy) from error
    return replace(request, chained=chained)


def edited_quantity(edit: Edit, request: OrderRequest, now: Situation) -> Decimal | None:
    """The order's new whole amount, None where it stays.

    Raises:
        SignalError: the market takes no order of this size.
    """
    if edit.account_percent is None:
        return None
    price = edit.price or edit.stop_price or request.own_price or now.holdings.price
    amount = OrderAmount(edit.account_percent, AmountUnit.TRADED_ASSETS_PERCENT)
    base = amount.resolve(request.side, replace(now.holdings, price=price))
    units = adapt_to_limits(now.market, now.market.amount_of(base, price), price)
    if not units:
        raise SignalError(f"{edit.account_percent:f} % is below the market's minimums", remedy="cancel it instead")
    return units


def shared_in_group(market: Market, create: Create, group: Iterable[OrderRequest]) -> Decimal:
    """What an order may use of what open orders of its ``group`` hold, whose quantities are what is left of them.

    Of alternatives everything; of a balanced group what the other leg holds more than its own.
    """
    legs: dict[str, Decimal] = {}
    is_spot_sale = create.side is OrderSide.SELL and market.contract is None
    for number, request in enumerate(group):
        if request.side is create.side and request.own_price is not None:
            base = market.base_of(request.quantity, request.own_price)
            leg = leg_of(request) or str(number)
            legs[leg] = legs.get(leg, ZERO) + (base if is_spot_sale else base * request.own_price)
    own = leg_of(OrderRequest(market.symbol, create.side, create.type, ZERO, group_kind=create.group_kind))
    return max(legs.values(), default=ZERO) - legs.get(own, ZERO)


def group_name(strategy: str, group: str) -> str:
    """The group's name among the orders of an account."""
    return f"{TAG}:{strategy}:{group}"


def tick_price(market: Market, price: Decimal | None, side: OrderSide | None) -> Decimal | None:
    """A price of this market.

    Raises:
        SignalError: it is smaller than the market's tick.
    """
    if price is None:
        return None
    rounded = market.quantize_price(price, side)
    if not rounded:
        raise SignalError(f"a price of {price:f} is nothing on this market", remedy="give a larger one")
    return rounded


def client_order_id(strategy: str, order_id: str) -> str:
    """The same for the same order, so that an exchange refuses the second; any exchange takes its characters."""
    return f"ob-{hashlib.sha256(repr((strategy, order_id)).encode()).hexdigest()[:29]}"


def _common(settings: SignalSettings, order: Create | Chained, now: Situation) -> dict[str, Any]:
    group = None if order.group is None else group_name(settings.strategy, order.group)
    return {
        "price": tick_price(now.market, order.price, order.side),
        "stop_price": tick_price(now.market, order.stop_price, None),
        "tag": TAG,
        "group_id": group,
        "group_kind": order.group_kind,
        "reduce_only": order.reduce_only and now.market.contract is not None,
        "cause": {
            "trading_mode": TAG,
            "strategy": settings.strategy,
            "signal": now.signal_id,
            "remote_order": order.id,
        },
    }


def _chained(settings: SignalSettings, chained: Chained, parent: OrderRequest, now: Situation) -> OrderRequest:
    part = WIDE.divide(WIDE.multiply(parent.quantity, chained.parent_percent), ONE_HUNDRED)
    quantity = now.market.quantize_amount(part)
    if not quantity:
        raise SignalError(f"nothing is left of the chained order {chained.id!r}", remedy="give it a larger part")
    # No id for the exchange: each part of the parent that fills brings it up once more.
    return OrderRequest(now.market.symbol, chained.side, chained.type, quantity, **_common(settings, chained, now))


def _quantity(settings: SignalSettings, create: Create, now: Situation, price: Decimal, is_own_price: bool) -> Decimal:
    """In the market's amounts."""
    market, most = now.market, _most(settings, create, now, price, is_own_price)
    wanted = min(most, _wanted(create, now, price))
    units = market.amount_of(wanted, price)
    quantity = adapt_to_limits(market, units, price, is_own_price=is_own_price)
    if quantity or not settings.rounds_up or wanted <= ZERO:
        return quantity
    smallest = _smallest(market, price, is_own_price)
    return smallest if smallest <= market.amount_of(most, price) else ZERO


def _wanted(create: Create, now: Situation, price: Decimal) -> Decimal:
    holdings = replace(now.holdings, price=price)
    if create.account_percent is not None:
        return OrderAmount(create.account_percent, AmountUnit.TRADED_ASSETS_PERCENT).resolve(create.side, holdings)
    assert create.holdings_percent is not None
    reduces = create.reduce_only and now.market.contract is not None
    unit = AmountUnit.POSITION_PERCENT if reduces else AmountUnit.TOTAL_PERCENT
    if now.market.contract is not None:  # margin is worth as much at any price
        holdings = replace(holdings, total_base=now.holdings.total_quote / price)
    return OrderAmount(create.holdings_percent, unit).resolve(create.side, holdings)


def _most(settings: SignalSettings, create: Create, now: Situation, price: Decimal, is_own_price: bool) -> Decimal:
    """In base: what the account can pay for, and of what enters no more than the largest volume."""
    holdings, buys = now.holdings, create.side is OrderSide.BUY
    cap = settings.max_volume * holdings.total_quote / price
    if now.market.contract is None:
        available = (holdings.available_quote if buys else holdings.available_base) + now.shared
        affordable = max_affordable(now.market, create.side, price, available, now.fees, is_own_price=is_own_price)
        return min(affordable, cap) if buys else affordable
    position = holdings.position or ZERO
    closable = abs(position) if (position < ZERO) is buys and position else ZERO
    if create.reduce_only:
        return closable
    fee = now.fees.reserved_rate(now.market, create.side)
    holdings = replace(holdings, available_quote=holdings.available_quote + now.shared)
    return closable + min(cap, openable(now.market, holdings, price, now.leverage, fee))


def _smallest(market: Market, price: Decimal, is_own_price: bool) -> Decimal:
    """The smallest amount that the market takes, zero where it takes none."""
    limits, step = market.amount_rules(is_market_order=not is_own_price)
    least = max(limits.minimum, market.amount_of(WIDE.divide(market.min_cost, price), price), step)
    rounded = WIDE.multiply(WIDE.divide(least, step).to_integral_value(ROUND_CEILING, WIDE), step)
    return adapt_to_limits(market, rounded, price, is_own_price=is_own_price)
