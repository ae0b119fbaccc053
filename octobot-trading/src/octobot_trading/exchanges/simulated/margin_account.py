# SPDX-License-Identifier: Apache-2.0
"""The simulated exchange's ledger of a cross margin account: spot markets, traded with borrowed funds.

What an order needs beyond what is available is borrowed as it fills; a sale of borrowed base is a short position. What
comes in repays a debt of its asset before anything else. Balances are never negative: debts stand beside them.

An order may lock more than there is. What is missing counts as borrowed when the next order asks for a loan.

Source: Binance, "Margin Level and Risk Control" and "Cross Margin Trading Guide": the margin level is the value of all
assets over the value of all debts with their interest; with a leverage of L one may borrow down to a level of
L / (L - 1), 1.5 with 3x and 1.25 with 5x, and is liquidated at 1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from octobot_commons.clock import Clock
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide, PositionSide
from octobot_trading.errors import InsufficientFunds, InvalidOrder, NothingToReduce
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.exchanges.simulated.account import Account, PriceOf
from octobot_trading.exchanges.simulated.bankruptcy import Bankruptcy
from octobot_trading.exchanges.simulated.ledger import hold_of
from octobot_trading.exchanges.simulated.loans import Loans
from octobot_trading.exchanges.simulated.margin_value import MarginValue
from octobot_trading.personal_data.orders.adapting import is_tradable
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.order_holds import Hold
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.interest import HourlyInterest, InterestRule
from octobot_trading.personal_data.trades.fill import Fill

_HOURLY = HourlyInterest()


class MarginAccount(Account):
    """A spot account that borrows.

    Args:
        reference: the asset that assets and debts are valued in; what has no price in it is worth nothing and is not
            lent.
        price_of: the last price of an asset in another one.
        leverage: assets over own funds, at most, when something is borrowed.
        interest, interest_rates: how interest is counted, and the rate of each asset.

    Attributes:
        bankruptcies: debts that a liquidation could not repay.
    """

    def __init__(
        self,
        starting_portfolio: Mapping[str, Decimal],
        reference: str,
        clock: Clock,
        price_of: PriceOf,
        fee_model: FeeModel | None = None,
        *,
        leverage: Decimal = Decimal(3),
        interest: InterestRule = _HOURLY,
        interest_rates: Mapping[str, Decimal] | None = None,
    ) -> None:
        if not leverage.is_finite() or leverage < ONE:
            raise ValueError(f"a leverage of {leverage}")
        self.loans = Loans(interest, interest_rates or {})
        super().__init__(starting_portfolio, fee_model, self._last_price)
        self.value = MarginValue(self.portfolio, self.loans, reference, clock, price_of)
        self.bankruptcies: list[Bankruptcy] = []
        self._leverage = leverage
        self._clock = clock
        #: What the open orders hold of each asset, there or not.
        self._held: dict[str, Decimal] = {}

    # Ledger

    def hold(self, order_id: str, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal) -> None:
        """Lock what an order needs; what is missing must be lent; see ``Ledger``."""
        _check_market(request, market)
        if request.reduce_only:
            quantity = min(quantity, self._reducible(request, market))
            if not quantity:
                raise NothingToReduce(f"{request.symbol}: there is nothing that the order could reduce")
        asset, amount = self._needs(request, market, quantity, price)
        hold = hold_of(order_id, request, asset, amount)
        change = self._holds.change_of_locked({order_id: hold})
        missing = max(ZERO, change[asset] - self.portfolio.available(asset))
        if missing and request.reduce_only and request.side is OrderSide.SELL:
            raise InsufficientFunds(
                f"{asset}: {amount} needed, other orders hold all but {amount - missing}",
                remedy="put the orders that leave one position into a group",
            )
        if missing and self._covered(request, market, quantity) < quantity:
            room = self._room(asset, request, market, quantity)
            if room is None or missing > room:
                raise InsufficientFunds(
                    f"{asset}: {amount} needed, {missing} would be borrowed, {room or 0:f} may be",
                    remedy="trade less" if room is not None else f"wait for a price of {asset}",
                )
        self._set_hold(order_id, hold, change)

    def fit(self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool) -> Decimal:
        """All that repays a debt, and as much of the rest as is there or may be borrowed."""
        if request.reduce_only:
            quantity = market.quantize_amount(min(quantity, self._reducible(request, market)))
            if request.side is OrderSide.SELL:  # a loan, of which interest is due at once, would open
                quantity = min(quantity, market.quantize_amount(self.portfolio.available(market.base)))
        asset, needed = self._needs(request, market, quantity, price)
        available = self.portfolio.available(asset)
        covered = self._covered(request, market, quantity)
        if needed <= available or covered == quantity:
            return quantity
        spendable = available + (self._room(asset, request, market, quantity) or ZERO)
        if needed <= spendable:
            return quantity
        first = self._needs(request, market, covered, price)[1]
        part = WIDE.divide(WIDE.multiply(quantity - covered, max(ZERO, spendable - first)), needed - first)
        affordable = market.quantize_amount(covered + part)
        while affordable > covered and self._needs(request, market, affordable, price)[1] > spendable:
            affordable -= market.amount_step  # cost and fee are each rounded to a step
        return affordable if is_tradable(market, affordable, price, is_own_price=False) else ZERO

    def apply(self, fill: Fill, market: Market, request: OrderRequest) -> None:
        """Exchange what a fill exchanged, borrowing what is missing and repaying with what comes in."""
        is_buy = fill.side is OrderSide.BUY
        paid_asset, paid = (market.quote, fill.cost) if is_buy else (market.base, fill.quantity)
        received_asset, received = (market.base, fill.quantity) if is_buy else (market.quote, fill.cost)
        if fill.fee_asset == received_asset:
            received -= fill.fee
        elif fill.fee_asset == paid_asset:
            paid += fill.fee
        else:
            self._set_total(fill.fee_asset, self.portfolio.total(fill.fee_asset) - fill.fee)
        missing = max(ZERO, paid - self.portfolio.available(paid_asset))
        if missing:
            self.loans.borrow(paid_asset, missing, fill.time)
        self._set_total(paid_asset, self.portfolio.total(paid_asset) + missing - paid)
        received -= self.loans.repay(received_asset, received, fill.time)
        self._set_total(received_asset, self.portfolio.total(received_asset) + received)

    # Debts

    def repay(self, asset: str, time: float) -> None:
        """Repay a debt with what is available of its asset."""
        repaid = self.loans.repay(asset, self.portfolio.available(asset), time)
        self._set_total(asset, self.portfolio.total(asset) - repaid)

    def go_bankrupt(self, asset: str, time: float) -> None:
        """What is owed of an asset cannot be repaid."""
        owed = self.loans.write_off(asset, time)
        if owed:
            self.bankruptcies.append(Bankruptcy(time, asset, owed))

    def _last_price(self, asset: str, other: str) -> Decimal | None:
        return self.value.price_of(asset, other)

    def _set_hold(self, order_id: str, hold: Hold | None, change: Mapping[str, Decimal]) -> None:
        self._holds.take_over({order_id: hold})
        for asset, more in change.items():
            self._held[asset] = self._held.get(asset, ZERO) + more
            self._set_total(asset, self.portfolio.total(asset))

    def _set_total(self, asset: str, total: Decimal) -> None:
        balance = Balance(total, min(total, self._held.get(asset, ZERO)))
        if balance != self.portfolio.balance(asset):
            self.portfolio.set(asset, balance)
            self._changed[asset] = balance

    def _missing(self) -> dict[str, Decimal]:
        """What open orders hold that is not there."""
        missing = {asset: held - self.portfolio.total(asset) for asset, held in self._held.items()}
        return {asset: amount for asset, amount in missing.items() if amount > ZERO}

    def _room(self, asset: str, request: OrderRequest, market: Market, quantity: Decimal) -> Decimal | None:
        """How much of ``asset`` may be borrowed for an order, counting what it repays; None without a price of it."""
        rate = self.value.rate(asset)
        if rate is None:
            return None
        debts = self.value.debts()
        most = WIDE.multiply(self.value.assets() - debts, self._leverage - ONE)
        room = most - debts - self.value.of(self._missing())
        if request.side is OrderSide.BUY:
            room += self.value.of({market.base: self._covered(request, market, quantity)})
        elif room + self.value.of({market.base: self.portfolio.available(market.base)}) < ZERO:
            return ZERO  # selling borrowed base would repay no more than it borrows
        else:
            owed = self.value.of({market.quote: self.loans.owed(market.quote, self._clock.now())})
            room += min(self.value.of({market.base: quantity}), owed)
        return max(ZERO, WIDE.divide(room, rate))

    def _covered(self, request: OrderRequest, market: Market, quantity: Decimal) -> Decimal:
        """How much of a purchase repays borrowed base."""
        if request.side is OrderSide.SELL:
            return ZERO
        return min(quantity, self.loans.owed(market.base, self._clock.now()))

    def _reducible(self, request: OrderRequest, market: Market) -> Decimal:
        """What is held of base beyond what is owed, or the other way round."""
        held = self.portfolio.total(market.base) - self.loans.owed(market.base, self._clock.now())
        return max(ZERO, held if request.side is OrderSide.SELL else -held)


def _check_market(request: OrderRequest, market: Market) -> None:
    if market.contract is not None:
        raise InvalidOrder(f"{market.symbol} is a contract", rule="symbol", remedy="margin accounts trade spot markets")
    if request.position_side is not PositionSide.BOTH:
        raise InvalidOrder(f"{request.symbol}: a margin account has no position sides", rule="position_side")
