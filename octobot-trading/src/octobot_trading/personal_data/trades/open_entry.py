# SPDX-License-Identifier: Apache-2.0
"""Entries that no exit has closed yet. Whoever calls computes in a wide decimal context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO


@dataclass(slots=True)
class OpenEntry:
    """An amount that was entered at once, or the average of several.

    ``cost`` is without ``fees``, both in the currency of results. ``value`` is quantity · price, for inverse contracts
    quantity / price: an average price is quantity-weighted there, harmonic here, so that it breaks even.
    """

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    fees: Decimal = ZERO
    value: Decimal = ZERO
    time: float = 0.0
    order_ids: tuple[str, ...] = ()
    unvalued_fees: dict[str, Decimal] = field(default_factory=dict)

    def merge(self, other: OpenEntry) -> None:
        """Average another entry in."""
        total = self.quantity + other.quantity
        if total > 0:
            self.time += (other.time - self.time) * float(other.quantity / total)
        self.quantity = total
        self.cost += other.cost
        self.fees += other.fees
        self.value += other.value
        self.order_ids += tuple(one for one in other.order_ids if one not in self.order_ids)
        self.unvalued_fees = added(self.unvalued_fees, other.unvalued_fees, ONE)

    def take(self, quantity: Decimal) -> OpenEntry:
        """Remove ``quantity``, at most what is there, with its share of everything else."""
        part = ONE if quantity == self.quantity else quantity / self.quantity
        taken = OpenEntry(
            quantity,
            self._share(self.cost, quantity),
            self._share(self.fees, quantity),
            self._share(self.value, quantity),
            self.time,
            self.order_ids,
            {asset: amount * part for asset, amount in self.unvalued_fees.items()},
        )
        self.quantity -= taken.quantity
        self.cost -= taken.cost
        self.fees -= taken.fees
        self.value -= taken.value
        self.unvalued_fees = added(self.unvalued_fees, taken.unvalued_fees, -ONE)
        return taken

    def price(self, is_inverse: bool) -> Decimal:
        """The average price in quote; zero for nothing."""
        if not self.quantity or not self.value:
            return ZERO
        return self.quantity / self.value if is_inverse else self.value / self.quantity

    def _share(self, amount: Decimal, quantity: Decimal) -> Decimal:
        return amount if quantity == self.quantity else amount * quantity / self.quantity


def added(fees: Mapping[str, Decimal], more: Mapping[str, Decimal], sign: Decimal) -> dict[str, Decimal]:
    """Amounts by asset with others added or (``sign`` -1) taken away; no zeros."""
    if not more:
        return dict(fees)
    sums = {asset: fees.get(asset, ZERO) + sign * more.get(asset, ZERO) for asset in {**fees, **more}}
    return {asset: amount for asset, amount in sums.items() if amount}
