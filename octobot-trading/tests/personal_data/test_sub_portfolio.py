# SPDX-License-Identifier: Apache-2.0
"""Parts of one account: they add up to it whatever happens, and nobody spends what is another's."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from octobot_commons.errors import SettingError
from octobot_trading.enums import OrderSide
from octobot_trading.errors import InsufficientFunds, InvalidAmount, UnknownOwner
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.portfolio.sub_portfolio import SubPortfolios
from octobot_trading.personal_data.trades.fill import Fill

_MARKET = Market.default("BTC/USDT")
_ASSETS = ("BTC", "USDT", "BNB")
_START = {"BTC": Decimal(10), "USDT": Decimal(1000), "BNB": Decimal(1)}
_OWNERS = (None, "grid", "daily")
_owners, _assets = st.sampled_from(_OWNERS), st.sampled_from(_ASSETS)
_amounts = st.decimals(0, 400, places=2)


def _fill(order_id: str, side: OrderSide, quantity: Decimal, cost: Decimal, fee: Decimal, fee_asset: str) -> Fill:
    return Fill("1", order_id, "BTC/USDT", side, quantity, cost, cost, fee, fee_asset, "taker", 0.0)


class Parts(RuleBasedStateMachine):
    """A plain model beside it: totals by owner, needs by order; a refusal must leave both as they were."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = SubPortfolios(_START)
        for owner in ("grid", "daily"):
            self.parts.assign(owner, {})
        self.totals: dict[Any, dict[str, Decimal]] = {owner: dict.fromkeys(_ASSETS, Decimal(0)) for owner in _OWNERS}
        self.totals[None] = dict(_START)
        self.parts.assign("grid", {"USDT": Decimal(400)})
        self.move(None, "grid", "USDT", Decimal(400))
        self.needs: dict[str, tuple[Any, str, str, Decimal]] = {}
        self.account = dict(_START)
        self.topped_up = Decimal(0)
        self.last = 0

    def locked(self, owner: Any, asset: str) -> Decimal:
        largest: dict[str, Decimal] = {}
        for who, key, what, amount in self.needs.values():
            if (who, what) == (owner, asset):
                largest[key] = max(amount, largest.get(key, Decimal(0)))
        return sum(largest.values(), Decimal(0))

    def available(self, owner: Any, asset: str) -> Decimal:
        return self.totals[owner][asset] - self.locked(owner, asset)

    def move(self, source: Any, target: Any, asset: str, amount: Decimal) -> None:
        self.totals[source][asset] -= amount
        self.totals[target][asset] += amount

    @rule(owner=st.sampled_from(_OWNERS[1:]), asset=_assets, amount=_amounts)
    def assign(self, owner: str, asset: str, amount: Decimal) -> None:
        if amount <= self.available(None, asset):
            self.parts.assign(owner, {asset: amount})
            self.move(None, owner, asset, amount)
        else:
            with pytest.raises(InsufficientFunds):
                self.parts.assign(owner, {"BTC": Decimal(0), asset: amount})

    @rule(owner=st.sampled_from(_OWNERS[1:]), asset=_assets, amount=_amounts)
    def give_back(self, owner: str, asset: str, amount: Decimal) -> None:
        if amount <= self.available(owner, asset):
            self.parts.give_back(owner, {asset: amount})
            self.move(owner, None, asset, amount)
        else:
            with pytest.raises(InsufficientFunds):
                self.parts.give_back(owner, {asset: amount})

    @rule(owner=_owners, asset=_assets, amount=_amounts, group=st.sampled_from([None, None, "a", "b"]))
    def hold(self, owner: Any, asset: str, amount: Decimal, group: str | None) -> None:
        self.last += 1
        before = dict(self.needs)
        self.needs[str(self.last)] = (owner, group or f"order {self.last}", asset, amount)
        if self.available(owner, asset) >= 0:
            self.parts.hold(str(self.last), owner, asset, amount, group)
            assert self.parts.owner_of(str(self.last)) == owner
        else:
            self.needs = before
            with pytest.raises(InsufficientFunds, match=owner or "the rest"):
                self.parts.hold(str(self.last), owner, asset, amount, group)

    @rule(amount=st.decimals(0, 90, places=2))
    def hold_with_others(self, amount: Decimal) -> None:
        self.hold("grid", "USDT", amount, "a")

    @rule(which=st.integers(0, 50), amount=_amounts)
    def need_changes(self, which: int, amount: Decimal) -> None:
        if not self.needs:
            return
        order_id = list(self.needs)[which % len(self.needs)]
        before = self.needs[order_id]
        self.needs[order_id] = (*before[:3], amount)
        group = None if before[1].startswith("order") else before[1]
        if self.available(before[0], before[2]) >= 0:
            self.parts.hold(order_id, "whoever", before[2], amount, group)
        else:
            self.needs[order_id] = before
            with pytest.raises(InsufficientFunds):
                self.parts.hold(order_id, "whoever", before[2], amount, group)

    @rule(which=st.integers(0, 50))
    def release(self, which: int) -> None:
        if self.needs:
            order_id = list(self.needs)[which % len(self.needs)]
            del self.needs[order_id]
            self.parts.release(order_id)
            self.parts.release(order_id)

    @rule(
        which=st.integers(0, 50), side=st.sampled_from(OrderSide), quantity=st.decimals("0.01", 5, places=2),
        cost=_amounts, fee=st.decimals("-0.1", 1, places=2), fee_asset=_assets, still_needed=_amounts,
    )  # fmt: skip
    def fill(
        self, which: int, side: OrderSide, quantity: Decimal, cost: Decimal, fee: Decimal, fee_asset: str,
        still_needed: Decimal,
    ) -> None:  # fmt: skip
        order_id = [*self.needs, "unknown"][which % (len(self.needs) + 1)]
        owner, key, asset, need = self.needs.get(order_id, (None, None, None, Decimal(0)))
        still_needed = min(still_needed, need)
        needs = {one: other for one, other in self.needs.items() if (other[0], other[1]) != (owner, key)}
        if asset is not None and key is not None:
            needs[order_id] = (owner, key, asset, still_needed)
        sign = 1 if side is OrderSide.BUY else -1
        totals = {who: dict(amounts) for who, amounts in self.totals.items()}
        old = self.totals, self.needs
        self.totals, self.needs = totals, needs
        for name, amount in (("BTC", sign * quantity), ("USDT", -sign * cost), (fee_asset, -fee)):
            totals[owner][name] += amount
        lacking = {name: max(Decimal(0), -self.available(owner, name)) for name in _ASSETS}
        for name, amount in lacking.items():
            self.move(None, owner, name, amount)
        fill = _fill(order_id, side, quantity, cost, fee, fee_asset)
        if all(self.available(None, name) >= 0 for name in _ASSETS):
            self.parts.apply(fill, _MARKET, still_needed)
            self.topped_up += 0 if owner is None else sum(lacking.values())
            for name, amount in (("BTC", sign * quantity), ("USDT", -sign * cost), (fee_asset, -fee)):
                self.account[name] += amount
        else:
            self.totals, self.needs = old
            with pytest.raises(InsufficientFunds):
                self.parts.apply(fill, _MARKET, still_needed)

    @rule(owner=_owners, asset=_assets, amount=st.decimals(-50, 50, places=2))
    def deposit_or_withdraw(self, owner: Any, asset: str, amount: Decimal) -> None:
        if self.available(owner, asset) + amount >= 0:
            self.parts.change(owner, asset, amount)
            self.totals[owner][asset] += amount
            self.account[asset] += amount
        else:
            with pytest.raises(InsufficientFunds):
                self.parts.change(owner, asset, amount)

    @rule(asset=_assets, amount=st.decimals(-50, 50, places=2))
    def exchange_tells_another_total(self, asset: str, amount: Decimal) -> None:
        told = {**self.account, asset: self.account[asset] + amount}
        if self.available(None, asset) + amount >= 0:
            assert self.parts.reconcile(told) == ({asset: amount} if amount else {})
            self.totals[None][asset] += amount
            self.account = told
        else:
            with pytest.raises(InsufficientFunds):
                self.parts.reconcile(told)

    @invariant()
    def every_part_is_what_the_model_says_and_they_add_up(self) -> None:
        for asset in _ASSETS:
            for owner in _OWNERS:
                assert self.parts.balance(owner, asset) == (self.totals[owner][asset], self.locked(owner, asset))
                assert self.parts.balance(owner, asset).available >= 0
            assert self.parts.account_balance(asset).total == self.account[asset]
        assert sum(self.parts.topped_up.values(), Decimal(0)) == self.topped_up


