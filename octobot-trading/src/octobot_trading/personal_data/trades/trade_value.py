# SPDX-License-Identifier: Apache-2.0
"""What one trade costs to open and brings when closed, with fees, interest and funding; in quote, exact.

Sources of the formulas: Binance, "How to Calculate PnL" (fees on both sides) and "How to Calculate Interest on Margin
Trading"; of a short trade the interest is in base and is bought back with the position.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.positions.interest import InterestRule, NoInterest

_FREE = NoInterest()


@dataclass(frozen=True, slots=True)
class Trade:
    """An entry of ``quantity`` base at ``price``.

    Attributes:
        leverage: value over own funds; on margin the rest is borrowed (quote of a long trade, base of a short one).
        interest: how the venue counts interest, with its rate.
    """

    quantity: Decimal
    price: Decimal
    is_short: bool = False
    leverage: Decimal = ONE
    interest: InterestRule = _FREE
    interest_rate: Decimal = ZERO

    def open_value(self, fee_rate: Decimal) -> Decimal:
        """What it cost: ``quantity * price * (1 + fee)``; what a short one brought: ``... * (1 - fee)``."""
        return _with_fee(WIDE.multiply(self.quantity, self.price), fee_rate, is_paid=not self.is_short)

    def borrowed(self) -> Decimal:
        """Quote borrowed for a long trade, ``value * (leverage - 1) / leverage``; base of a short one, all of it."""
        if self.is_short:
            return self.quantity
        value = WIDE.multiply(self.quantity, self.price)
        return WIDE.divide(WIDE.multiply(value, self.leverage - ONE), self.leverage)

    def close_value(self, price: Decimal, fee_rate: Decimal, hours: Decimal, funding: Decimal = ZERO) -> Decimal:
        """What closing brings after interest and fee, or costs a short trade.

        long: ``quantity * price * (1 - fee) - interest + funding``;
        short: ``(quantity + interest) * price * (1 + fee) - funding``; funding is positive when received.
        """
        owed = self.interest.interest(self.borrowed(), self.interest_rate, hours)
        if self.is_short:
            bought = WIDE.multiply(WIDE.add(self.quantity, owed), price)
            return WIDE.subtract(_with_fee(bought, fee_rate, is_paid=True), funding)
        sold = _with_fee(WIDE.multiply(self.quantity, price), fee_rate, is_paid=False)
        return WIDE.add(WIDE.subtract(sold, owed), funding)

    def profit(
        self, price: Decimal, open_fee: Decimal, close_fee: Decimal, hours: Decimal, funding: Decimal = ZERO
    ) -> Decimal:
        """What closing at ``price`` leaves of what opening cost, in quote."""
        difference = WIDE.subtract(self.close_value(price, close_fee, hours, funding), self.open_value(open_fee))
        return -difference if self.is_short else difference

    def profit_ratio(
        self, price: Decimal, open_fee: Decimal, close_fee: Decimal, hours: Decimal, funding: Decimal = ZERO
    ) -> Decimal:
        """The profit as a part of own funds: ``profit / open value * leverage``."""
        profit = self.profit(price, open_fee, close_fee, hours, funding)
        return WIDE.multiply(WIDE.divide(profit, self.open_value(open_fee)), self.leverage)


def _with_fee(value: Decimal, fee_rate: Decimal, *, is_paid: bool) -> Decimal:
    return WIDE.multiply(value, ONE + fee_rate if is_paid else ONE - fee_rate)
