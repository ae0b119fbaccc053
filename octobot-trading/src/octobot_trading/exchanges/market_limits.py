# SPDX-License-Identifier: Apache-2.0
"""The parts of a market's rules that only some markets have."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide


@dataclass(frozen=True, slots=True)
class Limits:
    """From ``minimum`` to ``maximum``, both included; None is no maximum."""

    minimum: Decimal = ZERO
    maximum: Decimal | None = None

    def allow(self, value: Decimal) -> bool:
        """Whether ``value`` lies between them."""
        return value >= self.minimum and (self.maximum is None or value <= self.maximum)


#: Anything goes.
UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class AmountRules:
    """What the amount of an order has to be. ``step`` None is the market's own."""

    limits: Limits = UNLIMITED
    step: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PercentPrice:
    """How far an order's own price may be from a reference price, as factors of it, by side.

    Binance calls it PERCENT_PRICE (both sides alike; the reference is the mark price on futures, the average of the
    last minutes on spot) and PERCENT_PRICE_BY_SIDE.
    """

    buy: Limits
    sell: Limits

    def bounds(self, side: OrderSide) -> Limits:
        """The factors of a side."""
        return self.buy if side is OrderSide.BUY else self.sell


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What makes a market one of contracts.

    ``size`` is what one contract stands for: base where it is linear, quote where it is inverse. ``settlement`` is the
    asset of margin, profits and fees: the base asset where it is inverse. ``expiry_time`` is None for a perpetual.
    """

    settlement: str
    size: Decimal = ONE
    is_inverse: bool = False
    expiry_time: float | None = None
