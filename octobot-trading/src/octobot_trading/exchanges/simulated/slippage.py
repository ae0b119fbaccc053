# SPDX-License-Identifier: Apache-2.0
"""How much worse than the market's price an order fills that takes liquidity. Every model states what it assumes.

A limit order never fills beyond its limit, whatever the model says.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchange_data.order_book import OrderBook
from octobot_trading.exchanges.market import WIDE, Market


class SlippageModel(ABC):
    """Turns the price at which the market is into the price at which an order fills."""

    @property
    def uses_volume(self) -> bool:
        """Whether ``price`` looks at the volume; where nothing does, a replay leaves out candles that fill nothing."""
        return True

    @abstractmethod
    def price(
        self, market: Market, side: OrderSide, quantity: Decimal, price: Decimal, volume: Decimal | None
    ) -> Decimal:
        """The price of a fill, to the market's tick and never better than ``price``.

        Args:
            quantity: that is filled, in the market's amounts.
            volume: traded by everybody in the candle, None where it is not known.
        """


class NoSlippage(SlippageModel):
    """Assumes that the order is small against what rests at the market's price."""

    @property
    def uses_volume(self) -> bool:
        return False

    def price(
        self, market: Market, side: OrderSide, quantity: Decimal, price: Decimal, volume: Decimal | None
    ) -> Decimal:
        return price


@dataclass(frozen=True, slots=True)
class FixedSlippage(SlippageModel):
    """Assumes that every taker pays the same part of the price for the spread and the depth: 0.0005 is 0.05 %."""

    rate: Decimal

    def __post_init__(self) -> None:
        if not (self.rate.is_finite() and ZERO <= self.rate < ONE):
            raise ValueError(f"a slippage rate of {self.rate} is no part of a price")

    @property
    def uses_volume(self) -> bool:
        return False

    def price(
        self, market: Market, side: OrderSide, quantity: Decimal, price: Decimal, volume: Decimal | None
    ) -> Decimal:
        return worse(market, side, price, self.rate)


@dataclass(frozen=True, slots=True)
class VolumeShareSlippage(SlippageModel):
    """Assumes an impact that grows with the square of the order's share of the candle's volume.

    ``price * (1 ± impact * (quantity / volume) ** 2)``, the model that zipline calls VolumeShareSlippage (its default
    impact is 0.1, together with a share of at most 0.025 of the volume). Without a known volume the share is one.
    """

    impact: Decimal = Decimal("0.1")

    def price(
        self, market: Market, side: OrderSide, quantity: Decimal, price: Decimal, volume: Decimal | None
    ) -> Decimal:
        share = min(ONE, WIDE.divide(quantity, volume)) if volume else ONE
        return worse(market, side, price, WIDE.multiply(self.impact, WIDE.multiply(share, share)))


@dataclass(slots=True)
class BookWalkSlippage(SlippageModel):
    """Walks the recorded order book: assumes that it stood as it was told of last and that nobody else took from it.

    The fill is no better than the market's price nor than the book's mean price for the quantity. ``otherwise`` serves
    where there is no book, it is stale, or it is not deep enough; ``walked`` and ``not_walked`` count both.
    """

    book_of: Callable[[str], OrderBook | None]
    otherwise: SlippageModel
    walked: int = field(default=0, init=False)
    not_walked: int = field(default=0, init=False)

    @property
    def uses_volume(self) -> bool:
        return self.otherwise.uses_volume

    def price(
        self, market: Market, side: OrderSide, quantity: Decimal, price: Decimal, volume: Decimal | None
    ) -> Decimal:
        book = self.book_of(market.symbol)
        mean = None
        if book is not None and not book.is_stale():
            mean = book.average_price("asks" if side is OrderSide.BUY else "bids", float(quantity))
        if mean is None:
            self.not_walked += 1
            return self.otherwise.price(market, side, quantity, price, volume)
        self.walked += 1
        walked = to_worse_tick(market, side, Decimal(repr(mean)))
        return max(price, walked) if side is OrderSide.BUY else min(price, walked)


def worse(market: Market, side: OrderSide, price: Decimal, rate: Decimal) -> Decimal:
    """``price`` moved by a part of itself against the order's side, to the tick, never below one tick."""
    if not rate:
        return price
    factor = ONE + rate if side is OrderSide.BUY else ONE - rate
    return to_worse_tick(market, side, WIDE.multiply(price, factor))


def to_worse_tick(market: Market, side: OrderSide, price: Decimal) -> Decimal:
    """The nearest tradable price that is not better for the side: up for a buy, down for a sell, to a tick at least."""
    other = OrderSide.SELL if side is OrderSide.BUY else OrderSide.BUY
    return max(market.price_tick, market.quantize_price(price, other))
