# SPDX-License-Identifier: Apache-2.0
"""The futures account, recomputed at every step from fills, funding and liquidations by code that knows no ledger."""

from __future__ import annotations

import asyncio
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import pytest
from contract_world import ContractWorld
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from octobot_trading.enums import MarginType, OrderSide, OrderType, PositionMode, PositionSide
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms
from octobot_trading.personal_data.positions.brackets import MaintenanceBrackets

_MARKETS = (
    Market("BTC/USDT:USDT", "BTC", "USDT", Decimal("0.001"), Decimal("0.1"), contract=ContractTerms("USDT")),
    Market("BTC/USD:BTC", "BTC", "USD", Decimal(1), Decimal("0.1"), contract=ContractTerms("BTC", Decimal(10), True)),
)
_BRACKETS = MaintenanceBrackets(
    [
        (Decimal(0), Decimal(500), Decimal("0.01"), Decimal(50)),
        (Decimal(500), Decimal("Infinity"), Decimal("0.05"), Decimal(10)),
    ]
)
_START = Decimal(1_000)

_sides = st.sampled_from(OrderSide)
_quantities = st.integers(1, 4_000)
_hedge_sides = st.sampled_from([PositionSide.LONG, PositionSide.SHORT])
_actions = st.one_of(
    st.tuples(st.just("order"), _sides, _quantities, st.booleans(), _hedge_sides),
    st.tuples(st.just("limit"), _sides, _quantities, st.integers(-50, 50), _hedge_sides),
    st.tuples(st.just("price"), st.integers(-80, 80)),
    st.tuples(st.just("price"), st.integers(-400, 400)),
    st.tuples(st.just("funding"), st.integers(-30, 30)),
    st.tuples(st.just("cancel"), st.integers(0, 30)),
)  # fmt: skip


