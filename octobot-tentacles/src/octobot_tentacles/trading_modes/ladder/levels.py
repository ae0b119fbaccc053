# SPDX-License-Identifier: Apache-2.0
"""The prices of a ladder.

A level has a number and two prices: one that it buys at and one that it sells at. At any time it has one order at most,
on one side. With the price p that the ladder is made around, spread s and increment i, level n has

========== ========================== =======================================
           buys at                    sells at
========== ========================== =======================================
flat       p - s/2 + (n + 1) · i      p + s/2 + n · i
geometric  p · (1 - s/2) · (1 + i)^(n + 1)    p · (1 + s/2) · (1 + i)^n
========== ========================== =======================================

so the first buy is that of level -1 at p - s/2, the first sell that of level 0 at p + s/2, and neighbours of a side are
one increment apart. The two prices of a level are s - i apart (geometric: a factor of (1 + s/2) / ((1 - s/2)(1 + i))),
which is what one round trip earns before fees; with s = 2 · i that is one increment.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from octobot_trading.constants import ONE
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import WIDE, Market


@dataclass(frozen=True, slots=True)
class Levels:
    """``spread`` and ``increment`` are amounts of quote, or fractions where the levels are geometric."""

    market: Market
    center: Decimal
    spread: Decimal
    increment: Decimal
    is_geometric: bool = False

    def price(self, number: int, side: OrderSide) -> Decimal:
        """A level's price of a side, to the market's tick: never worse than the exact one."""
        return self.market.quantize_price(self._exact(number, side), side)

    def mirror_price(self, side: OrderSide, price: Decimal) -> Decimal:
        """The price of the other side of the level that has ``price`` on ``side``."""
        is_buy = side is OrderSide.BUY
        if self.is_geometric:
            ratio = WIDE.divide(ONE + self.spread / 2, WIDE.multiply(ONE - self.spread / 2, ONE + self.increment))
            mirror = WIDE.multiply(price, ratio) if is_buy else WIDE.divide(price, ratio)
        else:
            distance = self.spread - self.increment
            mirror = price + distance if is_buy else price - distance
        return self.market.quantize_price(mirror, opposite(side))

    def can_tell_apart(self, low: int, high: int) -> bool:
        """Whether no two of the levels from ``low`` up to ``high``, excluded, have the same price of a side."""
        numbers = range(low, high)
        return all(len({self.price(number, side) for number in numbers}) == len(numbers) for side in OrderSide)

    def _exact(self, number: int, side: OrderSide) -> Decimal:
        is_buy = side is OrderSide.BUY
        steps = number + 1 if is_buy else number
        half = self.spread / 2
        if self.is_geometric:
            first = WIDE.multiply(self.center, ONE - half if is_buy else ONE + half)
            return WIDE.multiply(first, WIDE.power(ONE + self.increment, Decimal(steps)))
        return (self.center - half if is_buy else self.center + half) + steps * self.increment


def opposite(side: OrderSide) -> OrderSide:
    """The other side."""
    return OrderSide.SELL if side is OrderSide.BUY else OrderSide.BUY
