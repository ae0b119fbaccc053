# SPDX-License-Identifier: Apache-2.0
"""What a margin account owes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import ASSET_STEP, WIDE
from octobot_trading.personal_data.positions.interest import InterestRule

_SECONDS_AN_HOUR = Decimal(3600)


@dataclass(slots=True)
class _Loan:
    """``principal`` is not repaid yet. ``settled`` is the interest on what was repaid, less what was paid of any: it is
    negative where interest was paid of what is still owed."""

    principal: Decimal
    rate: Decimal
    taken_time: float
    settled: Decimal = ZERO


class Loans:
    """Loans by asset, the oldest repaid first, and of each its interest first.

    A loan keeps the rate at which it was taken (Kraken, "Margin fees": the rollover rate is locked in at execution).
    What is repaid early costs interest until then: ``rule`` is asked for each part of a loan and the time that it was
    owed. Interest is rounded up to the asset's step. What is borrowed at one time is one loan.
    """

    def __init__(self, rule: InterestRule, rates: Mapping[str, Decimal]) -> None:
        """``rates`` are what the rule takes them for, by asset; others are free."""
        self._rule = rule
        self._rates = dict(rates)
        self._loans: dict[str, list[_Loan]] = {}
        #: Interest paid so far, by asset.
        self.paid_interest: dict[str, Decimal] = {}

    def __bool__(self) -> bool:
        return bool(self._loans)

    def assets(self) -> Iterable[str]:
        """What is owed anything of."""
        return tuple(self._loans)

    def borrow(self, asset: str, amount: Decimal, now: float) -> None:
        """Take a loan."""
        loans = self._loans.setdefault(asset, [])
        if loans and loans[-1].taken_time == now:
            loans[-1].principal += amount
        else:
            loans.append(_Loan(amount, self._rates.get(asset, ZERO), now))

    def repay(self, asset: str, amount: Decimal, now: float) -> Decimal:
        """Repay as much as ``amount`` is enough for; returns how much that was."""
        rest = amount
        loans = self._loans.get(asset, [])
        while rest and loans:
            rest -= self._repay_one(asset, loans[0], rest, now)
            if self._owed_of(loans[0], now):
                break
            del loans[0]
        if asset in self._loans and not loans:
            del self._loans[asset]
        return amount - rest

    def write_off(self, asset: str, now: float) -> Decimal:
        """Forget what is owed of an asset; returns how much that was."""
        owed = self.owed(asset, now)
        self._loans.pop(asset, None)
        return owed

    def principal(self, asset: str) -> Decimal:
        """What was borrowed and not repaid."""
        return sum((loan.principal for loan in self._loans.get(asset, ())), ZERO)

    def owed(self, asset: str, now: float) -> Decimal:
        """Principal and interest until now."""
        return sum((self._owed_of(loan, now) for loan in self._loans.get(asset, ())), ZERO)

    def all_owed(self, now: float) -> dict[str, Decimal]:
        """What is owed of each asset."""
        return {asset: self.owed(asset, now) for asset in self._loans}

    def _repay_one(self, asset: str, loan: _Loan, amount: Decimal, now: float) -> Decimal:
        charged = self._charged(loan, loan.principal, now)
        interest = min(amount, charged + loan.settled)
        self.paid_interest[asset] = self.paid_interest.get(asset, ZERO) + interest
        repaid = min(amount - interest, loan.principal)
        # What is repaid now has cost its interest, and costs no more.
        loan.settled += charged - self._charged(loan, loan.principal - repaid, now) - interest
        loan.principal -= repaid
        return interest + repaid

    def _owed_of(self, loan: _Loan, now: float) -> Decimal:
        return loan.principal + loan.settled + self._charged(loan, loan.principal, now)

    def _charged(self, loan: _Loan, principal: Decimal, now: float) -> Decimal:
        if not principal or not loan.rate:
            return ZERO
        hours = WIDE.divide(Decimal(repr(now - loan.taken_time)), _SECONDS_AN_HOUR)
        return self._rule.interest(principal, loan.rate, hours).quantize(ASSET_STEP, ROUND_CEILING, WIDE)
