# SPDX-License-Identifier: Apache-2.0
"""What became of engaging the kill switch."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True)
class AccountReport:
    """One account, as its exchange itself has told at last.

    Attributes:
        ended_orders: the bot's orders that were open at first and are not any more.
        open_orders: those that are still open.
        foreign_orders: open orders that are not the bot's, which nobody touched.
        obstacles: what else is not as it should be, or not known.
        left: what is still held as it is too little to be traded or locked by foreign orders, where all was to be sold.
    """

    name: str
    ended_orders: list[str] = field(default_factory=list)
    open_orders: list[str] = field(default_factory=list)
    foreign_orders: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    left: dict[str, Decimal] = field(default_factory=dict)

    @property
    def is_safe(self) -> bool:
        """Whether the exchange has confirmed that nothing of the bot's can trade, and that nothing is held if asked."""
        return not self.open_orders and not self.obstacles

    def lines(self) -> list[str]:
        """For people."""
        told = [f"{self.name}: {'safe' if self.is_safe else 'NOT SAFE'}, {len(self.ended_orders)} orders ended"]
        told += [f"  order {order_id} is still open" for order_id in self.open_orders]
        told += [f"  {obstacle}" for obstacle in self.obstacles]
        told += [f"  {amount} {asset} are left" for asset, amount in self.left.items()]
        if self.foreign_orders:
            told.append(f"  not touched: {len(self.foreign_orders)} orders that are not the bot's")
        return told


@dataclass(slots=True)
class KillReport:
    """``latch_fault``: why a restart would forget that the switch is engaged; None: it would not."""

    accounts: list[AccountReport]
    latch_fault: str | None = None

    @property
    def is_safe(self) -> bool:
        """Whether every account is, and stays so after a restart."""
        return self.latch_fault is None and all(account.is_safe for account in self.accounts)

    def text(self) -> str:
        """For people."""
        heading = "everything is safe" if self.is_safe else "NOT everything is safe"
        faults = [] if self.latch_fault is None else [f"the latch does not hold: {self.latch_fault}"]
        return "\n".join([heading, *faults, *(line for account in self.accounts for line in account.lines())])
