# SPDX-License-Identifier: Apache-2.0
"""What open orders hold of one portfolio."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE


class Hold(NamedTuple):
    """The need of one order. Orders with the same ``key`` share theirs.

    One of several orders that cancel each other needs its funds: the largest need of each asset is locked. Of legs that
    are balanced against each other the needs of one are added up, and those of the larger leg are locked.
    """

    key: str
    asset: str
    amount: Decimal
    leg: str = ""

    @classmethod
    def of_order(cls, order_id: str, group_id: str | None, asset: str, amount: Decimal, leg: str = "") -> Hold:
        """The need of an order, shared with those of its group where it has one."""
        # No order id is empty, so that an order alone never shares its key with a group.
        return cls(f"order {order_id}" if group_id is None else f"group {group_id}", asset, amount, leg)


class OrderHolds:
    """Needs by order id. What they lock is worked out, never stored."""

    def __init__(self) -> None:
        self._holds: dict[str, Hold] = {}
        self._by_key: dict[str, dict[str, Hold]] = {}

    def get(self, order_id: str) -> Hold | None:
        """The need of an order, None where it has none."""
        return self._holds.get(order_id)

    def of_key(self, key: str) -> list[str]:
        """The ids of the orders that share a need."""
        return list(self._by_key.get(key, ()))

    def change_of_locked(self, new: Mapping[str, Hold | None]) -> dict[str, Decimal]:
        """By how much more is locked, by asset, if these orders' needs became so; None is an order that ended."""
        if len(new) == 1:
            # The common case, several times cheaper: an order that shares with none.
            ((order_id, order_hold),) = new.items()
            old = self._holds.get(order_id)
            if old is None and order_hold is not None and order_hold.key not in self._by_key:
                return {order_hold.asset: order_hold.amount}
            if old is not None and order_hold is None and len(self._by_key[old.key]) == 1:
                return {old.asset: old.amount.copy_negate()}
        change: dict[str, Decimal] = {}
        for key in dict.fromkeys(hold.key for hold in (*new.values(), *map(self.get, new)) if hold is not None):
            before = self._by_key.get(key, {})
            after = {order_id: hold for order_id, hold in before.items() if order_id not in new}
            after.update((order_id, hold) for order_id, hold in new.items() if hold is not None and hold.key == key)
            for asset, amount in _locked(after).items():
                change[asset] = WIDE.add(change.get(asset, ZERO), amount)
            for asset, amount in _locked(before).items():
                change[asset] = WIDE.subtract(change.get(asset, ZERO), amount)
        return change

    def take_over(self, new: Mapping[str, Hold | None]) -> None:
        """Make these the orders' needs."""
        for order_id, hold in new.items():
            old = self._holds.pop(order_id, None)
            if old is not None:
                sharing = self._by_key[old.key]
                del sharing[order_id]
                if not sharing:
                    del self._by_key[old.key]
            if hold is not None:
                self._holds[order_id] = hold
                self._by_key.setdefault(hold.key, {})[order_id] = hold


def _locked(holds: Mapping[str, Hold]) -> dict[str, Decimal]:
    if len(holds) == 1:
        (hold,) = holds.values()
        return {hold.asset: hold.amount}
    legs: dict[tuple[str, str], Decimal] = {}
    for hold in holds.values():
        leg = (hold.leg, hold.asset)
        before = legs.get(leg, ZERO)
        legs[leg] = WIDE.add(before, hold.amount) if hold.leg else max(before, hold.amount)
    locked: dict[str, Decimal] = {}
    for (_, asset), amount in legs.items():
        locked[asset] = max(amount, locked.get(asset, ZERO))
    return locked
