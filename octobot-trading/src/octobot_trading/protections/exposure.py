# SPDX-License-Identifier: Apache-2.0
"""Which orders only reduce risk: what no drawdown, loss or pause may keep anybody from doing.

=========  =============================================================================================
contracts  reduce-only orders, and those that only close what the position of their side holds
spot       sales of what is held; where the base is the reference market, purchases of it instead
margin     sales of no more than what is held without loans, purchases of no more than what is owed
chained    orders that turn the trade of their parent around, unless the parent itself was such an order
=========  =============================================================================================
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide, PositionSide
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

_CLOSING = {PositionSide.LONG: OrderSide.SELL, PositionSide.SHORT: OrderSide.BUY}


def only_reduces(manager: ExchangeManager, request: OrderRequest, parent: Order | None = None) -> bool:
    """Whether an order can only take risk away. ``parent`` is the order whose fill has brought it up."""
    if request.reduce_only or (parent is not None and _turns_around(request, parent)):
        return True
    market = manager.get_market(request.symbol)
    if market.contract is not None:
        return _closes_position(manager, request)
    return _leaves_base(manager, request, market)


def _turns_around(request: OrderRequest, parent: Order) -> bool:
    entry = parent.request
    return request.symbol == entry.symbol and request.side is not entry.side and not parent.is_exit


def _closes_position(manager: ExchangeManager, request: OrderRequest) -> bool:
    if request.position_side is not PositionSide.BOTH:
        return _CLOSING[request.position_side] is request.side
    position = manager.positions_manager.get_position(request.symbol)
    signed = request.quantity if request.side is OrderSide.BUY else -request.quantity
    return position is not None and position.closing_part(signed) == request.quantity


def _leaves_base(manager: ExchangeManager, request: OrderRequest, market: Market) -> bool:
    if market.base == manager.reference_market:
        return request.side is OrderSide.BUY
    owed = manager.debts.get(market.base, ZERO)
    if request.side is OrderSide.BUY:
        return _is_within(request.quantity, owed)
    return _is_within(request.quantity, manager.portfolio.total(market.base) - owed)


def _is_within(quantity: Decimal, amount: Decimal) -> bool:
    return ZERO < quantity <= amount
