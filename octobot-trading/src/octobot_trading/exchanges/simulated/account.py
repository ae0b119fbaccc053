# SPDX-License-Identifier: Apache-2.0
"""The simulated exchange's ledger: which funds each order holds, and what fills do to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.personal_data.portfolio.portfolio import Balance, Portfolio
from octobot_trading.personal_data.trades.fill import Fill


@dataclass(slots=True)
class GroupHold:
    """Funds shared by the orders of one group: the largest need of each asset is locked."""

    needs: dict[str, tuple[str, Decimal]] = field(default_factory=dict)

    def locked(self) -> dict[str, Decimal]:
        """What is locked now, by asset."""
        largest: dict[str, Decimal] = {}
        for asset, amount in self.needs.values():
            largest[asset] = max(amount, largest.get(asset, ZERO))
        return largest

    def missing(self, asset: str, amount: Decimal) -> Decimal:
        """How much more of ``asset`` must be locked when an order joins that needs ``amount``."""
        return max(ZERO, amount - self.locked().get(asset, ZERO))


class Account:
    """A spot account with its orders' holds. Every method keeps total ≥ locked ≥ 0 or raises, changing nothing."""

    def __init__(self, starting_portfolio: Mapping[str, Decimal]) -> None:
        self.portfolio = Portfolio(starting_portfolio)
        #: What each order outside a group holds.
        self._holds: dict[str, tuple[str, Decimal]] = {}
        self._groups: dict[str, GroupHold] = {}
        self._changed: dict[str, Balance] = {}

    def hold(self, order_id: str, group_id: str | None, asset: str, amount: Decimal) -> None:
        """Lock what an order needs.

        Raises:
            InsufficientFunds: there is not enough.
        """
        if group_id is None:
            self._change(asset, locked=amount)
            self._holds[order_id] = (asset, amount)
            return
        hold = self._groups.get(group_id, GroupHold())
        self._change(asset, locked=hold.missing(asset, amount))
        hold.needs[order_id] = (asset, amount)
        self._groups[group_id] = hold

    def release(self, order_id: str, group_id: str | None) -> None:
        """Unlock what only this order needed."""
        if group_id is None:
            asset, amount = self._holds.pop(order_id)
            self._change(asset, locked=-amount)
            return
        hold = self._groups[group_id]
        before = hold.locked()
        del hold.needs[order_id]
        after = hold.locked()
        for asset, amount in before.items():
            self._change(asset, locked=after.get(asset, ZERO) - amount)
        if not hold.needs:
            del self._groups[group_id]

    def apply(self, fill: Fill, base: str, quote: str) -> None:
        """Exchange what a fill exchanged, fee included."""
        is_buy = fill.side is OrderSide.BUY
        paid_asset, paid = (quote, fill.cost) if is_buy else (base, fill.quantity)
        received_asset, received = (base, fill.quantity) if is_buy else (quote, fill.cost)
        if fill.fee_asset == received_asset:
            received -= fill.fee
        elif fill.fee_asset == paid_asset:
            paid += fill.fee
        else:
            self._change(fill.fee_asset, total=-fill.fee)
        # What goes out first: nothing is changed when it is not there.
        self._change(paid_asset, total=-paid)
        self._change(received_asset, total=received)

    def take_changes(self) -> dict[str, Balance]:
        """The balances that changed since the last call."""
        changed, self._changed = self._changed, {}
        return changed

    def _change(self, asset: str, total: Decimal = ZERO, locked: Decimal = ZERO) -> None:
        if total or locked:
            self._changed[asset] = self.portfolio.change(asset, total, locked)
