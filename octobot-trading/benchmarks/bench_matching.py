# SPDX-License-Identifier: Apache-2.0
"""The compiled matching book beside its plain twin, and beside that twin with the same bounds kept."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from interleaved import Case, print_table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reference"))

from matching_reference import MatchingBookReference

from octobot_trading.exchanges.simulated._matching import BUY_LIMIT, SELL_LIMIT, SELL_STOP, MatchingBook

LOOPS = 500


class BoundedBook(MatchingBookReference):
    """Asks its orders only where the candle reaches the nearest of them, as the compiled book does."""

    def __init__(self) -> None:
        super().__init__()
        self._above, self._below = math.inf, -math.inf
        self._known = False

    def add(self, key: int, kind: int, price: float) -> None:
        super().add(key, kind, price)
        self._known = False

    def remove(self, key: int) -> bool:
        self._known = False
        return super().remove(key)

    def match_range(self, open_price: float, high: float, low: float, close: float) -> list[tuple[int, bool, bool]]:
        if not self._known:
            falling = [order.price for order in self.orders if order.kind in (BUY_LIMIT, SELL_STOP)]
            rising = [order.price for order in self.orders if order.kind not in (0, BUY_LIMIT, SELL_STOP)]
            self._above, self._below = min(rising, default=math.inf), max(falling, default=-math.inf)
            self._known = True
        if high < self._above and low > self._below:
            self.price = close
            return []
        return super().match_range(open_price, high, low, close)


def filled(book_class: type[Any], orders: int) -> Any:
    book = book_class()
    for key in range(orders):
        kind = (SELL_LIMIT, BUY_LIMIT, SELL_STOP)[key % 3]
        book.add(key, kind, 100.0 + (1 if kind == SELL_LIMIT else -1) * (10 + key % 50))
    book.match_open(100.0)
    return book


def candle(high: float, low: float) -> Callable[[Any], Callable[[], None]]:
    def bench(book: Any) -> Callable[[], None]:
        def run() -> None:
            match = book.match_range
            for _ in range(LOOPS):
                match(100.0, high, low, 101.0)

        return run

    return bench


def come_and_go(book: Any) -> Callable[[], None]:
    def run() -> None:
        for key in range(1_000, 1_000 + LOOPS):
            book.add(key, BUY_LIMIT, 90.0)
            book.match_open(100.0)
            book.remove(key)

    return run


def main() -> None:
    quiet, reached = candle(105.0, 95.0), candle(115.0, 95.0)
    for title, plain in (
        ("book beside its twin", MatchingBookReference),
        ("book beside the twin with bounds", BoundedBook),
    ):
        cases = [
            Case(f"{what}, {orders} open", LOOPS, bench(filled(MatchingBook, orders)), bench(filled(plain, orders)))
            for what, bench in (
                ("a candle that reaches no order", quiet),
                ("a candle that reaches some", reached),
                ("an order comes, sees an open and goes", come_and_go),
            )
            for orders in (2, 100)
        ]
        print_table(title, cases)


if __name__ == "__main__":
    main()
