# SPDX-License-Identifier: Apache-2.0
"""What the assets and debts of a margin account are worth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from octobot_commons.clock import Clock
from octobot_trading.constants import ONE, ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.exchanges.simulated.account import PriceOf
from octobot_trading.exchanges.simulated.loans import Loans
from octobot_trading.personal_data.portfolio.portfolio import Portfolio


class MarginValue:
    """Values in one reference asset, at last prices, or at one that is looked at instead.

    Attributes:
        looked_at: (base, quote, price) that counts in place of that symbol's last price.
    """

    def __init__(self, portfolio: Portfolio, loans: Loans, reference: str, clock: Clock, price_of: PriceOf) -> None:
        self.reference = reference
        self.looked_at: tuple[str, str, Decimal] | None = None
        self._portfolio = portfolio
        self._loans = loans
        self._clock = clock
        self._price_of = price_of

    def price_of(self, asset: str, other: str) -> Decimal | None:
        """The price of a symbol."""
        if self.looked_at is not None and self.looked_at[:2] == (asset, other):
            return self.looked_at[2]
        return self._price_of(asset, other)

    def rate(self, asset: str) -> Decimal | None:
        """What one of an asset is worth, None where no symbol of it and the reference has a price."""
        if asset == self.reference:
            return ONE
        price = self.price_of(asset, self.reference)
        if price is None:
            other = self.price_of(self.reference, asset)
            price = None if other is None else WIDE.divide(ONE, other)
        return price

    def of(self, amounts: Mapping[str, Decimal]) -> Decimal:
        """The value of amounts by asset; what has no price is worth nothing."""
        value = ZERO
        for asset, amount in amounts.items():
            if amount:
                value = WIDE.fma(amount, self.rate(asset) or ZERO, value)
        return value

    def assets(self) -> Decimal:
        """The value of everything that is held, borrowed or not."""
        return self.of(self._portfolio.totals())

    def debts(self) -> Decimal:
        """The value of everything that is owed, with interest."""
        return self.of(self._loans.all_owed(self._clock.now()))

    def margin_level(self) -> Decimal | None:
        """``value of assets / value of debts``; None without debts."""
        debts = self.debts()
        return WIDE.divide(self.assets(), debts) if debts else None
