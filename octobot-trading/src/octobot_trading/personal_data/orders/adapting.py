# SPDX-License-Identifier: Apache-2.0
"""From what somebody wants to trade to what a market lets him trade.

Amounts are only ever made smaller. ``is_own_price`` is False for market orders, as in ``Market.check``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce

from octobot_commons.errors import BugError
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market

#: An amount is split into at most this many orders unless somebody asks for more.
MAX_SPLIT_ORDERS = 20


def is_tradable(market: Market, quantity: Decimal, price: Decimal, *, is_own_price: bool = True) -> bool:
    """Whether the market takes an order of this size."""
    try:
        market.check(quantity, price, is_own_price=is_own_price)
    except OrderRefused:
        return False
    return True


def adapt_price(market: Market, price: Decimal, side: OrderSide | None = None) -> Decimal:
    """The tradable price nearest to ``price``; with a side the nearest that is no worse for it.

    A buy never pays more and a sell never takes less. Zero where the price is too small for the market's tick.
    """
    return market.quantize_price(price, side)


def adapt_to_limits(market: Market, quantity: Decimal, price: Decimal, *, is_own_price: bool = True) -> Decimal:
    """The largest tradable amount that is not above ``quantity``; zero where there is none."""
    if not quantity.is_finite() or not price.is_finite() or quantity <= 0 or price <= 0:
        return ZERO
    limits, _ = market.amount_rules(is_market_order=not is_own_price)
    most = quantity if limits.maximum is None else min(quantity, limits.maximum)
    if market.max_cost is not None and market.cost_of(most, price) > market.max_cost:
        most = min(most, _units(market, market.max_cost, price))
    part = market.quantize_amount(most, is_market_order=not is_own_price)
    return part if is_tradable(market, part, price, is_own_price=is_own_price) else ZERO


def split_amount(
    market: Market,
    quantity: Decimal,
    price: Decimal,
    *,
    is_own_price: bool = True,
    max_orders: int = MAX_SPLIT_ORDERS,
) -> Iterator[Decimal]:
    """Tradable amounts that add up to at most ``quantity``, the largest possible ones first.

    What is then left is too small to be traded, or more than ``max_orders`` orders can hold.
    """
    left = quantity
    for _ in range(max_orders):
        part = adapt_to_limits(market, left, price, is_own_price=is_own_price)
        if not part:
            return
        yield part
        left = WIDE.subtract(left, part)


def split_over_prices(
    market: Market, quantity: Decimal, prices: Sequence[Decimal], weights: Sequence[Decimal] | None = None
) -> list[tuple[Decimal, Decimal]]:
    """``quantity`` spread over limit orders: (price, amount) in the order of ``prices``.

    Each price gets its share by weight, all the same without weights. What a share cannot trade, as it is too small,
    above a maximum or no whole step, goes to the prices after it, and from the last one back to the nearest that can
    take it. Prices are not adapted.

    Raises:
        BugError: not one weight per price, or a weight that is not positive.
    """
    weights = [ONE] * len(prices) if weights is None else weights
    if len(weights) != len(prices) or not all(weight.is_finite() and weight > 0 for weight in weights):
        raise BugError(f"{len(prices)} prices with the weights {[str(weight) for weight in weights]}")
    remaining_weight, left, parts = reduce(WIDE.add, weights, ZERO), quantity, []
    carried = ZERO
    for price, weight in zip(prices, weights, strict=True):
        share = WIDE.divide(WIDE.multiply(WIDE.subtract(left, carried), weight), remaining_weight)
        wanted = min(left, WIDE.add(share, carried))
        part = adapt_to_limits(market, wanted, price)
        parts.append(part)
        left, carried = WIDE.subtract(left, part), WIDE.subtract(wanted, part)
        remaining_weight = WIDE.subtract(remaining_weight, weight)
    for index in reversed(range(len(parts))) if left else ():
        more = adapt_to_limits(market, WIDE.add(parts[index], left), prices[index])
        left, parts[index] = WIDE.subtract(left, WIDE.subtract(more, parts[index])), more
    return [(price, part) for price, part in zip(prices, parts, strict=True) if part]


def max_affordable(
    market: Market,
    side: OrderSide,
    price: Decimal,
    available: Decimal,
    fees: FeeModel | None = None,
    *,
    is_own_price: bool = True,
) -> Decimal:
    """The largest amount that ``available`` pays for, fee included where it comes on top, in whole steps.

    ``available`` is quote for a buy and base for a sell; with contracts it is what covers the whole cost, which no
    margin multiplies. Costs and fees are rounded to steps, so it may be short of the true maximum by what one step of
    each buys. Zero where nothing is affordable. The market's other limits are not looked at.
    """
    if not available.is_finite() or not price.is_finite() or available <= 0 or price <= 0:
        return ZERO
    fees = fees or FeeModel()
    spends_base = side is OrderSide.SELL and market.contract is None
    whole = WIDE.add(ONE, fees.reserved_rate(market, side))
    for spendable in (available, WIDE.subtract(available, WIDE.add(ASSET_STEP, fees.step))):
        without_fee = max(WIDE.divide(spendable, whole), ZERO)
        units = without_fee if spends_base else _units(market, without_fee, price)
        quantity = market.quantize_amount(units, is_market_order=not is_own_price)
        if fees.needs(market, side, quantity, market.cost_of(quantity, price))[1] <= available:
            return quantity
    raise BugError(f"{market.symbol}: {available} does not pay for what it was divided by")


def _units(market: Market, cost: Decimal, price: Decimal) -> Decimal:
    """The amount that costs ``cost``, not rounded."""
    size = ONE if market.contract is None else market.contract.size
    value = WIDE.multiply(cost, price) if market.is_inverse else WIDE.divide(cost, price)
    return WIDE.divide(value, size)
