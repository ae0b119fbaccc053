# SPDX-License-Identifier: Apache-2.0
"""One account shared by several owners, each with a part of its own.

The parts and the rest that nobody was given always add up to the account. Owners are named by strings, the rest is
``None``. Orders lock funds of their owner's part and fills change it; what comes from nobody's order changes the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, Decimal
from functools import reduce

from octobot_commons.errors import SettingError
from octobot_trading.constants import EXACT, ONE, ZERO
from octobot_trading.errors import InsufficientFunds, InvalidAmount, UnknownOwner
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market
from octobot_trading.personal_data.portfolio.order_holds import Hold, OrderHolds
from octobot_trading.personal_data.portfolio.portfolio import Balance, Portfolio
from octobot_trading.personal_data.trades.fill import Fill

Amounts = Mapping[str, Decimal]


class SubPortfolios:
    """The parts of an account that holds ``totals``. Every method does all of what it says or raises and does nothing.

    Whoever hands in an order calls ``hold`` first, so that one beyond its owner's part is refused though the account
    could pay for it; ``hold`` again whenever the order's need changes, ``apply`` at each fill and ``release`` when the
    order has ended.
    """

    def __init__(self, totals: Amounts) -> None:
        self._parts: dict[str | None, Portfolio] = {None: Portfolio(totals)}
        self._holds: dict[str | None, OrderHolds] = {None: OrderHolds()}
        self._owners: dict[str, str | None] = {}
        #: What fills took from the rest since their owner's part could not pay it, by owner and asset.
        self.topped_up: dict[tuple[str, str], Decimal] = {}

    @property
    def owners(self) -> list[str]:
        """Who has a part."""
        return [owner for owner in self._parts if owner is not None]

    def balance(self, owner: str | None, asset: str) -> Balance:
        """What an owner has of an asset: in total, locked by its own orders, and available."""
        return self._part(owner).balance(asset)

    def balances(self, owner: str | None) -> dict[str, Balance]:
        """All that an owner has, by asset."""
        part = self._part(owner)
        return {asset: part.balance(asset) for asset in part.totals()}

    def account_balance(self, asset: str) -> Balance:
        """The sum of all parts and the rest."""
        balances = [part.balance(asset) for part in self._parts.values()]
        return Balance(_sum(one.total for one in balances), _sum(one.locked for one in balances))

    def assign(self, owner: str, amounts: Amounts) -> None:
        """Give an owner more of what is available in the rest; makes its part where it has none.

        Raises:
            InsufficientFunds: the rest does not hold that much.
            InvalidAmount: an amount is negative or no number.
        """
        _check_amounts(amounts)
        self._rest.change_all({asset: (-amount, ZERO) for asset, amount in amounts.items()})
        self._parts.setdefault(owner, Portfolio()).change_all(
            {asset: (amount, ZERO) for asset, amount in amounts.items()}
        )
        self._holds.setdefault(owner, OrderHolds())

    def assign_shares(self, owner: str, shares: Amounts) -> None:
        """Give an owner these fractions of what the whole account holds now of each asset, rounded down to 8 decimals.

        Raises:
            InsufficientFunds: the rest does not hold that much.
            SettingError: a share is not between 0 and 1.
        """
        for asset, share in shares.items():
            if not share.is_finite() or not 0 <= share <= ONE:
                raise SettingError(f"{owner}: {share} is no share of {asset}", remedy="shares are from 0 to 1")
        self.assign(owner, {asset: self._share(asset, share) for asset, share in shares.items()})

    def give_back(self, owner: str, amounts: Amounts | None = None) -> None:
        """Move available funds back to the rest; everything and the part itself where no amounts are given.

        Raises:
            InsufficientFunds: not that much is available, or orders still hold some of it all.
        """
        part = self._part(owner)
        taken = part.totals() if amounts is None else amounts
        _check_amounts(taken)
        part.change_all({asset: (-amount, ZERO) for asset, amount in taken.items()})
        self._rest.change_all({asset: (amount, ZERO) for asset, amount in taken.items()})
        if amounts is None:
            del self._parts[owner], self._holds[owner]
            self._owners = {order_id: who for order_id, who in self._owners.items() if who != owner}

    def change(self, owner: str | None, asset: str, amount: Decimal) -> None:
        """Add a deposit, funding or profit to an owner's part, or take a withdrawal, fee or loss (negative) from it.

        Raises:
            InsufficientFunds: not that much is available.
            InvalidAmount: it is no number.
        """
        self._change(owner, {asset: (amount, ZERO)})

    def hold(self, order_id: str, owner: str | None, asset: str, amount: Decimal, group_id: str | None = None) -> None:
        """Lock what an order needs now; called again it replaces the need, and the owner stays what it was.

        Orders of one owner and group share what they lock: the largest need of each asset.

        Raises:
            InsufficientFunds: the owner's part does not have it.
        """
        _check_amounts({asset: amount})
        owner = self._owners.get(order_id, owner)
        self._set_holds(owner, {order_id: Hold.of_order(order_id, group_id, asset, amount)})
        self._owners[order_id] = owner

    def release(self, order_id: str) -> None:
        """Unlock what only this order needed; nothing where it holds nothing any more."""
        if order_id in self._owners:
            self._set_holds(self._owners[order_id], {order_id: None})
            del self._owners[order_id]

    def owner_of(self, order_id: str) -> str | None:
        """Whose funds an order holds; None for the rest's and for orders that hold nothing."""
        return self._owners.get(order_id)

    def apply(self, fill: Fill, market: Market, still_needed: Decimal = ZERO) -> None:
        """Exchange what a spot fill exchanged in the part of its order's owner, fee included.

        Afterwards the order holds ``still_needed``, and the other orders of its group hold nothing, as they end.
        A fill is a fact: what the part cannot pay, as the price moved away from what was locked, is moved from the rest
        to the part and counted in ``topped_up``.

        Raises:
            InsufficientFunds: the rest cannot pay it either.
        """
        owner = self._owners.get(fill.order_id)
        holds = self._holds[owner]
        old = holds.get(fill.order_id)
        new: dict[str, Hold | None] = dict.fromkeys(holds.of_key(old.key)) if old is not None else {}
        if old is not None:
            new[fill.order_id] = Hold(old.key, old.asset, still_needed)
        changes = {asset: [amount, ZERO] for asset, amount in fill.exchanged(market.base, market.quote).items()}
        for asset, locked in holds.change_of_locked(new).items():
            changes.setdefault(asset, [ZERO, ZERO])[1] = locked
        self._top_up(owner, {asset: (total, locked) for asset, (total, locked) in changes.items()})
        holds.take_over(new)

    def reconcile(self, totals: Amounts) -> dict[str, Decimal]:
        """Take over what the exchange says the account holds; returns what the rest gained or lost by asset.

        Raises:
            InsufficientFunds: more is gone than the rest had available.
        """
        assets = {*totals, *(asset for part in self._parts.values() for asset in part.totals())}
        missing = {
            asset: EXACT.subtract(totals.get(asset, ZERO), self.account_balance(asset).total)
            for asset in sorted(assets)
        }
        differences = {asset: amount for asset, amount in missing.items() if amount}
        self._change(None, {asset: (amount, ZERO) for asset, amount in differences.items()})
        return differences

    def _share(self, asset: str, share: Decimal) -> Decimal:
        return WIDE.multiply(self.account_balance(asset).total, share).quantize(ASSET_STEP, ROUND_DOWN, WIDE)

    @property
    def _rest(self) -> Portfolio:
        return self._parts[None]

    def _part(self, owner: str | None) -> Portfolio:
        try:
            return self._parts[owner]
        except KeyError:
            known = ", ".join(self.owners) or "nobody"
            raise UnknownOwner(f"{owner} has no part of this account", remedy=f"assigned to: {known}") from None

    def _change(self, owner: str | None, changes: Mapping[str, tuple[Decimal, Decimal]]) -> None:
        for asset, (total, _) in changes.items():
            if not total.is_finite():
                raise InvalidAmount(f"{asset}: {total} is no amount")
        try:
            self._part(owner).change_all(changes)
        except InsufficientFunds as error:
            raise InsufficientFunds(f"{owner or 'the rest'}: {error.message}") from None

    def _set_holds(self, owner: str | None, new: Mapping[str, Hold | None]) -> None:
        self._part(owner)
        holds = self._holds[owner]
        self._change(owner, {asset: (ZERO, locked) for asset, locked in holds.change_of_locked(new).items()})
        holds.take_over(new)

    def _top_up(self, owner: str | None, changes: dict[str, tuple[Decimal, Decimal]]) -> None:
        """Make the changes with what they lack from the rest."""
        part, moved = self._part(owner), {}
        for asset, (total, locked) in changes.items():
            lacking = -EXACT.add(part.available(asset), EXACT.subtract(total, locked))
            if owner is not None and lacking > 0:
                moved[asset] = lacking
                changes[asset] = (EXACT.add(total, lacking), locked)
        self._change(None, {asset: (-amount, ZERO) for asset, amount in moved.items()})
        self._change(owner, changes)
        for asset, amount in moved.items():
            key = (str(owner), asset)
            self.topped_up[key] = EXACT.add(self.topped_up.get(key, ZERO), amount)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return reduce(EXACT.add, amounts, ZERO)


def _check_amounts(amounts: Amounts) -> None:
    for asset, amount in amounts.items():
        if not amount.is_finite() or amount < 0:
            raise InvalidAmount(f"{asset}: {amount} is no amount to assign or to hold")