def _cases(most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(
        st.sampled_from(_MARKETS),
        st.sampled_from(PositionMode),
        st.sampled_from(MarginType),
        st.sampled_from([1, 3, 10]),
        st.sampled_from([Decimal(0), Decimal("0.0007")]),
        st.lists(_actions, max_size=most),
    )


def _floor(amount: Fraction) -> Decimal:
    steps = amount * 10**8
    return Decimal(steps.numerator // steps.denominator).scaleb(-8, Context(prec=60))


class Twin:
    """Wallet and positions in fractions."""

    def __init__(self, market: Market) -> None:
        self.inverse, self.size = market.is_inverse, Fraction(market.contract_size)
        self.wallet = _START
        self.beyond = Decimal(0)
        self.held: dict[PositionSide, tuple[Fraction, Fraction]] = {}

    def profit(self, quantity: Fraction, entry: Fraction, price: Fraction) -> Decimal:
        moved = 1 / entry - 1 / price if self.inverse else price - entry
        return _floor(quantity * self.size * moved)

    def fill(self, side: PositionSide, signed: Fraction, price: Fraction, fee: Decimal) -> None:
        quantity, entry = self.held.get(side, (Fraction(0), Fraction(0)))
        closed = min(abs(quantity), abs(signed)) if quantity * signed < 0 else Fraction(0)
        if closed:
            leaving = closed if quantity > 0 else -closed
            self.wallet += self.profit(leaving, entry, price)
            quantity -= leaving
        added = (abs(signed) - closed) * (1 if signed > 0 else -1)
        if added:
            entry = self.average(quantity, entry, added, price)
            quantity += added
        self.held[side] = (quantity, entry)
        self.wallet -= fee

    def average(self, quantity: Fraction, entry: Fraction, added: Fraction, price: Fraction) -> Fraction:
        if not quantity:
            return price
        if self.inverse:
            average = (quantity + added) / (quantity / entry + added / price)
        else:
            average = (quantity * entry + added * price) / (quantity + added)
        scaled = average * 10**12
        return Fraction(round(scaled), 10**12)  # half to even, as venues keep a price of so many digits

    def fund(self, rate: Decimal, mark: Decimal) -> None:
        for quantity, _ in self.held.values():
            if quantity:
                size = abs(quantity) * self.size
                value = size / Fraction(mark) if self.inverse else size * Fraction(mark)
                paid = _floor((-1 if quantity > 0 else 1) * value * Fraction(rate))
                self.wallet += paid


async def _run(
    market: Market, mode: PositionMode, margin: MarginType, leverage: int, fee: Decimal, actions: list[tuple[Any, ...]]
) -> None:
    asset = market.settlement
    world = ContractWorld(
        market, {asset: _START}, FeeModel(fee, fee), brackets=_BRACKETS, leverage=Decimal(leverage),
        margin_type=margin, position_mode=mode,
    )  # fmt: skip
    twin, price, seen, liquidated = Twin(market), Decimal(100), 0, 0
    sides: dict[str, tuple[PositionSide, bool]] = {}
    open_ids: list[str] = []
    for kind, *rest in actions:
        before = world.balance(asset)
        if kind in ("order", "limit"):
            side, steps, option, position_side = rest
            if mode is PositionMode.ONE_WAY:
                position_side = PositionSide.BOTH
            reduce_only = kind == "order" and option
            options: dict[str, Any] = {"position_side": position_side, "reduce_only": reduce_only}
            if kind == "limit":
                limit = max(Decimal("0.1"), price + Decimal(option) / 10)
                options.update(kind=OrderType.LIMIT, price=limit)
            try:
                order_id = await world.order(side, str(steps * market.amount_step), **options)
            except OrderRefused:
                assert world.balance(asset) == before
            else:
                sides[order_id] = position_side, reduce_only
                open_ids.append(order_id)
                if kind == "order":
                    seen = _meet(world, twin, sides, price, seen)
        elif kind == "cancel" and open_ids:
            await world.exchange.cancel_order(open_ids[rest[0] % len(open_ids)])
        elif kind == "price":
            price = max(Decimal("0.5"), price + Decimal(rest[0]) / 10)
            seen = _meet(world, twin, sides, price, seen)
        elif kind == "funding":
            assert world.exchange.contracts is not None
            rate = Decimal(rest[0]) / 1000
            if any(quantity for quantity, _ in twin.held.values()):
                twin.fund(rate, price)
            world.exchange.contracts.pay_funding(market.symbol, rate)
            seen = len(world.fills)
        for done in world.liquidator.liquidations[liquidated:]:
            twin.wallet -= done.lost
            for side, (quantity, _) in list(twin.held.items()):
                if quantity == Fraction(done.quantity):
                    twin.held[side] = (Fraction(0), Fraction(0))
                    break
        liquidated = len(world.liquidator.liquidations)
        _check(world, twin, asset, margin)


def _meet(
    world: ContractWorld, twin: Twin, sides: dict[str, tuple[PositionSide, bool]], price: Decimal, seen: int
) -> int:
    """Somebody trades at a price; returns how many fills there have been."""
    world.price(float(price))
    for fill in world.fills[seen:]:
        if fill.order_id.startswith("liquidation"):
            continue
        position_side, reduce_only = sides[fill.order_id]
        signed = Fraction(fill.quantity) * (1 if fill.side is OrderSide.BUY else -1)
        if reduce_only:
            now = twin.held.get(position_side, (Fraction(0), Fraction(0)))[0]
            assert now * signed < 0, "reduce-only never opens"
            assert abs(signed) <= abs(now), "reduce-only never turns a position around"
        twin.fill(position_side, signed, Fraction(fill.price), fill.fee)
    return len(world.fills)


def _check(world: ContractWorld, twin: Twin, asset: str, margin: MarginType) -> None:
    balance = world.balance(asset)
    account, liquidations = world.account, world.liquidator.liquidations
    # What was lost beyond the margin is the venue's, and recorded: of liquidations with what they lost, else here.
    beyond = sum((one.amount for one in account.bankruptcies), -sum((one.missing for one in liquidations), Decimal(0)))
    assert all(one.amount > 0 for one in account.bankruptcies)
    assert balance.total == twin.wallet + beyond >= 0
    assert account.cross_wallet(asset) >= 0
    if beyond != twin.beyond and margin is MarginType.CROSS:
        assert account.cross_wallet(asset) == 0, "nobody pays for an account that still has something"
    twin.beyond = beyond
    positions = list(world.account.positions)
    for position in positions:
        assert (Fraction(position.quantity), Fraction(position.entry_price)) == twin.held[position.side]
    assert balance.locked == min(balance.total, world.account.needed(asset)) >= 0
    cross = [one for one in positions if not one.is_isolated]
    equity = world.account.cross_wallet(asset) + sum((one.unrealised_pnl for one in cross), Decimal(0))
    assert not cross or equity > 0, "what is not there any more is liquidated, and recorded"
    for one in positions:
        if one.is_isolated:
            assert one.isolated_margin + one.unrealised_pnl > 0
    for done in world.liquidator.liquidations:
        assert done.missing >= 0


_FUNDED_EXACTLY = [
    ("price", -40), ("order", OrderSide.SELL, 2, False, PositionSide.SHORT), ("funding", 30),
]  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_cases(25))
@example((_MARKETS[1], PositionMode.ONE_WAY, MarginType.CROSS, 1, Decimal(0), _FUNDED_EXACTLY))
def test_the_account_is_what_fills_funding_and_liquidations_explain(case: tuple[Any, ...]) -> None:
    asyncio.run(_run(*case))


@pytest.mark.long
@settings(max_examples=8_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_cases(40))
def test_the_account_is_what_fills_funding_and_liquidations_explain_for_long(case: tuple[Any, ...]) -> None:
    asyncio.run(_run(*case))
