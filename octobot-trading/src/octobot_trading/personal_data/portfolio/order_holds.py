# SPDX-License-Identifier: Apache-2.0
"""What open orders hold of one portfolio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE


@dataclass(frozen=True, slots=True)
class Hold:
    """The need of one order. Orders with the same ``key`` share it: the largest need of each asset is locked."""

    key: str
    asset: str
    amount: Decimal


class OrderHolds:
    """Needs by order id. What they lock is worked out, never stored."""

    def __init__(self) -> None:
        self._holds: dict[str, Hold] = {}

    def get(self, order_id: str) -> Hold | None:
        """The need of an order, None where it has none."""
        return self._holds.get(order_id)

    def change_of_locked(self, new: Mapping[str, Hold | None]) -> dict[str, Decimal]:
        """By how much more is locked, by asset, if these orders' needs became so; None is an order that ended."""
        keys = {hold.key for hold in (*new.values(), *map(self.get, new)) if hold is not None}
        before = _locked(self._holds, keys)
        after = _locked({**self._holds, **new}, keys)
        return {asset: WIDE.subtract(after.get(asset, ZERO), before.get(asset, ZERO)) for asset in {**before, **after}}

    def take_over(self, new: Mapping[str, Hold | None]) -> None:
        """Make these the orders' needs."""
        for order_id, hold in new.items():
            if hold is None:
                self._holds.pop(order_id, None)
            else:
                self._holds[order_id] = hold

    def of_key(self, key: str) -> list[str]:
        """The ids of the orders that share a need."""
        return [order_id for order_id, hold in self._holds.items() if hold.key == key]


def _locked(holds: Mapping[str, Hold | None], keys: set[str]) -> dict[str, Decimal]:
    largest: dict[tuple[str, str], Decimal] = {}
    for hold in holds.values():
        if hold is not None and hold.key in keys:
            largest[hold.key, hold.asset] = max(hold.amount, largest.get((hold.key, hold.asset), ZERO))
    locked: dict[str, Decimal] = {}
    for (_, asset), amount in largest.items():
        locked[asset] = WIDE.add(locked.get(asset, ZERO), amount)
    return locked
