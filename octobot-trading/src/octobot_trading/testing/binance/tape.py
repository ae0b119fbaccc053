# SPDX-License-Identifier: Apache-2.0
"""One pair's market as the test has told it: trades, candles made of them, and the order book with its numbers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import WIDE, Market

Level: TypeAlias = tuple[Decimal, Decimal]

#: How much there is at a price where no order book was told: more than anybody asks for.
AMPLE = Decimal(10) ** 9
_MOST_TRADES = 10_000


@dataclass(frozen=True, slots=True)
class PublicTrade:
    """Somebody traded."""

    number: int
    price: Decimal
    quantity: Decimal
    time_ms: int
    is_buyer_maker: bool

    @property
    def cost(self) -> Decimal:
        return WIDE.multiply(self.price, self.quantity)


class BookChange(NamedTuple):
    """What one update has changed, zero where a level is gone, and the numbers of its first and last change."""

    first: int
    last: int
    bids: list[Level]
    asks: list[Level]


class MarketTape:
    """What everybody can see of one pair."""

    def __init__(self, name: str, market: Market) -> None:
        self.name = name
        self.market = market
        self.trades: deque[PublicTrade] = deque(maxlen=_MOST_TRADES)
        self.update_id = 1000
        self._sides: dict[OrderSide, dict[Decimal, Decimal]] = {OrderSide.BUY: {}, OrderSide.SELL: {}}
        #: How much was traded in all.
        self.printed = ZERO
        self._last_number = 0

    @property
    def last_price(self) -> Decimal | None:
        """That of the last trade."""
        return self.trades[-1].price if self.trades else None

    def print_trade(self, price: Decimal, quantity: Decimal, time_ms: int, is_buyer_maker: bool) -> PublicTrade:
        """Number a trade and remember it."""
        self._last_number += 1
        self.printed += quantity
        trade = PublicTrade(self._last_number, price, quantity, time_ms, is_buyer_maker)
        self.trades.append(trade)
        return trade

    def levels(self, side: OrderSide) -> list[Level]:
        """Bids or asks, the best one first."""
        return sorted(self._sides[side].items(), reverse=side is OrderSide.BUY)

    def takeable(self, side: OrderSide) -> list[Level]:
        """What an order of this side can take, the best price first: the book, or without one the last price."""
        if any(self._sides.values()):
            return self.levels(OrderSide.SELL if side is OrderSide.BUY else OrderSide.BUY)
        return [] if self.last_price is None else [(self.last_price, AMPLE)]

    def set_book(self, bids: Mapping[Decimal, Decimal], asks: Mapping[Decimal, Decimal]) -> BookChange:
        """Replace the whole book."""
        changed = []
        for side, wanted in ((OrderSide.BUY, bids), (OrderSide.SELL, asks)):
            known = self._sides[side]
            changed.append(
                [(price, ZERO) for price in known if price not in wanted]
                + [(price, amount) for price, amount in wanted.items() if known.get(price) != amount]
            )
        return self.change_book(*changed)

    def change_book(self, bids: Iterable[Level], asks: Iterable[Level]) -> BookChange:
        """Set some levels; zero takes one out."""
        change = BookChange(self.update_id + 1, self.update_id, list(bids), list(asks))
        for side, levels in ((OrderSide.BUY, change.bids), (OrderSide.SELL, change.asks)):
            self._sides[side].update(levels)
            self._sides[side] = {price: amount for price, amount in self._sides[side].items() if amount}
        self.update_id += max(1, len(change.bids) + len(change.asks))
        return change._replace(last=self.update_id)

    def take(self, side: OrderSide, price: Decimal, quantity: Decimal) -> BookChange | None:
        """An order of this side has taken so much at a price; None where there is no book."""
        other = OrderSide.SELL if side is OrderSide.BUY else OrderSide.BUY
        there = self._sides[other].get(price)
        if there is None:
            return None
        level = (price, max(ZERO, there - quantity))
        return self.change_book([level], []) if other is OrderSide.BUY else self.change_book([], [level])
