# SPDX-License-Identifier: Apache-2.0
"""From a request to what the matching book is told of it."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

from octobot_trading.constants import ONE_HUNDRED
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.exchanges.simulated import _matching
from octobot_trading.exchanges.simulated._matching import MatchingBook
from octobot_trading.exchanges.simulated.open_orders import OpenOrder
from octobot_trading.exchanges.simulated.slippage import to_worse_tick
from octobot_trading.personal_data.orders.order_fields import TRAILING
from octobot_trading.personal_data.orders.order_request import OrderRequest

_BUYS: Final = {
    OrderType.MARKET: _matching.MARKET,
    OrderType.LIMIT: _matching.BUY_LIMIT,
    OrderType.STOP_LOSS: _matching.BUY_STOP,
    OrderType.STOP_LOSS_LIMIT: _matching.BUY_STOP,
    OrderType.TAKE_PROFIT: _matching.BUY_TAKE,
    OrderType.TAKE_PROFIT_LIMIT: _matching.BUY_TAKE,
    OrderType.TRAILING_STOP: _matching.BUY_TRAIL,
    OrderType.TRAILING_STOP_LIMIT: _matching.BUY_TRAIL,
}
_SELLS: Final = {
    OrderType.MARKET: _matching.MARKET,
    OrderType.LIMIT: _matching.SELL_LIMIT,
    OrderType.STOP_LOSS: _matching.SELL_STOP,
    OrderType.STOP_LOSS_LIMIT: _matching.SELL_STOP,
    OrderType.TAKE_PROFIT: _matching.SELL_TAKE,
    OrderType.TAKE_PROFIT_LIMIT: _matching.SELL_TAKE,
    OrderType.TRAILING_STOP: _matching.SELL_TRAIL,
    OrderType.TRAILING_STOP_LIMIT: _matching.SELL_TRAIL,
}


def trigger_price(request: OrderRequest) -> Decimal | None:
    """The price that brings an order up: a stop before it is triggered, else the limit."""
    return request.stop_price if request.stop_price is not None else request.price


def rest(book: MatchingBook, order: OpenOrder, effective_time: float) -> None:
    """Put an order into the book, to be looked at from ``effective_time`` on."""
    request = order.request
    kinds = _BUYS if request.side is OrderSide.BUY else _SELLS
    price = float(order.own_price) if order.own_price is not None else math.nan
    if order.is_triggered:
        kind = kinds[OrderType.LIMIT if order.own_price is not None else OrderType.MARKET]
        book.add(order.key, kind, price, effective_time=effective_time)
        return
    if request.order_type in TRAILING:
        if request.trailing_distance is not None:
            book.add(
                order.key, kinds[request.order_type], price, float(request.trailing_distance), False, effective_time
            )
            return
        assert request.trailing_percent is not None
        part = float(request.trailing_percent / ONE_HUNDRED)
        book.add(order.key, kinds[request.order_type], price, part, True, effective_time)
        return
    book.add(order.key, kinds[request.order_type], price, effective_time=effective_time)


def triggered_limit(request: OrderRequest, market: Market, trigger: Decimal) -> Decimal:
    """The limit of an order that was triggered at a price."""
    if request.price is not None:
        return request.price
    assert request.limit_offset is not None
    buys = request.side is OrderSide.BUY
    limit = trigger + request.limit_offset if buys else trigger - request.limit_offset
    return to_worse_tick(market, request.side, limit)


def rest_triggered(book: MatchingBook, order: OpenOrder, trigger: Decimal) -> None:
    """Replace a triggered order by the limit order that it becomes."""
    order.own_price = triggered_limit(order.request, order.market, trigger)
    book.remove(order.key)
    rest(book, order, -math.inf)


def rest_at_market(book: MatchingBook, order: OpenOrder) -> None:
    """Let what is left of a triggered order wait for the next price."""
    order.own_price = None
    book.remove(order.key)
    rest(book, order, -math.inf)


def trailed_stop(book: MatchingBook, order: OpenOrder) -> Decimal | None:
    """The trigger price as it is now, which a trailing stop has moved."""
    if order.request.order_type not in TRAILING:
        return order.own_price
    stop = book.stop_price(order.key)
    return None if math.isnan(stop) else Decimal(repr(stop))


def hold_price(request: OrderRequest, market: Market, last_price: Decimal) -> Decimal:
    """The price that an order's funds are locked with: its limit, its stop, or an estimate from the last price."""
    if request.price is not None:
        return request.price
    if request.stop_price is not None:
        return request.stop_price
    if request.order_type not in TRAILING:
        return last_price
    distance = request.trailing_distance
    if distance is None:
        assert request.trailing_percent is not None
        distance = WIDE.divide(WIDE.multiply(last_price, request.trailing_percent), ONE_HUNDRED)
    moved = last_price + distance if request.side is OrderSide.BUY else last_price - distance
    return to_worse_tick(market, request.side, moved)
