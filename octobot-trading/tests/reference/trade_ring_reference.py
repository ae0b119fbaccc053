# SPDX-License-Identifier: Apache-2.0
"""The ring of trades as a list of all that ever came: the oracle of its property test."""

from __future__ import annotations

from typing import Any


class TradeRingReference:
    """Remembers everything and works out each answer anew."""

    def __init__(self, capacity: int, numbered: bool) -> None:
        self.capacity = capacity
        self.numbered = numbered
        self.taken: list[Any] = []
        self.duplicates = self.late = 0
        #: Numbers that were given up.
        self.missed: set[int] = set()

    def add(self, rows: list[Any], whole: bool) -> list[Any]:
        """The rows that were new."""
        new = []
        for row in rows:
            gone = self.taken[: -self.capacity]
            if any(row.time < other.time for other in gone):
                self.late += 1
            elif row.id is not None and any(row.id == other.id for other in self.taken):
                self.duplicates += 1
            else:
                self.taken.append(row)
                new.append(row)
        if whole:
            self.missed |= self.missing()
        return new

    def kept(self) -> list[Any]:
        """What the ring holds."""
        return self.taken[-self.capacity :]

    def missing(self) -> set[int]:
        """Skipped numbers that have not come and were not given up."""
        if not self.numbered or not self.taken:
            return set()
        first, last = self.taken[0].id, max(row.id for row in self.taken)
        return set(range(first, last + 1)) - {row.id for row in self.taken} - self.missed
