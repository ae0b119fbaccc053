# SPDX-License-Identifier: Apache-2.0
"""Which bids and asks there should be. No input or output: prices, funds and open orders in, changes out.

Level i of n on each side stands ``min_spread / 2`` from the reference price for the first to ``max_spread / 2`` for the
last, evenly between. Every bid is worth the same part of the quote asset, every ask the same part of the base asset, so
that what is left of a side is spread over all of its levels again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

TAG: Final = "MarketMakingTradingMode"
#: An order stays while it is no further from its level than this part of the smallest spread.
TOLERANCE: Final = Decimal("0.25")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSettings:
    """Checked settings; spreads are fractions here: 0.02 is 2 %."""

    min_spread: Decimal = Decimal("0.02")
    max_spread: Decimal = Decimal("0.1")
    bids_count: int = 3
    asks_count: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """What the account holds for the symbol; totals include what its own orders lock."""

    quote_total: Decimal
    quote_available: Decimal
    base_total: Decimal
    base_available: Decimal
    fees: FeeModel


def levels(count: int, side: OrderSide, settings: BookSettings, reference: Decimal, market: Market) -> list[Decimal]:
    """The prices of one side, best first."""
    nearest, furthest = settings.min_spread / 2, settings.max_spread / 2
    step = (furthest - nearest) / (count - 1) if count > 1 else ZERO
    sign = -ONE if side is OrderSide.BUY else ONE
    prices = [
        market.quantize_price(reference * (ONE + sign * (nearest + step * number)), side) for number in range(count)
    ]
    return [price for price in dict.fromkeys(prices) if price > ZERO]


def outdated(settings: BookSettings, reference: Decimal, market: Market, open_orders: Sequence[Order]) -> list[Order]:
    """The open orders that stand at no level any more, or share one."""
    wanted = {side: _levels_of(side, settings, reference, market) for side in OrderSide}
    gone = []
    for order in open_orders:
        level = _level_of(order, wanted[order.request.side], settings, reference)
        if level is None:
            gone.append(order)
        else:
            wanted[order.request.side].remove(level)
    return gone


def missing(
    settings: BookSettings,
    reference: Decimal,
    market: Market,
    open_orders: Sequence[Order],
    funds: Funds,
    cause: dict[str, Any] | None = None,
) -> list[OrderRequest]:
    """The orders of levels without one, best first; none below the market's minimums or beyond the funds."""
    requests = []
    for side, count in ((OrderSide.BUY, settings.bids_count), (OrderSide.SELL, settings.asks_count)):
        free = _levels_of(side, settings, reference, market)
        for order in open_orders:
            level = _level_of(order, free, settings, reference) if order.request.side is side else None
            if level is not None:
                free.remove(level)
        left = funds.quote_available if side is OrderSide.BUY else funds.base_available
        for price in free:
            part = (funds.quote_total if side is OrderSide.BUY else funds.base_total) / count
            quantity = max_affordable(market, side, price, min(part, left), funds.fees)
            quantity = adapt_to_limits(market, quantity, price)
            if quantity:
                left -= funds.fees.needs(market, side, quantity, market.cost_of(quantity, price))[1]
                requests.append(
                    OrderRequest(
                        market.symbol,
                        side,
                        OrderType.LIMIT,
                        quantity,
                        price=price,
                        tag=TAG,
                        post_only=True,
                        cause=cause,
                    )
                )
    return requests


def _levels_of(side: OrderSide, settings: BookSettings, reference: Decimal, market: Market) -> list[Decimal]:
    return levels(
        settings.bids_count if side is OrderSide.BUY else settings.asks_count, side, settings, reference, market
    )


def _level_of(order: Order, free: Sequence[Decimal], settings: BookSettings, reference: Decimal) -> Decimal | None:
    price = order.request.price
    assert price is not None, "it has limit orders only"
    nearest = min(free, key=lambda level: abs(level - price), default=None)
    if nearest is None or abs(nearest - price) > TOLERANCE * settings.min_spread * reference:
        return None
    return nearest
