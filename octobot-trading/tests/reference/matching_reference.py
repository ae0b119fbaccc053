# SPDX-License-Identifier: Apache-2.0
"""The matching book in plain Python: the oracle of its property tests and the baseline of its benchmark."""

from __future__ import annotations

from dataclasses import dataclass

MARKET, BUY_LIMIT, SELL_LIMIT, BUY_STOP, SELL_STOP = range(5)


@dataclass
class _Order:
    key: int
    kind: int
    price: float
    is_fresh: bool = True

    def reached_by(self, market: float) -> bool:
        return market <= self.price if self.kind in (BUY_LIMIT, SELL_STOP) else market >= self.price


class MatchingBookReference:
    """Asks every order at every candle."""

    def __init__(self) -> None:
        self.orders: list[_Order] = []
        self.price: float | None = None

    def __len__(self) -> int:
        return len(self.orders)

    def add(self, key: int, kind: int, price: float) -> None:
        """Take an order in."""
        self.orders.append(_Order(key, kind, price))

    def remove(self, key: int) -> bool:
        """Take an order out."""
        before = len(self.orders)
        self.orders = [order for order in self.orders if order.key != key]
        return len(self.orders) < before

    def match_open(self, price: float) -> list[tuple[int, bool]]:
        """Everything that the open reaches fills at the open; limits that waited for it make, all others take."""
        self.price = price
        fills = [
            (order.key, order.is_fresh or order.kind not in (BUY_LIMIT, SELL_LIMIT))
            for order in self.orders
            if order.kind == MARKET or order.reached_by(price)
        ]
        for order in self.orders:
            order.is_fresh = False
        return fills

    def match_range(self, open_price: float, high: float, low: float, close: float) -> list[tuple[int, bool, bool]]:
        """Stops that were touched, then limits that were traded through; what came beyond the open fills at it."""
        self.price = close
        stops, limits = [], []
        for order in self.orders:
            at_open = order.is_fresh and order.kind != MARKET and order.reached_by(open_price)
            if order.kind in (BUY_STOP, SELL_STOP):
                if order.reached_by(high if order.kind == BUY_STOP else low):
                    stops.append((order.key, True, at_open))
            elif order.kind != MARKET:
                through = low < order.price if order.kind == BUY_LIMIT else high > order.price
                if at_open or through:
                    limits.append((order.key, at_open, at_open))
        return stops + limits
