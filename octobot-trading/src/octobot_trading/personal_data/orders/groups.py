# SPDX-License-Identifier: Apache-2.0
"""What a fill of one order does to the other orders of its group.

One-cancels-the-other: the first fill, even of a part, cancels all others.
Balanced take profits and stops: both sides are for the same position. What one side fills the other side has less to
    do, the orders that came last giving first; a side with nothing left to do is cancelled.
Trailing on filled take profit: balanced, and each take profit that has filled moves the stops to the next price of
    their ``trail_to``.

These are rules without state or side effects; the simulated exchange and the bot's own groups both go by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from octobot_trading.constants import ZERO
from octobot_trading.enums import GroupKind
from octobot_trading.personal_data.orders.order_fields import PROTECTIONS
from octobot_trading.personal_data.orders.order_request import OrderRequest


class GroupMember(Protocol):
    """An open order of a group."""

    @property
    def order_id(self) -> str: ...

    @property
    def request(self) -> OrderRequest: ...

    @property
    def remaining_quantity(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to an order: cancelled when nothing of it remains."""

    order_id: str
    remaining_quantity: Decimal
    stop_price: Decimal | None = None


def leg_of(request: OrderRequest) -> str:
    """Which side of its group an order is on. The legs of a group share their funds, orders of one leg do not, but
    where one cancels the other."""
    if request.group_kind is GroupKind.ONE_CANCELS_THE_OTHER:
        return ""
    return "stops" if request.order_type in PROTECTIONS else "take profits"


def changes_after_fill(
    filled: OrderRequest, remaining: Decimal, filled_take_profits: int, others: Sequence[GroupMember]
) -> list[Change]:
    """What to do with the other open orders of the group.

    Args:
        filled: what the order asks for that a fill came for, and what remains of it.
        filled_take_profits: take profits of the group that have filled completely, this one included.
        others: in order of arrival.
    """
    kind = filled.group_kind
    if kind is GroupKind.ONE_CANCELS_THE_OTHER:
        return [Change(other.order_id, ZERO) for other in others]
    own_leg = leg_of(filled)
    opposite = [other for other in others if leg_of(other.request) != own_leg]
    same = [other for other in others if leg_of(other.request) == own_leg]
    left = remaining + sum((other.remaining_quantity for other in same), ZERO)
    changes = _cut(opposite, left)
    if kind is GroupKind.TRAILING_ON_FILLED_TAKE_PROFIT and own_leg != "stops" and not remaining:
        changes = _trailed(opposite, changes, filled_take_profits)
    return changes


def _cut(orders: Sequence[GroupMember], most: Decimal) -> list[Change]:
    """Let ``orders`` trade no more than ``most`` altogether, the last ones giving first."""
    changes: list[Change] = []
    excess = sum((order.remaining_quantity for order in orders), ZERO) - most
    for order in reversed(orders):
        if excess <= ZERO:
            break
        given = min(excess, order.remaining_quantity)
        excess -= given
        changes.append(Change(order.order_id, order.remaining_quantity - given))
    return changes


def _trailed(stops: Sequence[GroupMember], changes: Sequence[Change], filled_take_profits: int) -> list[Change]:
    remaining = {stop.order_id: stop.remaining_quantity for stop in stops}
    remaining.update({change.order_id: change.remaining_quantity for change in changes})
    trailed = []
    for stop in stops:
        steps = stop.request.trail_to
        price = steps[min(filled_take_profits, len(steps)) - 1] if steps else None
        if price is not None or any(change.order_id == stop.order_id for change in changes):
            trailed.append(Change(stop.order_id, remaining[stop.order_id], price))
    return trailed
