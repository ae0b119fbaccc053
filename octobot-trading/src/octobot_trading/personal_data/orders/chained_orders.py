# SPDX-License-Identifier: Apache-2.0
"""Which orders the fills of their parent bring up, and how much they may trade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import GroupKind, OrderSide
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.personal_data.orders.adapting import is_tradable
from octobot_trading.personal_data.orders.groups import leg_of
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill


class ChainedOrders:
    """The chained orders of one parent.

    Each fill of the parent brings up its share of them at once, as a group of its own: no filled part waits for the
    rest without its exits. A share too small to be traded waits for the next fill. Orders that turn the parent's trade
    around (same symbol, other side) trade no more than its fills brought in. The legs of a group share that: each of
    orders that cancel each other may trade all of it, take profits together as much as the stops together.
    """

    def __init__(self, parent: OrderRequest, market: Market) -> None:
        self._parent = parent
        self._market = market
        self._filled = ZERO
        self._left = ZERO
        self._taken = [ZERO] * len(parent.chained)
        #: What each leg of a group trades.
        self._groups: dict[str, dict[str, Decimal]] = {}
        self._rounds = 0

    def add_fill(self, fill: Fill) -> None:
        """Count a fill of the parent."""
        pays_in_base = fill.side is OrderSide.BUY and fill.fee_asset == self._market.base
        self._filled += fill.quantity
        self._left += fill.quantity - fill.fee if pays_in_base else fill.quantity
        self._groups = {}
        self._rounds += 1

    def due(self, is_last: bool) -> Iterator[tuple[int, OrderRequest]]:
        """(number, request) of what the fills so far bring up; tell of each accepted one with ``take``.

        Where the parent has ended (``is_last``), what is too small is asked for all the same, to be refused.
        """
        for number, chained in enumerate(self._parent.chained):
            request = self._share(number, chained)
            price = ONE if request.own_price is None else request.own_price
            if is_last or is_tradable(self._market, request.quantity, price, is_own_price=False):
                yield number, request

    def take(self, number: int, request: OrderRequest) -> None:
        """Count an accepted order."""
        self._taken[number] += request.quantity
        if not self._draws(request):
            return
        if request.group_id is None:
            self._left -= request.quantity
            return
        legs = self._groups.setdefault(request.group_id, {})
        drawn = max(legs.values(), default=ZERO)
        leg = leg_of(request)
        before = legs.get(leg, ZERO)
        legs[leg] = max(before, request.quantity) if _is_alternative(request) else before + request.quantity
        self._left -= max(legs.values()) - drawn

    def _share(self, number: int, chained: OrderRequest) -> OrderRequest:
        quantity = chained.quantity
        if self._filled != self._parent.quantity:
            quantity = WIDE.divide(WIDE.multiply(quantity, self._filled), self._parent.quantity)
        quantity -= self._taken[number]
        group_id = chained.group_id
        if group_id is not None and self._rounds > 1:
            group_id = f"{group_id}/{self._rounds}"
        if self._draws(chained):
            quantity = min(quantity, self._left + self._shared(chained, group_id))
        if quantity == chained.quantity and group_id == chained.group_id:
            return chained
        return replace(chained, quantity=self._market.quantize_amount(quantity), group_id=group_id)

    def _draws(self, request: OrderRequest) -> bool:
        return request.symbol == self._parent.symbol and request.side is not self._parent.side

    def _shared(self, request: OrderRequest, group_id: str | None) -> Decimal:
        """What others of its group trade and this one may trade as well."""
        legs = {} if group_id is None else self._groups.get(group_id, {})
        own = ZERO if _is_alternative(request) else legs.get(leg_of(request), ZERO)
        return max(legs.values(), default=ZERO) - own


def _is_alternative(request: OrderRequest) -> bool:
    return request.group_kind is GroupKind.ONE_CANCELS_THE_OTHER
