# SPDX-License-Identifier: Apache-2.0
"""What an account has earned, and what the market would have.

Rates are by asset in the reference market. An asset counts from the first time that a rate of it is known, at that
rate, so that a price which comes late is no profit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from octobot_trading.constants import ONE, ONE_HUNDRED, ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.portfolio.value import value_at

_PERCENT_STEP = Decimal("1E-10")

Rates = Mapping[str, Decimal]
Amounts = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ProfitabilityFigures:
    """The first is in the reference market, the others are percent with ten decimals.

    Attributes:
        profitability: value now - value of the starting portfolio at the start - what was deposited since, each
            deposit at its own time's rate.
        profitability_percent: time-weighted return, Π (value before a deposit or withdrawal / value after the one
            before) - 1, so that deposits and withdrawals neither make nor dilute it; without any it is
            value / starting value - 1. Source: CFA Institute, GIPS, time-weighted rate of return.
        market_profitability_percent: the mean over the traded symbols of price now / first known price - 1.
        initial_portfolio_current_profitability: buy and hold of the starting portfolio: its value now / its value at
            the start - 1.
    """

    profitability: Decimal = ZERO
    profitability_percent: Decimal = ZERO
    market_profitability_percent: Decimal = ZERO
    initial_portfolio_current_profitability: Decimal = ZERO

    def to_dict(self) -> dict[str, Decimal]:
        """The figures by name."""
        return asdict(self)


class Profitability:
    """Of an account that held ``starting_portfolio`` and trades ``symbols``. Tell it of every flow at its time."""

    def __init__(self, starting_portfolio: Amounts, symbols: Iterable[str]) -> None:
        self._starting = {asset: amount for asset, amount in starting_portfolio.items() if amount}
        self._starting_rates: dict[str, Decimal] = {}
        self._symbols = tuple(symbols)
        self._first_prices: dict[str, Decimal] = {}
        #: What was put in, with deposits and withdrawals.
        self._contributed = ZERO
        #: The value after the last flow, and the growth until then.
        self._base = ZERO
        self._growth = ONE
        self._without_rate = dict(self._starting)

    @property
    def starting_value(self) -> Decimal:
        """The starting portfolio at the first known rates."""
        return value_at(self._starting, self._starting_rates)

    def learn(self, rates: Rates, prices: Mapping[str, Decimal | None]) -> None:
        """Take in what has a rate or a price for the first time, which results are counted from."""
        for asset in [asset for asset in self._without_rate if asset in rates]:
            amount = WIDE.multiply(self._without_rate.pop(asset), rates[asset])
            self._base = WIDE.add(self._base, amount)
            self._contributed = WIDE.add(self._contributed, amount)
        for asset in self._starting:
            if asset in rates:
                self._starting_rates.setdefault(asset, rates[asset])
        for symbol in self._symbols:
            price = prices.get(symbol)
            if price:
                self._first_prices.setdefault(symbol, price)

    def add_flow(self, asset: str, amount: Decimal, value_now: Decimal, rates: Rates) -> None:
        """Count a deposit, or a withdrawal (negative). ``value_now`` is the account's value with it."""
        self.learn(rates, {})
        rate = rates.get(asset)
        if rate is None:
            self._without_rate[asset] = self._without_rate.get(asset, ZERO) + amount
            return
        flow = WIDE.multiply(amount, rate)
        self._growth = WIDE.multiply(self._growth, self._growth_since(WIDE.subtract(value_now, flow)))
        self._base = value_now
        self._contributed = WIDE.add(self._contributed, flow)

    def figures(self, value: Decimal, rates: Rates, prices: Mapping[str, Decimal | None]) -> ProfitabilityFigures:
        """The figures at an account's value; ``prices`` are those of the traded symbols."""
        self.learn(rates, prices)
        growth = WIDE.multiply(self._growth, self._growth_since(value))
        return ProfitabilityFigures(
            WIDE.subtract(value, self._contributed),
            _percent(growth),
            self._market_percent(prices),
            self._buy_and_hold_percent(rates),
        )

    def _growth_since(self, value: Decimal) -> Decimal:
        """Since the last flow; none where nothing was left to grow, and no less than a total loss."""
        return max(ZERO, WIDE.divide(value, self._base)) if self._base > 0 else ONE

    def _market_percent(self, prices: Mapping[str, Decimal | None]) -> Decimal:
        changes = [
            WIDE.divide(price, first) for symbol, first in self._first_prices.items() if (price := prices.get(symbol))
        ]
        if not changes:
            return ZERO
        total = ZERO
        for change in changes:
            total = WIDE.add(total, change)
        return _percent(WIDE.divide(total, Decimal(len(changes))))

    def _buy_and_hold_percent(self, rates: Rates) -> Decimal:
        known = {asset: amount for asset, amount in self._starting.items() if asset in rates}
        start = value_at(known, self._starting_rates)
        return _percent(WIDE.divide(value_at(known, rates), start)) if start > 0 else ZERO


def _percent(growth: Decimal) -> Decimal:
    return WIDE.multiply(WIDE.subtract(growth, ONE), ONE_HUNDRED).quantize(_PERCENT_STEP, context=WIDE)
