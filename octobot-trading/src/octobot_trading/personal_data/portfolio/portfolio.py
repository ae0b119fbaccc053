# SPDX-License-Identifier: Apache-2.0
"""What a spot account holds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from octobot_trading.constants import EXACT, ZERO
from octobot_trading.errors import InsufficientFunds


class Balance(NamedTuple):
    """Amounts of one asset: all of it, and the part that open orders hold."""

    total: Decimal
    locked: Decimal

    @property
    def available(self) -> Decimal:
        """What a new order may use."""
        return self.total - self.locked


_EMPTY = Balance(ZERO, ZERO)


class Portfolio:
    """Balances by asset. Never negative, and never locks more than there is."""

    def __init__(self, totals: Mapping[str, Decimal] | None = None) -> None:
        self._balances: dict[str, Balance] = {}
        for asset, total in (totals or {}).items():
            self.change(asset, total)

    def balance(self, asset: str) -> Balance:
        """The amounts of an asset; zero for one never held."""
        return self._balances.get(asset, _EMPTY)

    def total(self, asset: str) -> Decimal:
        """All of an asset, locked or not."""
        return self.balance(asset).total

    def available(self, asset: str) -> Decimal:
        """What a new order may use."""
        return self.balance(asset).available

    def totals(self) -> dict[str, Decimal]:
        """Total by asset."""
        return {asset: balance.total for asset, balance in self._balances.items()}

    def change(self, asset: str, total: Decimal = ZERO, locked: Decimal = ZERO) -> Balance:
        """Add to both amounts at once; returns the new ones.

        Raises:
            InsufficientFunds: the total or the available amount would become negative; nothing was changed.
        """
        new = self._changed(asset, total, locked)
        self._balances[asset] = new
        return new

    def change_all(self, changes: Mapping[str, tuple[Decimal, Decimal]]) -> dict[str, Balance]:
        """Add to (total, locked) of several assets, all or none; returns the new balances.

        Raises:
            InsufficientFunds: one of them would become negative; nothing was changed.
        """
        new = {asset: self._changed(asset, total, locked) for asset, (total, locked) in changes.items()}
        self._balances.update(new)
        return new

    def set(self, asset: str, balance: Balance) -> None:
        """Take over what the exchange says of an asset."""
        self._balances[asset] = balance

    def _changed(self, asset: str, total: Decimal, locked: Decimal) -> Balance:
        old = self.balance(asset)
        new = Balance(
            EXACT.add(old.total, total) if total else old.total,
            EXACT.add(old.locked, locked) if locked else old.locked,
        )
        if new.locked < 0 or new.total < new.locked:
            raise InsufficientFunds(
                f"{asset}: {-total if total < 0 else locked} needed, {old.available} of {old.total} available"
            )
        return new
