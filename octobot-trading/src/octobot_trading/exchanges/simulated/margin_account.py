# SPDX-License-Identifier: Apache-2.0
"""The simulated exchange's ledger of a margin account: a spot account that borrows what an order lacks.

Everything is one margin (Binance, "Cross Margin"): the account may owe at most (leverage - 1) times its equity when it
borrows, and is liquidated when what it holds is worth no more than ``maintenance_level`` times what it owes. What comes
in of a borrowed asset, and is not held by an order, pays back interest first, then the loan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.errors import InsufficientFunds
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, WIDE
from octobot_trading.exchanges.simulated.account import Account, PriceOf
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.interest import HourlyInterest, InterestRule

_SECONDS_AN_HOUR = Decimal(3600)


@dataclass(slots=True)
class Loan:
    """What is owed of one asset. ``interest`` was counted until ``since_time``, when the loan last changed."""

    amount: Decimal
    interest: Decimal
    since_time: float


@dataclass(frozen=True, slots=True)
class MarginCall:
    """A liquidation: what was exchanged at which prices, and what remained ``missing`` of the debts."""

    time: float
    exchanged: dict[str, Decimal]
    missing: Decimal


class MarginAccount(Account):
    """A spot account with loans. Balances are never negative: debts stand beside them.

    Args:
        price_of: the last price of an asset in another one; assets without a price in ``valued_in`` are no margin.
        now: the time, in Unix seconds.
        valued_in: what margins are counted in.
        rates: interest by asset, as ``interest`` understands it.
    """

    def __init__(
        self,
        starting_portfolio: Mapping[str, Decimal],
        fee_model: FeeModel | None,
        price_of: PriceOf,
        now: Callable[[], float],
        *,
        valued_in: str,
        leverage: Decimal = Decimal(3),
        interest: InterestRule | None = None,
        rates: Mapping[str, Decimal] | None = None,
        maintenance_level: Decimal = Decimal("1.1"),
    ) -> None:
        super().__init__(starting_portfolio, fee_model, price_of)
        self.loans: dict[str, Loan] = {}
        self.margin_calls: list[MarginCall] = []
        self._now = now
        self._valued_in = valued_in
        self._leverage = leverage
        self._interest = interest or HourlyInterest()
        self._rates = dict(rates or {})
        self._maintenance_level = maintenance_level

    def take_changes(self) -> dict[str, Balance]:
        """The balances that changed since the last call, after what is available has paid debts back."""
        for asset in list(self.loans):
            self._repay(asset)
        return super().take_changes()

    def owed(self, asset: str) -> Decimal:
        """Loan and interest up to now, rounded up to the asset's step."""
        loan = self.loans.get(asset)
        if loan is None:
            return ZERO
        return loan.amount + self._interest_of(asset, loan)

    def equity(self) -> Decimal:
        """What would be left in ``valued_in`` if all debts were paid."""
        return self._value_of_assets() - self._value_of_debts()

    def margin_level(self) -> Decimal | None:
        """What is held over what is owed; None without debts."""
        debts = self._value_of_debts()
        return WIDE.divide(self._value_of_assets(), debts) if debts else None

    def is_due(self) -> bool:
        """Whether the account must be liquidated at the present prices."""
        level = self.margin_level()
        return level is not None and level <= self._maintenance_level

    def liquidate(self) -> MarginCall:
        """Exchange everything at the last prices and pay all debts; what they lack is the venue's loss, and recorded.

        Orders must have been cancelled before.
        """
        exchanged: dict[str, Decimal] = {}
        value = ZERO
        for asset, total in self.portfolio.totals().items():
            price = self._price(asset)
            if total and price is not None:
                value += WIDE.multiply(total, price)
                exchanged[asset] = total
                self._change(asset, total=-total)
        debts = self._value_of_debts()
        self.loans.clear()
        left = (value - debts).quantize(ASSET_STEP, "ROUND_FLOOR", WIDE)
        self._change(self._valued_in, total=max(ZERO, left))
        call = MarginCall(self._now(), exchanged, max(ZERO, -left))
        self.margin_calls.append(call)
        return call

    def _provide(self, asset: str, amount: Decimal) -> None:
        missing = amount - self.portfolio.available(asset)
        if missing > ZERO:
            self._borrow(asset, missing)

    def _borrow(self, asset: str, amount: Decimal) -> None:
        price = self._price(asset)
        if price is None:
            raise InsufficientFunds(f"{asset}: {amount} missing, which cannot be borrowed without a price")
        most = WIDE.multiply(self.equity(), self._leverage - ONE) - self._value_of_debts()
        if WIDE.multiply(amount, price) > most:
            raise InsufficientFunds(
                f"{asset}: {amount} missing, and no more than {max(ZERO, most):f} {self._valued_in} may be borrowed",
                remedy="trade less",
            )
        loan = self.loans.get(asset)
        interest = ZERO if loan is None else self._interest_of(asset, loan)
        held = ZERO if loan is None else loan.amount
        self.loans[asset] = Loan(held + amount, interest, self._now())
        self._change(asset, total=amount)

    def _repay(self, asset: str) -> None:
        paid = min(self.portfolio.available(asset), self.owed(asset))
        if paid <= ZERO:
            return
        loan = self.loans[asset]
        interest = self._interest_of(asset, loan)
        of_interest = min(paid, interest)
        left = Loan(loan.amount - (paid - of_interest), interest - of_interest, self._now())
        if left.amount or left.interest:
            self.loans[asset] = left
        else:
            del self.loans[asset]
        self._change(asset, total=-paid)

    def _interest_of(self, asset: str, loan: Loan) -> Decimal:
        hours = WIDE.divide(Decimal(repr(self._now() - loan.since_time)), _SECONDS_AN_HOUR)
        more = self._interest.interest(loan.amount, self._rates.get(asset, ZERO), hours)
        return (loan.interest + more).quantize(ASSET_STEP, ROUND_CEILING, WIDE)

    def _value_of_assets(self) -> Decimal:
        return sum((self._value(asset, total) for asset, total in self.portfolio.totals().items()), ZERO)

    def _value_of_debts(self) -> Decimal:
        return sum((self._value(asset, self.owed(asset)) for asset in self.loans), ZERO)

    def _value(self, asset: str, amount: Decimal) -> Decimal:
        price = self._price(asset)
        return ZERO if price is None else WIDE.multiply(amount, price)

    def _price(self, asset: str) -> Decimal | None:
        return ONE if asset == self._valued_in else self._price_of(asset, self._valued_in)
