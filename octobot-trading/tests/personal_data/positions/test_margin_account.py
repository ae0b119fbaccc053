# SPDX-License-Identifier: Apache-2.0
"""The margin account, recomputed at every step from fills, interest and bankruptcies by code that knows no ledger."""

from __future__ import annotations

import asyncio
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from margin_world import MarginWorld

from octobot_trading.enums import OrderSide, OrderStatus, OrderType
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.loans import Loans
from octobot_trading.personal_data.positions.interest import HourlyInterest, InterestRule, NoInterest, RolloverInterest
from octobot_trading.personal_data.trades.fill import Fill

_D = Decimal
_STEP = _D("0.01")
_MARKETS = tuple(Market(f"{base}/USDT", base, "USDT", _STEP, _STEP) for base in ("BTC", "ETH"))
_START = {"USDT": _D(1000), "ETH": _D(2)}
_RATES = {"USDT": _D("0.01"), "BTC": _D("0.02")}

_symbols = st.sampled_from([market.symbol for market in _MARKETS])
_actions = st.one_of(
    st.tuples(st.just("order"), _symbols, st.sampled_from(OrderSide), st.integers(1, 2_500), st.booleans()),
    st.tuples(st.just("limit"), _symbols, st.sampled_from(OrderSide), st.integers(1, 2_500), st.integers(-300, 300)),
    st.tuples(st.just("price"), _symbols, st.integers(-30, 30)),
    st.tuples(st.just("price"), _symbols, st.integers(-600, 1_000)),
    st.tuples(st.just("hours"), st.integers(1, 400)),
    st.tuples(st.just("cancel"), st.integers(0, 30)),
)


