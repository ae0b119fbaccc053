# SPDX-License-Identifier: Apache-2.0
"""The transactions of one exchange account."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.errors import InvalidTransaction
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.transactions.transaction import Transaction, TransactionType


class TransactionsManager:
    """Every transaction, in the order in which it became known; none twice."""

    def __init__(self) -> None:
        self._transactions: dict[str, Transaction] = {}
        self._last_id = 0

    def add(self, transaction: Transaction) -> None:
        """Keep a transaction.

        Raises:
            InvalidTransaction: one of this id is there already.
        """
        if transaction.transaction_id in self._transactions:
            raise InvalidTransaction(f"transaction {transaction.transaction_id} is known", field="transaction_id")
        self._transactions[transaction.transaction_id] = transaction

    def record(
        self,
        kind: TransactionType,
        time: float,
        asset: str,
        amount: Decimal,
        *,
        symbol: str | None = None,
        order_id: str | None = None,
        owner: str | None = None,
        reference: str | None = None,
    ) -> Transaction:
        """Keep a transaction that the exchange gave no id, under the next free number.

        Raises:
            InvalidTransaction: as ``Transaction`` does.
        """
        number = self._last_id + 1
        while str(number) in self._transactions:
            number += 1
        made = Transaction(str(number), kind, time, asset, amount, symbol, order_id, owner, reference)
        self.add(made)
        self._last_id = number
        return made

    def get_transactions(
        self,
        kinds: Iterable[TransactionType] | None = None,
        *,
        asset: str | None = None,
        symbol: str | None = None,
        owner: str | None = None,
        since: float | None = None,
        until: float | None = None,
    ) -> list[Transaction]:
        """Those that fit all that is given; ``since`` is included, ``until`` is not."""
        wanted = None if kinds is None else frozenset(kinds)
        return [
            one
            for one in self._transactions.values()
            if (wanted is None or one.kind in wanted)
            and (asset is None or one.asset == asset)
            and (symbol is None or one.symbol == symbol)
            and (owner is None or one.owner == owner)
            and (since is None or one.time >= since)
            and (until is None or one.time < until)
        ]

    def totals(self, kinds: Iterable[TransactionType] | None = None) -> dict[str, Decimal]:
        """The sum by asset, of these kinds or of all."""
        totals: dict[str, Decimal] = {}
        for one in self.get_transactions(kinds):
            totals[one.asset] = WIDE.add(totals.get(one.asset, ZERO), one.amount)
        return totals
