# SPDX-License-Identifier: Apache-2.0
"""What borrowing costs, by venue. Amounts in the borrowed asset; times in hours since the loan was taken."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import ROUND_CEILING, Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.exchanges.market import WIDE

_HOURS_A_DAY = Decimal(24)
_ROLLOVER_HOURS = Decimal(4)


class InterestRule(ABC):
    """How a venue counts interest on a loan that was taken at once and not changed since."""

    @abstractmethod
    def interest(self, borrowed: Decimal, rate: Decimal, hours: Decimal) -> Decimal:
        """What is owed beside the loan after ``hours``; what ``rate`` is a rate of differs from venue to venue."""


class HourlyInterest(InterestRule):
    """Per started hour, from a daily rate: ``borrowed * daily rate * ceil(hours) / 24``.

    Source: Binance, "How to Calculate Interest on Margin Trading": interest is charged hourly, less than an hour counts
    as one, and the first is charged as the loan is taken.
    """

    def interest(self, borrowed: Decimal, rate: Decimal, hours: Decimal) -> Decimal:
        started = max(ONE, hours.to_integral_value(ROUND_CEILING))
        return WIDE.divide(WIDE.multiply(WIDE.multiply(borrowed, rate), started), _HOURS_A_DAY)


class RolloverInterest(InterestRule):
    """An opening fee and a rollover fee per started four hours: ``borrowed * rate * (1 + ceil(hours / 4))``.

    Source: Kraken, "Margin fees": an opening fee when a position is opened, a rollover fee every four hours.
    """

    def interest(self, borrowed: Decimal, rate: Decimal, hours: Decimal) -> Decimal:
        rollovers = WIDE.divide(hours, _ROLLOVER_HOURS).to_integral_value(ROUND_CEILING)
        return WIDE.multiply(WIDE.multiply(borrowed, rate), WIDE.add(ONE, rollovers))


class NoInterest(InterestRule):
    """Loans are free."""

    def interest(self, borrowed: Decimal, rate: Decimal, hours: Decimal) -> Decimal:
        return ZERO
