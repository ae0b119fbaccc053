# SPDX-License-Identifier: Apache-2.0
"""The newest trades or liquidations of one market, each but once."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Generic, TypeVar

from octobot_commons.errors import DataError
from octobot_trading.exchange_data.freshness import Feed, Freshness, StaleReason
from octobot_trading.exchange_data.trade_rows import Liquidation, Trade, TradeId

RowT = TypeVar("RowT", Trade, Liquidation)


class TradeNumbers:
    """The place in the numbers of a venue that counts its trades one by one."""

    __slots__ = ("first_missing", "last", "missing")

    def __init__(self) -> None:
        self.last: int | None = None
        #: How many were skipped and have not come since, and from which on.
        self.missing = 0
        self.first_missing: int | None = None

    def take(self, number: int) -> None:
        """A trade that was not seen before."""
        last = self.last
        if last is None or number == last + 1:
            self.last = number
        elif number > last:
            self.missing += number - last - 1
            self.first_missing = last + 1 if self.first_missing is None else self.first_missing
            self.last = number
        elif self.first_missing is not None and number >= self.first_missing:
            self.missing -= 1
            if not self.missing:
                self.first_missing = None

    def give_up(self) -> int:
        """Do not wait for the missing ones any longer; how many they are."""
        missing, self.missing, self.first_missing = self.missing, 0, None
        return missing


class TradeRing(Feed, Generic[RowT]):
    """The last ``capacity`` rows in the order of their arrival, which is mostly that of their time.

    - A row whose id was seen is a **duplicate**: counted and left out. Rows without an id are all taken.
    - A row that is older than one that the ring has already pushed out is **late**: counted and left out, as nothing
      could tell any more whether it was seen.
    - Where ``numbered`` says that ids count one by one, a skipped one makes the feed stale (SEQUENCE_GAP) until all
      that were skipped have come, or until ``whole`` rows, as a request for recent trades answers, are added: what is
      still missing then is counted in ``missed`` for good. What comes meanwhile is taken all the same.
    """

    def __init__(self, capacity: int, freshness: Freshness, numbered: bool = False) -> None:
        if capacity < 1:
            raise ValueError(f"a ring keeps at least one row, not {capacity}")
        super().__init__(freshness)
        self.capacity = capacity
        self.duplicates = self.late = self.missed = 0
        self.numbers = TradeNumbers() if numbered else None
        self._kept: deque[RowT] = deque()
        self._ids: set[TradeId] = set()
        # The newest time that was pushed out, and the ids of that time.
        self._gone_time = -math.inf
        self._gone_ids: set[TradeId] = set()

    def __len__(self) -> int:
        return len(self._kept)

    def rows(self, limit: int = -1) -> list[RowT]:
        """The newest ``limit`` rows, oldest first, as a fresh list; -1 means all."""
        kept = list(self._kept)
        return kept if limit < 0 else kept[max(0, len(kept) - limit) :]

    def add(self, rows: Sequence[RowT], received_time: float, whole: bool = False) -> list[RowT]:
        """Take rows in, oldest first; those that were new.

        Raises:
            DataError: an id is no number where ids are numbers; nothing was changed.
        """
        if self.numbers is None:
            keys = [row.id for row in rows]
        else:
            keys = [_number(row.id, index) for index, row in enumerate(rows)]
        new = [row for row, key in zip(rows, keys, strict=True) if self._take(row, key)]
        if self.numbers is None:
            self.freshness.renew(received_time)
        else:
            self._judge(self.numbers, received_time, whole)
        return new

    def _take(self, row: RowT, key: TradeId | None) -> bool:
        if row.time < self._gone_time:
            self.late += 1
            return False
        if key is not None:
            if key in self._ids or key in self._gone_ids:
                self.duplicates += 1
                return False
            self._ids.add(key)
            if self.numbers is not None:
                self.numbers.take(int(key))
        self._kept.append(row)
        if len(self._kept) > self.capacity:
            self._push_out(self._kept.popleft())
        return True

    def _push_out(self, row: RowT) -> None:
        if row.time > self._gone_time:
            self._gone_time = row.time
            self._gone_ids.clear()
        if row.id is not None:
            key = row.id if self.numbers is None else int(row.id)
            self._ids.discard(key)
            if row.time == self._gone_time:
                self._gone_ids.add(key)

    def _judge(self, numbers: TradeNumbers, received_time: float, whole: bool) -> None:
        if whole:
            self.missed += numbers.give_up()
        if not numbers.missing:
            self.freshness.renew(received_time)
            return
        self.freshness.heard(received_time)
        if self.freshness.fault is not StaleReason.SEQUENCE_GAP:
            self.freshness.lose(StaleReason.SEQUENCE_GAP)


def _number(trade_id: TradeId | None, index: int) -> TradeId | None:
    if type(trade_id) is int:
        return trade_id
    try:
        return int(trade_id)  # type: ignore[arg-type]  # what is no number is refused
    except (TypeError, ValueError):
        raise DataError(f"{trade_id!r} is no number of a trade", field="id", row=index, remedy="leave it out") from None


class RecentTrades(TradeRing[Trade]):
    """The newest trades of one market."""


class Liquidations(TradeRing[Liquidation]):
    """The newest liquidations of one market."""