TestParts = Parts.TestCase
TestParts.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_an_order_beyond_its_part_is_refused_though_the_account_could_pay() -> None:
    parts = SubPortfolios({"USDT": Decimal(100)})
    parts.assign("grid", {"USDT": Decimal(40)})
    with pytest.raises(InsufficientFunds, match="grid: USDT: 41 needed, 40 of 40 available"):
        parts.hold("1", "grid", "USDT", Decimal(41))
    parts.hold("1", None, "USDT", Decimal(60))
    assert parts.account_balance("USDT") == (100, 60)
    assert parts.balances("grid") == {"USDT": (40, 0)}


def test_shares_are_of_the_account_as_it_is_then() -> None:
    parts = SubPortfolios({"USDT": Decimal(100), "BTC": Decimal(3)})
    parts.assign_shares("a", {"USDT": Decimal("0.5"), "BTC": 1 / Decimal(3)})
    parts.assign_shares("b", {"USDT": Decimal("0.5")})
    assert parts.balances("a") == {"USDT": (50, 0), "BTC": (Decimal("0.99999999"), 0)}
    with pytest.raises(InsufficientFunds):
        parts.assign_shares("c", {"USDT": Decimal("0.1")})
    for share in ("-0.1", "1.1", "NaN"):
        with pytest.raises(SettingError, match="no share of USDT"):
            parts.assign_shares("c", {"USDT": Decimal(share)})
    assert parts.owners == ["a", "b"]


