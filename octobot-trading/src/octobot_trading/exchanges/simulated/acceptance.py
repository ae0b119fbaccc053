# SPDX-License-Identifier: Apache-2.0
"""What the simulated exchange refuses before it looks at the account."""

from __future__ import annotations

import math
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.errors import OrderRefused, WouldTake
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.resting import hold_price
from octobot_trading.personal_data.orders.order_fields import check_fields
from octobot_trading.personal_data.orders.order_request import OrderRequest


def check_request(
    request: OrderRequest, market: Market, last_price: float, now: float, is_edit: bool = False
) -> Decimal:
    """Raise what is wrong with a request; returns the price that its funds are to be locked with.

    Raises:
        OrderRefused: naming the rule.
    """
    check_fields(request)
    _check_time(request, now, is_edit)
    if request.own_price is None and math.isnan(last_price):
        raise OrderRefused(f"{request.symbol}: no price is known yet", rule="price", remedy="wait for the first candle")
    for own_price in (request.price, request.stop_price):
        if own_price is not None:
            market.check(request.quantity, own_price)
    price = hold_price(request, market, ZERO if math.isnan(last_price) else Decimal(repr(last_price)))
    if request.own_price is None:
        market.check(request.quantity, price, is_own_price=False)
    if request.post_only and _takes(request, last_price):
        raise WouldTake(
            f"{request.symbol}: a post-only order at {request.price} would fill at {last_price}",
            remedy="give a price on the other side of the market",
        )
    return price


def _check_time(request: OrderRequest, now: float, is_edit: bool) -> None:
    if request.expiry_time is not None and not is_edit and not now < request.expiry_time < math.inf:
        raise OrderRefused(
            f"{request.symbol}: the expiry time {request.expiry_time} is not in the future",
            rule="expiry_time",
            remedy="give a later time, in Unix seconds",
        )


def _takes(request: OrderRequest, last_price: float) -> bool:
    assert request.price is not None
    if math.isnan(last_price):  # which Decimal does not compare with
        return False
    return last_price <= request.price if request.side is OrderSide.BUY else last_price >= request.price
