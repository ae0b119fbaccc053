# SPDX-License-Identifier: Apache-2.0
"""One change of a balance that is no part of a fill."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from octobot_trading.errors import InvalidTransaction


class TransactionType(StrEnum):
    """Why a balance changed."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    TRANSFER = "transfer"
    FEE = "fee"
    FUNDING = "funding"
    REALISED_PNL = "realised_pnl"
    INTEREST = "interest"
    LIQUIDATION = "liquidation"


#: The kinds that bring capital in or take it away: they are no profit and no loss.
CAPITAL_FLOWS = frozenset({TransactionType.DEPOSIT, TransactionType.WITHDRAWAL, TransactionType.TRANSFER})
_ALWAYS_IN = frozenset({TransactionType.DEPOSIT})
_ALWAYS_OUT = frozenset({TransactionType.WITHDRAWAL})


@dataclass(frozen=True, slots=True)
class Transaction:
    """``amount`` is what was added to the asset's total, negative where it was taken away.

    Deposits are positive and withdrawals negative; fees and interest that were paid are negative, rebates and interest
    received positive; funding, profits and what a liquidation took or left have either sign. ``time`` is in Unix
    seconds. A fee that a fill tells is part of that fill and no transaction.

    Attributes:
        symbol: the market or contract that it belongs to, None where there is none.
        order_id: the order that it belongs to.
        owner: whose part of the account changed, None for the rest.
        reference: the exchange's id, a transaction hash or a reason.

    Raises:
        InvalidTransaction: an amount of no size, of the wrong sign or no number, no asset, or no time.
    """

    transaction_id: str
    kind: TransactionType
    time: float
    asset: str
    amount: Decimal
    symbol: str | None = None
    order_id: str | None = None
    owner: str | None = None
    reference: str | None = None

    def __post_init__(self) -> None:
        if not self.asset:
            raise InvalidTransaction(f"a {self.kind} of no asset", field="asset")
        if not math.isfinite(self.time):
            raise InvalidTransaction(f"a {self.kind} at no time: {self.time}", field="time")
        if not self.amount.is_finite() or not self.amount:
            raise InvalidTransaction(f"a {self.kind} of {self.amount} {self.asset}", field="amount")
        if (self.kind in _ALWAYS_IN and self.amount < 0) or (self.kind in _ALWAYS_OUT and self.amount > 0):
            remedy = "deposits are positive, withdrawals negative"
            raise InvalidTransaction(f"a {self.kind} of {self.amount} {self.asset}", field="amount", remedy=remedy)

    def to_dict(self) -> dict[str, Any]:
        """The fields by name; amounts stay Decimal."""
        return {
            "transaction_id": self.transaction_id,
            "kind": self.kind.value,
            "time": self.time,
            "asset": self.asset,
            "amount": self.amount,
            "symbol": self.symbol,
            "order_id": self.order_id,
            "owner": self.owner,
            "reference": self.reference,
        }
