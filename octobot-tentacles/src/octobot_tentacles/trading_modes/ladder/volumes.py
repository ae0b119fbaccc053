# SPDX-License-Identifier: Apache-2.0
"""How much of a side's funds each level gets.

Weights are those of the asset that is spent: quote of buys, base of sells. With n levels on a side, the j-th from the
price (j from 0) is at d = j / (n - 1); near(d) = 3/2 - d falls from 1.5 to 0.5 and far(d) = 1/2 + d rises from 0.5 to
1.5, so that the largest order of a slope is three times the smallest. The names are those of "staggered orders" bots.

========== ================================================= ==================================================
           buys                                              sells
========== ================================================= ==================================================
mountain   near                                              near
valley     far                                               far
buy slope  far: larger at lower prices                       near: larger at lower prices
sell slope near: larger at higher prices                     far: larger at higher prices
neutral    √(price of the level / price of the first one)    √(price of the first one / price of the level)
flat       1                                                 1
========== ================================================= ==================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable


class Profile(StrEnum):
    """The shape of a ladder's volumes; the values are those of the setting ``mode``."""

    MOUNTAIN = "mountain"
    VALLEY = "valley"
    BUY_SLOPE = "buy slope"
    SELL_SLOPE = "sell slope"
    NEUTRAL = "neutral"
    FLAT = "flat"


_GROWS_WITH_DISTANCE = {
    Profile.MOUNTAIN: (),
    Profile.VALLEY: (OrderSide.BUY, OrderSide.SELL),
    Profile.BUY_SLOPE: (OrderSide.BUY,),
    Profile.SELL_SLOPE: (OrderSide.SELL,),
}
_HALF = Decimal("0.5")


def weights_of(profile: Profile, side: OrderSide, prices: Sequence[Decimal]) -> list[Decimal]:
    """One weight per level, for the prices of a side from the first to the farthest."""
    count = len(prices)
    if profile is Profile.FLAT or count == 1:
        return [ONE] * count
    if profile is Profile.NEUTRAL:
        first = prices[0]
        parts = ((price, first) if side is OrderSide.BUY else (first, price) for price in prices)
        return [WIDE.sqrt(WIDE.divide(one, other)) for one, other in parts]
    rising = [_HALF + WIDE.divide(Decimal(index), Decimal(count - 1)) for index in range(count)]
    return rising if side in _GROWS_WITH_DISTANCE[profile] else rising[::-1]


def split_funds(
    market: Market,
    fees: FeeModel,
    side: OrderSide,
    prices: Sequence[Decimal],
    funds: Decimal,
    profile: Profile = Profile.FLAT,
    fixed_volume: Decimal = ZERO,
) -> list[Decimal]:
    """The volumes of as many levels, from the first of ``prices`` on, as ``funds`` and the market's minimums allow.

    With a fixed volume each level gets that one as long as the funds last. Needs, fees included, never exceed
    ``funds``. ``funds`` and ``fixed_volume`` count quote and base, with contracts too: what those stand for, without
    fees and whatever the margin.
    """
    if fixed_volume:
        return _fixed(market, fees, side, prices, funds, fixed_volume)
    few, many = 0, len(prices) + 1  # levels that can be served, and that cannot
    served: list[Decimal] = []
    while many - few > 1:
        count = many - 1 if many == len(prices) + 1 and not few else (few + many) // 2
        volumes = _shares(market, fees, side, prices[:count], funds, profile)
        if all(volumes):
            few, served = count, volumes
        else:
            many = count
    return served


def _shares(
    market: Market, fees: FeeModel, side: OrderSide, prices: Sequence[Decimal], funds: Decimal, profile: Profile
) -> list[Decimal]:
    weights = weights_of(profile, side, prices)
    whole = sum(weights, ZERO)
    volumes = []
    for price, weight in zip(prices, weights, strict=True):
        share = WIDE.divide(WIDE.multiply(funds, weight), whole)
        volumes.append(adapt_to_limits(market, _affordable(market, fees, side, price, share), price))
    return volumes


def _fixed(
    market: Market, fees: FeeModel, side: OrderSide, prices: Sequence[Decimal], funds: Decimal, volume: Decimal
) -> list[Decimal]:
    volumes = []
    for price in prices:
        part = adapt_to_limits(market, market.amount_of(volume, price), price)
        needed = _needs(market, fees, side, part, price)
        if not part or needed > funds:
            break
        volumes.append(part)
        funds -= needed
    return volumes


def _affordable(market: Market, fees: FeeModel, side: OrderSide, price: Decimal, funds: Decimal) -> Decimal:
    if market.contract is None:
        return max_affordable(market, side, price, funds, fees)
    return market.amount_of(WIDE.divide(funds, price) if side is OrderSide.BUY else funds, price)


def _needs(market: Market, fees: FeeModel, side: OrderSide, quantity: Decimal, price: Decimal) -> Decimal:
    if market.contract is None:
        return fees.needs(market, side, quantity, market.cost_of(quantity, price))[1]
    base = market.base_of(quantity, price)
    return WIDE.multiply(base, price) if side is OrderSide.BUY else base