def _cases(most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(
        st.sampled_from([2, 3, 5]),
        st.sampled_from([_D(0), _D("0.001")]),
        st.sampled_from([NoInterest(), HourlyInterest(), RolloverInterest()]),
        st.lists(_actions, min_size=most // 2, max_size=most),
    )


class Story:
    """One run, with what its fills add up to."""

    def __init__(self, leverage: int, fee: Decimal, rule: InterestRule) -> None:
        self.world = MarginWorld(
            _START, FeeModel(fee, fee), markets=_MARKETS, leverage=_D(leverage), interest=rule, rates=_RATES
        )
        self.leverage = leverage
        self.prices = {market.symbol: _D(100) for market in _MARKETS}
        self.needs: dict[str, tuple[str, Decimal]] = {}
        self.reducing: set[str] = set()
        self.world.on_fill = self._on_fill  # type: ignore[method-assign]
        self.world.on_order_closed = self._forget  # type: ignore[attr-defined]

    def _on_fill(self, fill: Fill) -> None:
        self.world.fills.append(fill)
        if fill.order_id in self.reducing:
            base = fill.symbol[:3]
            paid = fill.fee if fill.fee_asset == base else _D(0)
            after = self.net(base)
            before = after + paid - (fill.quantity if fill.side is OrderSide.BUY else -fill.quantity)
            assert min(_D(0), before) - paid <= after <= max(_D(0), before), "reduce-only never opens"

    def _forget(self, order_id: str, status: OrderStatus, time: float, reason: str | None) -> None:
        self.needs.pop(order_id, None)

    def worth(self, amounts: dict[str, Decimal]) -> Decimal:
        rates = {"USDT": _D(1), "BTC": self.prices["BTC/USDT"], "ETH": self.prices["ETH/USDT"]}
        return sum((amount * rates[asset] for asset, amount in amounts.items()), _D(0))

    def net(self, asset: str) -> Decimal:
        return self.world.balance(asset).total - self.world.owed(asset)

    def owed(self) -> dict[str, Decimal]:
        return {asset: self.world.owed(asset) for asset in ("USDT", "BTC", "ETH")}

    async def order(self, symbol: str, side: OrderSide, steps: int, reduces: bool) -> None:
        owed_before = self.owed()
        try:
            order_id = await self.world.order(side, steps * _STEP, symbol=symbol, reduce_only=reduces)
        except OrderRefused:
            assert self.owed() == owed_before
            return
        if reduces:
            self.reducing.add(order_id)
        self.see(symbol, self.prices[symbol])

    async def limit(self, symbol: str, side: OrderSide, steps: int, ticks: int) -> None:
        price, quantity = max(_STEP, self.prices[symbol] + ticks * _STEP * 10), steps * _STEP
        try:
            order_id = await self.world.order(side, quantity, OrderType.LIMIT, price=price, symbol=symbol)
        except OrderRefused:
            return
        self.needs[order_id] = ("USDT", quantity * price) if side is OrderSide.BUY else (symbol[:3], quantity)

    def see(self, symbol: str, price: Decimal) -> None:
        """A price, and whether what it filled was lent within the leverage."""
        self.prices[symbol] = price
        owed, count = self.worth(self.owed()), len(self.world.fills)
        liquidations = len(self.world.liquidator.liquidation_times)
        self.world.price(float(price), symbol)
        if len(self.world.liquidator.liquidation_times) > liquidations:
            return
        fees = sum((_fee(fill) for fill in self.world.fills[count:]), _D(0))
        after = self.worth(self.owed())
        equity = sum((self.worth({asset: self.net(asset)}) for asset in self.owed()), _D(0))
        # A loan starts with interest, which nobody may borrow for.
        slack = self.leverage * (fees + after / 50) + _D("1e-6")
        assert after <= max(owed, (self.leverage - 1) * equity) + slack
        level = self.world.account.value.margin_level()
        assert level is None or level > _D("1.1")

    def check(self) -> None:
        loans = self.world.account.loans
        moved = dict.fromkeys(("USDT", "BTC", "ETH"), _D(0))
        for fill in self.world.fills:
            sign = 1 if fill.side is OrderSide.BUY else -1
            moved[fill.symbol[:3]] += sign * fill.quantity
            moved["USDT"] -= sign * fill.cost
            moved[fill.fee_asset] -= fill.fee
        held: dict[str, Decimal] = {}
        for asset, amount in self.needs.values():
            held[asset] = held.get(asset, _D(0)) + amount
        for asset, change in moved.items():
            interest = loans.paid_interest.get(asset, _D(0)) + self.world.owed(asset) - loans.principal(asset)
            forgiven = sum((one.amount for one in self.world.account.bankruptcies if one.asset == asset), _D(0))
            explained = _START.get(asset, _D(0)) + change - interest
            # Of what was written off, some may have been interest, which was never paid.
            assert explained <= self.net(asset) <= explained + forgiven
            balance = self.world.balance(asset)
            assert balance.total >= 0
            assert balance.locked == min(balance.total, held.get(asset, _D(0)))
            assert loans.principal(asset) >= 0 <= self.world.owed(asset)


def _fee(fill: Fill) -> Decimal:
    return fill.fee if fill.fee_asset == "USDT" else fill.fee * fill.price


async def _run(leverage: int, fee: Decimal, rule: InterestRule, actions: list[tuple[Any, ...]]) -> None:
    story = Story(leverage, fee, rule)
    for symbol, price in story.prices.items():
        story.see(symbol, price)
    for kind, *rest in actions:
        if kind == "order":
            await story.order(*rest)
        elif kind == "limit":
            await story.limit(*rest)
        elif kind == "price":
            symbol, thousandths = rest
            moved = story.prices[symbol] * (1000 + thousandths) / 1000
            story.see(symbol, min(_D(10_000), max(_D(1), moved.quantize(_STEP))))
        elif kind == "hours":
            story.world.hours(rest[0] / 4)
        elif story.needs:
            await story.world.exchange.cancel_order(sorted(story.needs)[rest[0] % len(story.needs)])
        story.check()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_cases(25))
@example((3, _D(0), HourlyInterest(), [("order", "BTC/USDT", OrderSide.BUY, 3000, False), ("price", "BTC/USDT", -600)]))
@example((3, _D(0), NoInterest(), [("order", "BTC/USDT", OrderSide.SELL, 2000, False), ("price", "BTC/USDT", 1000)]))
def test_the_account_is_what_fills_and_interest_explain(case: tuple[Any, ...]) -> None:
    asyncio.run(_run(*case))


@pytest.mark.long
@settings(max_examples=8_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_cases(40))
def test_the_account_is_what_fills_and_interest_explain_for_long(case: tuple[Any, ...]) -> None:
    asyncio.run(_run(*case))


class Lots:
    """Loans as lots of fractions: a lot keeps what of it was repaid when."""

    def __init__(self, is_hourly: bool) -> None:
        self.is_hourly = is_hourly
        self.lots: list[dict[str, Any]] = []

    def borrow(self, amount: Fraction, now: int) -> None:
        if not self.owed(now):
            self.lots.clear()
        if self.lots and self.lots[-1]["taken"] == now:
            self.lots[-1]["amount"] += amount
        else:
            self.lots.append({"amount": amount, "taken": now, "repaid": [], "paid": Fraction(0)})

    def price(self, hours: Fraction) -> Fraction:
        """Interest of one unit, at 24 % a day or 1 % for four hours."""
        if self.is_hourly:
            return Fraction(max(1, math.ceil(hours)), 100)
        return Fraction(1 + math.ceil(hours / 4), 100)

    def owed(self, now: int) -> Fraction:
        return sum((self.owed_of(lot, now) for lot in self.lots), Fraction(0))

    def owed_of(self, lot: dict[str, Any], now: int) -> Fraction:
        hours = Fraction(now - lot["taken"], 3600)
        repaid = sum((part for part, _ in lot["repaid"]), Fraction(0))
        past = sum((part * self.price(Fraction(at - lot["taken"], 3600)) for part, at in lot["repaid"]), Fraction(0))
        return lot["amount"] - repaid + past + (lot["amount"] - repaid) * self.price(hours) - lot["paid"]

    def repay(self, amount: Fraction, now: int) -> Fraction:
        rest = amount
        for lot in self.lots:
            left = lot["amount"] - sum((part for part, _ in lot["repaid"]), Fraction(0))
            interest = min(rest, self.owed_of(lot, now) - left)
            part = min(rest - interest, left)
            lot["paid"] += interest
            lot["repaid"].append((part, now))
            rest -= interest + part
        return amount - rest


@given(
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(["borrow", "repay", "wait"]), st.integers(1, 500_000)), max_size=12),
)
def test_loans_cost_what_each_part_was_owed_for(is_hourly: bool, actions: list[tuple[str, int]]) -> None:
    loans = Loans(HourlyInterest(), {"X": _D("0.24")}) if is_hourly else Loans(RolloverInterest(), {"X": _D("0.01")})
    twin, now = Lots(is_hourly), 0
    for kind, number in actions:
        if kind == "borrow":
            loans.borrow("X", _D(number) / 100, float(now))
            twin.borrow(Fraction(number, 100), now)
        elif kind == "repay":
            repaid = loans.repay("X", _D(number) / 100, float(now))
            assert abs(Fraction(repaid) - twin.repay(Fraction(number, 100), now)) < Fraction(1, 10**6)
        else:
            now += number // 10
        assert abs(Fraction(loans.owed("X", float(now))) - twin.owed(now)) < Fraction(1, 10**6)
        assert loans.owed("X", float(now)) >= 0
