# SPDX-License-Identifier: Apache-2.0
"""Which fields of a request each order type needs.

==================== ======= ============ ========== ==============
type                 price   stop_price   trailing   limit_offset
==================== ======= ============ ========== ==============
market
limit                needed
stop_loss                    needed
stop_loss_limit      needed  needed
take_profit                  needed
take_profit_limit    needed  needed
trailing_stop                first stop   needed
trailing_stop_limit          first stop   needed     needed
==================== ======= ============ ========== ==============

``trailing`` is either ``trailing_distance`` or ``trailing_percent``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from octobot_trading.constants import ONE_HUNDRED, ZERO
from octobot_trading.enums import OrderType, TimeInForce
from octobot_trading.errors import InvalidOrder

if TYPE_CHECKING:
    from octobot_trading.personal_data.orders.order_request import OrderRequest

#: Types that wait for a stop price in the order's favour, against it, or that follow the price.
TAKE_PROFITS: Final = frozenset({OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT})
STOPS: Final = frozenset({OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT})
TRAILING: Final = frozenset({OrderType.TRAILING_STOP, OrderType.TRAILING_STOP_LIMIT})
#: Types that leave a losing trade.
PROTECTIONS: Final = STOPS | TRAILING
#: Types that become a limit order once triggered.
TRIGGERED_LIMITS: Final = frozenset(
    {OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT, OrderType.TRAILING_STOP_LIMIT}
)
_WITH_PRICE: Final = frozenset({OrderType.LIMIT, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT})
_WITH_STOP_PRICE: Final = STOPS | TAKE_PROFITS


def check_fields(request: OrderRequest) -> None:
    """Raise when fields are missing, meaningless or contradict each other.

    Raises:
        InvalidOrder: naming the field.
    """
    kind = request.order_type
    _check_present(request, "price", request.price, kind in _WITH_PRICE)
    _check_present(request, "stop_price", request.stop_price, kind in _WITH_STOP_PRICE, kind in TRAILING)
    _check_present(request, "limit_offset", request.limit_offset, kind is OrderType.TRAILING_STOP_LIMIT)
    _check_trailing(request)
    _check_time_in_force(request)
    if request.post_only and (kind is not OrderType.LIMIT or request.is_at_once):
        raise _invalid(request, "post_only", "only limit orders that may rest can be post-only")


def _check_present(
    request: OrderRequest, field: str, value: Decimal | None, is_needed: bool, is_allowed: bool = False
) -> None:
    if is_needed and value is None:
        raise _invalid(request, field, f"a {request.order_type} order needs a {field}")
    if value is not None and not (is_needed or is_allowed):
        raise _invalid(request, field, f"a {request.order_type} order has no {field}")
    if value is not None and field == "limit_offset" and not (value.is_finite() and value >= ZERO):
        raise _invalid(request, field, f"{field} is {value}")


def _check_trailing(request: OrderRequest) -> None:
    given = [value for value in (request.trailing_distance, request.trailing_percent) if value is not None]
    is_trailing = request.order_type in TRAILING
    if len(given) != int(is_trailing):
        raise _invalid(
            request,
            "trailing_distance",
            f"a {request.order_type} order has "
            + ("either trailing_distance or trailing_percent" if is_trailing else "no trailing distance"),
        )
    if given and not (given[0].is_finite() and given[0] > ZERO):
        raise _invalid(request, "trailing_distance", f"a trailing distance of {given[0]}")
    if request.trailing_percent is not None and request.trailing_percent >= ONE_HUNDRED:
        raise _invalid(request, "trailing_percent", f"a trailing distance of {request.trailing_percent} %")


def _check_time_in_force(request: OrderRequest) -> None:
    needs_expiry = request.time_in_force is TimeInForce.GTD
    if needs_expiry is (request.expiry_time is None):
        raise _invalid(
            request, "expiry_time", "an order has an expiry_time when its time in force is GTD, and only then"
        )
    if request.is_at_once and request.order_type not in (OrderType.LIMIT, OrderType.MARKET):
        raise _invalid(
            request, "time_in_force", f"a {request.order_type} order waits and cannot be {request.time_in_force}"
        )


def _invalid(request: OrderRequest, field: str, message: str) -> InvalidOrder:
    return InvalidOrder(f"{request.symbol}: {message}", rule=field, remedy="see OrderType for the fields of each type")
