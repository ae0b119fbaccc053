# SPDX-License-Identifier: Apache-2.0
"""From an order request to what ccxt is asked, and which types of orders an exchange takes at all."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, NamedTuple

from octobot_trading.enums import OrderSide, OrderType, TimeInForce
from octobot_trading.errors import InvalidOrder
from octobot_trading.exchanges.ccxt.differences import VenueDifferences
from octobot_trading.personal_data.orders.order_fields import STOPS, TAKE_PROFITS, TRAILING
from octobot_trading.personal_data.orders.order_request import OrderRequest

#: What ``exchange.feature_value(symbol, "createOrder", name)`` answers, by name.
Feature = Callable[[str], Any]

#: Types that the bot does not manage itself: no exchange is without them.
_ALWAYS: Final = frozenset({OrderType.MARKET, OrderType.LIMIT})
_WITH_LIMIT: Final = frozenset(
    {OrderType.LIMIT, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT, OrderType.TRAILING_STOP_LIMIT}
)
_TRIGGERS: Final = (("stopLossPrice", STOPS), ("takeProfitPrice", TAKE_PROFITS))


class CcxtOrder(NamedTuple):
    """The arguments of ccxt's ``create_order``; amounts as texts, which it passes on as they are."""

    symbol: str
    type: str
    side: str
    amount: str
    price: str | None
    params: dict[str, Any]


def supported_types(feature: Feature, differences: VenueDifferences) -> frozenset[OrderType]:
    """The types that an exchange takes in one kind of market.

    What ccxt does not say that it has is never asked of it: several exchanges take a stop that they do not know for an
    order without one, which would fill at once. Trailing stops are left to the bot, as exchanges mean different things
    by them.
    """
    found = set(_ALWAYS)
    for name, types in _TRIGGERS:
        if name not in differences.no_order_features and feature(name):
            found |= types
    return frozenset(found)


def ccxt_order(
    request: OrderRequest,
    client_order_id: str,
    feature: Feature,
    differences: VenueDifferences,
    last_price: Decimal | None,
) -> CcxtOrder:
    """What ccxt is asked to create.

    ``last_price`` is needed for market buys on exchanges that take what is to be spent in place of an amount.

    Raises:
        InvalidOrder: the exchange has no such time in force, or a price that it needs is not known.
    """
    params: dict[str, Any] = {differences.client_id_parameter: client_order_id}
    for name, types in _TRIGGERS:
        if request.order_type in types:
            params[name] = _text(request.stop_price)
    if request.order_type in TRAILING:
        raise InvalidOrder(f"{request.order_type} orders are managed by the bot", rule="order_type")
    if request.post_only:
        params["postOnly"] = _told(feature, "PO", request)
    elif request.time_in_force is not TimeInForce.GTC:
        _told(feature, request.time_in_force.name, request)
        params["timeInForce"] = request.time_in_force.name
        if request.time_in_force is TimeInForce.GTD:
            params["expiration"] = request.expiry_time
    if request.reduce_only:
        params["reduceOnly"] = True
    has_limit = request.order_type in _WITH_LIMIT
    price = request.price if has_limit else None
    if not has_limit and request.side is OrderSide.BUY and feature("marketBuyRequiresPrice"):
        price = last_price
        if price is None:
            raise InvalidOrder(
                f"{request.symbol}: this exchange takes market buys by what they spend, and no price is known yet",
                rule="price",
                remedy="wait for the first price, or use a limit order",
            )
    return CcxtOrder(
        request.symbol,
        "limit" if has_limit else "market",
        request.side.value,
        f"{request.quantity:f}",
        _text(price),
        params,
    )


def _told(feature: Feature, name: str, request: OrderRequest) -> bool:
    if not (feature("timeInForce") or {}).get(name):
        what = "post-only" if name == "PO" else name
        raise InvalidOrder(
            f"{request.symbol}: this exchange takes no {what} orders",
            rule="post_only" if name == "PO" else "time_in_force",
            remedy="use a plain limit order",
        )
    return True


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
