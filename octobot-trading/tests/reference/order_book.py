# SPDX-License-Identifier: Apache-2.0
"""The order book in plain Python: the oracle of its property tests and the baseline of its benchmark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from octobot_trading.errors import InvalidLevelError

Rows = Iterable[Sequence[float | str]] | None


class BookReference:
    """A dict of sizes by price for each side, sorted when asked."""

    def __init__(self) -> None:
        self.sides: dict[str, dict[float, float]] = {"bids": {}, "asks": {}}

    def __len__(self) -> int:
        return sum(map(len, self.sides.values()))

    def update(self, bids: Rows, asks: Rows) -> int:
        """Set the size of each price, 0 taking it away; all or nothing."""
        rows = {"bids": _read(bids, "bids"), "asks": _read(asks, "asks")}
        for side, changes in rows.items():
            for price, size in changes:
                if size:
                    self.sides[side][price] = size
                else:
                    self.sides[side].pop(price, None)
        return sum(map(len, rows.values()))

    def replace(self, bids: Rows, asks: Rows) -> int:
        """Take these levels instead of the old ones; all or nothing."""
        new = BookReference()
        new.update(bids, asks)
        self.sides = new.sides
        return len(self)

    def truncate(self, limit: int) -> int:
        """Keep the best ``limit`` levels of each side."""
        before = len(self)
        for side in self.sides:
            self.sides[side] = dict(map(tuple, self.levels(side)[:limit]))
        return before - len(self)

    def levels(self, side: str, limit: int = -1) -> list[list[float]]:
        """The best levels, best first."""
        rows = sorted(map(list, self.sides[side].items()), reverse=side == "bids")
        return rows if limit < 0 else rows[:limit]

    def volume_to(self, side: str, price: float) -> float:
        """The sizes at ``price`` or better."""
        sign = 1 if side == "bids" else -1
        return sum(size for at, size in self.levels(side) if sign * at >= sign * price)

    def take(self, side: str, volume: float) -> tuple[float, float] | None:
        """The average and the worst price of taking ``volume``."""
        left, cost = volume, 0.0
        for price, size in self.levels(side):
            if size >= left:
                return (cost + left * price) / volume, price
            left -= size
            cost += size * price
        return None

    def imbalance(self, limit: int) -> float | None:
        """(bids - asks) / (bids + asks) over the best levels."""
        bids, asks = (sum(size for _, size in self.levels(side, limit)) for side in ("bids", "asks"))
        return (bids - asks) / (bids + asks) if bids + asks else None


def _read(rows: Rows, side: str) -> list[tuple[float, float]]:
    numbers = []
    for index, row in enumerate(rows if rows is not None else ()):
        try:
            price, size = float(row[0]), float(row[1])
        except (TypeError, ValueError, LookupError, OverflowError) as error:
            raise InvalidLevelError("it is no row", field=side, row=index) from error
        if not 0 < price < math.inf or not 0 <= size < math.inf:
            raise InvalidLevelError("it is no level", field=side, row=index)
        numbers.append((price, size))
    return numbers
