# SPDX-License-Identifier: Apache-2.0
"""The funds that open orders hold, the orders of a group sharing theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from octobot_trading.constants import ZERO
from octobot_trading.personal_data.orders.groups import leg_of
from octobot_trading.personal_data.orders.order_request import OrderRequest


class Need(NamedTuple):
    """What one order holds on its own."""

    asset: str
    amount: Decimal
    leg: str
    #: The group, or the order itself where it has none.
    owner: str


@dataclass(slots=True)
class _Shared:
    """What the orders of one group hold together.

    One of several orders that cancel each other needs its funds: the largest need is locked. Of two legs that are
    balanced against each other the needs of one are added up, and those of the larger leg are locked.
    """

    needs: dict[str, Need] = field(default_factory=dict)

    def locked(self) -> dict[str, Decimal]:
        legs: dict[tuple[str, str], Decimal] = {}
        for need in self.needs.values():
            key = (need.leg, need.asset)
            before = legs.get(key, ZERO)
            legs[key] = before + need.amount if need.leg else max(before, need.amount)
        locked: dict[str, Decimal] = {}
        for (_, asset), amount in legs.items():
            locked[asset] = max(amount, locked.get(asset, ZERO))
        return locked


class Holds:
    """Which order holds what. Methods return how much more (or, negative, less) of each asset must be locked."""

    def __init__(self) -> None:
        self._needs: dict[str, Need] = {}
        self._shared: dict[str, _Shared] = {}

    def __contains__(self, order_id: str) -> bool:
        return order_id in self._needs

    def needs_more(self, order_id: str, request: OrderRequest, asset: str, amount: Decimal) -> tuple[Need, Decimal]:
        """(what the order would hold, how much more of ``asset`` must be locked for it). Changes nothing."""
        if request.group_id is None:
            return Need(asset, amount, "", order_id), amount
        need = Need(asset, amount, leg_of(request), request.group_id)
        return need, self.change_by(need, order_id)

    def need_of(self, order_id: str) -> Need:
        """What an order holds on its own."""
        return self._needs[order_id]

    def change_by(self, need: Need, order_id: str) -> Decimal:
        """How much more of its asset must be locked for an order with this need."""
        shared = self._shared.get(need.owner)
        if shared is None:
            return need.amount
        after = _Shared({**shared.needs, order_id: need})
        return after.locked()[need.asset] - shared.locked().get(need.asset, ZERO)

    def add(self, order_id: str, need: Need) -> None:
        """Let an order hold."""
        self._needs[order_id] = need
        if need.owner != order_id:
            self._shared.setdefault(need.owner, _Shared()).needs[order_id] = need

    def remove(self, order_id: str) -> dict[str, Decimal]:
        """An order holds no longer; how much of each asset is locked less, as negative amounts."""
        need = self._needs.pop(order_id)
        if need.owner == order_id:
            return {need.asset: -need.amount}
        shared = self._shared[need.owner]
        before = shared.locked()
        del shared.needs[order_id]
        after = shared.locked()
        if not shared.needs:
            del self._shared[need.owner]
        return {asset: after.get(asset, ZERO) - amount for asset, amount in before.items()}