def test_a_part_goes_when_all_of_it_is_free() -> None:
    parts = SubPortfolios({"USDT": Decimal(100)})
    parts.assign("grid", {"USDT": Decimal(40)})
    parts.hold("1", "grid", "USDT", Decimal(1))
    with pytest.raises(InsufficientFunds):
        parts.give_back("grid")
    parts.release("1")
    parts.give_back("grid")
    assert parts.balance(None, "USDT") == (100, 0)
    with pytest.raises(UnknownOwner, match="grid has no part of this account"):
        parts.balance("grid", "USDT")
    with pytest.raises(UnknownOwner):
        parts.hold("2", "grid", "USDT", Decimal(1))
    assert parts.owner_of("2") is None


@pytest.mark.parametrize("value", ["NaN", "-1", "Infinity"])
def test_amounts_that_are_none(value: str) -> None:
    parts = SubPortfolios({"USDT": Decimal(100)})
    for attempt in (
        lambda: parts.assign("grid", {"USDT": Decimal(value)}),
        lambda: parts.hold("1", None, "USDT", Decimal(value)),
    ):
        with pytest.raises(InvalidAmount):
            attempt()
    assert parts.owners == []
    if value != "-1":
        with pytest.raises(InvalidAmount):
            parts.change(None, "USDT", Decimal(value))
    assert parts.account_balance("USDT") == (100, 0)


def test_fees_and_a_price_that_moved() -> None:
    parts = SubPortfolios({"USDT": Decimal(200), "BNB": Decimal(1)})
    parts.assign("grid", {"USDT": Decimal(100), "BNB": Decimal("0.1")})
    parts.hold("7", "grid", "USDT", Decimal(100))
    parts.apply(_fill("7", OrderSide.BUY, Decimal(2), Decimal(110), Decimal("0.05"), "BNB"), _MARKET)
    assert parts.balances("grid") == {"USDT": (0, 0), "BNB": (Decimal("0.05"), 0), "BTC": (2, 0)}
    assert parts.balance(None, "USDT") == (90, 0)
    assert parts.topped_up == {("grid", "USDT"): Decimal(10)}


def test_sums_are_exact_whatever_the_context() -> None:
    parts = SubPortfolios({"USDT": Decimal("1000000.12345678")})
    with localcontext(Context(prec=4)):
        parts.assign("grid", {"USDT": Decimal("0.00000001")})
        parts.hold("1", None, "USDT", Decimal("123456.7"))
        parts.hold("2", None, "USDT", Decimal("0.00000001"))
        parts.release("1")
        assert parts.account_balance("USDT") == (Decimal("1000000.12345678"), Decimal("0.00000001"))
        assert parts.reconcile({"USDT": Decimal("1000000.12345679")}) == {"USDT": Decimal("0.00000001")}
