# SPDX-License-Identifier: Apache-2.0
"""The compiled matching book beside its plain twin, and beside that twin with its orders sorted by price.

A candle that fills nothing, and what each fill adds: found, taken out, and the next order found as fast.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable
from pathlib import Path
from typing import Any

from interleaved import Case, print_table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reference"))

from matching_reference import MatchingBookReference, Order

from octobot_trading.exchanges.simulated._matching import BUY_LIMIT, BUY_STOP, SELL_LIMIT, SELL_STOP, MatchingBook

QUIET_LOOPS = 20
FILLED = 50


class SortedBook(MatchingBookReference):
    """Looks only at the orders between a candle's prices: what plain Python does best, for limits and stops."""

    def __init__(self, rule: int = 0) -> None:
        super().__init__(rule)
        self._rising: list[tuple[float, int]] = []
        self._falling: list[tuple[float, int]] = []

    def add(self, key: int, kind: int, price: float = float("nan"), *rest: Any) -> None:
        super().add(key, kind, price, *rest)
        insort(self._rising if kind in (SELL_LIMIT, BUY_STOP) else self._falling, (price, key))

    def remove(self, key: int) -> bool:
        order = self.orders.get(key)
        if order is not None:
            prices = self._rising if order.kind in (SELL_LIMIT, BUY_STOP) else self._falling
            del prices[bisect_left(prices, (order.price, key))]
        return super().remove(key)

    def match_range(self, open_price: float, high: float, low: float, close: float, *times: float) -> list[Any]:
        rising = self._rising[: bisect_right(self._rising, (high, sys.maxsize))]
        falling = self._falling[bisect_left(self._falling, (low, -1)) :]
        reached = {key: self.orders[key] for _, key in (*rising, *falling)}
        everything: dict[int, Order] = self.orders
        self.orders = reached
        try:
            return super().match_range(open_price, high, low, close, *times)
        finally:
            self.orders = everything


def filled(book_class: type[Any], orders: int) -> Any:
    """A book of limits and stops on both sides, from 10 away from the price on."""
    book = book_class()
    for key in range(orders):
        kind = (SELL_LIMIT, BUY_LIMIT, BUY_STOP, SELL_STOP)[key % 4]
        away = 10 + key * 40 / orders
        book.add(key, kind, 100 + away if kind in (SELL_LIMIT, BUY_STOP) else 100 - away)
    book.match_open(100.0)
    return book


def quiet(book: Any) -> Callable[[], None]:
    def run() -> None:
        match = book.match_range
        for _ in range(QUIET_LOOPS):
            match(100.0, 105.0, 95.0, 101.0)

    return run


def fills(book: Any, orders: int) -> Callable[[], None]:
    """A candle that reaches the nearest orders, which are taken out and come again."""
    reach = 10 + FILLED * 40 / orders / 2

    def run() -> None:
        found = book.match_range(100.0, 100.0 + reach, 100.0, 100.0)
        kinds = {match[2]: match[3] for match in found}
        for key in kinds:
            book.remove(key)
        for key, price in kinds.items():
            book.add(key, (SELL_LIMIT, BUY_LIMIT, BUY_STOP, SELL_STOP)[key % 4], price)
        book.match_open(100.0)

    return run


def count_fills(orders: int) -> int:
    """How many orders ``fills`` takes out at a time."""
    reach = 10 + FILLED * 40 / orders / 2
    return len(filled(MatchingBook, orders).match_range(100.0, 100.0 + reach, 100.0, 100.0))


def main() -> None:
    for title, plain in (("beside its twin", MatchingBookReference), ("beside sorted lists", SortedBook)):
        cases = []
        for orders in (2, 100, 10_000):
            compiled, twin = filled(MatchingBook, orders), filled(plain, orders)
            cases.append(
                Case(f"a candle that fills nothing, {orders:,} open", QUIET_LOOPS, quiet(compiled), quiet(twin))
            )
        for orders in (100, 10_000):
            compiled, twin = filled(MatchingBook, orders), filled(plain, orders)
            name = f"each fill (and the order that comes again), {orders:,} open"
            cases.append(Case(name, count_fills(orders), fills(compiled, orders), fills(twin, orders)))
        print_table(title, cases)


if __name__ == "__main__":
    main()
