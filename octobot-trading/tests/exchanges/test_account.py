# SPDX-License-Identifier: Apache-2.0
"""Funds: what orders hold, alone and in groups, and what an account can pay when the price has moved."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import FeeAsset, GroupKind, OrderSide, OrderType
from octobot_trading.errors import InsufficientFunds
from octobot_trading.exchanges.fees import FeeDiscount, FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, Market
from octobot_trading.exchanges.simulated.account import Account
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order_request import OrderRequest

_ASSETS = ("BTC", "USDT")


_MARKET = Market.default("BTC/USDT")


def _request(group: str | None, side: OrderSide, is_stop: bool, amount: Decimal) -> OrderRequest:
    """An order at a price of one, so that its cost is its amount."""
    kind = GroupKind.BALANCED_TAKE_PROFIT_AND_STOP if group == "balanced" else GroupKind.ONE_CANCELS_THE_OTHER
    price = {"stop_price" if is_stop else "price": Decimal(1)}
    order_type = OrderType.STOP_LOSS if is_stop else OrderType.LIMIT
    return OrderRequest(_MARKET.symbol, side, order_type, amount, group_id=group, group_kind=kind, **price)


class Holds(RuleBasedStateMachine):
    """Orders take and release funds; what is locked is recomputed from the orders alone."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account({asset: Decimal(100) for asset in _ASSETS})
        self.orders: dict[str, OrderRequest] = {}
        self.told: dict[str, Decimal] = dict.fromkeys(_ASSETS, Decimal(0))
        self.last = 0

    @rule(
        group=st.sampled_from([None, "a", "b", "balanced"]),
        side=st.sampled_from(OrderSide),
        is_stop=st.booleans(),
        amount=st.integers(1, 60).map(Decimal),
    )
    def hold(self, group: str | None, side: OrderSide, is_stop: bool, amount: Decimal) -> None:
        self.last += 1
        before = self.locked()
        request = _request(group, side, is_stop, amount)
        wanted = self.locked({**self.orders, str(self.last): request})
        asset = "USDT" if side is OrderSide.BUY else "BTC"
        try:
            self.account.hold(str(self.last), request, _MARKET, amount, Decimal(1))
        except InsufficientFunds:
            assert wanted[asset] > 100
            assert before == self.locked()
        else:
            assert wanted[asset] <= 100
            self.orders[str(self.last)] = request

    @rule(which=st.integers(0, 100))
    def release(self, which: int) -> None:
        if self.orders:
            order_id = list(self.orders)[which % len(self.orders)]
            del self.orders[order_id]
            self.account.release(order_id)

    def locked(self, orders: dict[str, OrderRequest] | None = None) -> dict[str, Decimal]:
        """One-cancels-the-other groups need their largest order, balanced ones their larger side, others each order."""
        sides: dict[tuple[str, str, str], Decimal] = {}
        for order_id, request in (self.orders if orders is None else orders).items():
            asset = "USDT" if request.side is OrderSide.BUY else "BTC"
            if request.group_id == "balanced":
                key = ("balanced", asset, request.order_type.value)
                sides[key] = sides.get(key, Decimal(0)) + request.quantity
            else:
                key = (f"group {request.group_id}" if request.group_id else order_id, asset, "")
                sides[key] = max(sides.get(key, Decimal(0)), request.quantity)
        needs: dict[tuple[str, str], Decimal] = {}
        for (owner, asset, _), need in sides.items():
            needs[owner, asset] = max(needs.get((owner, asset), Decimal(0)), need)
        return {asset: sum((need for key, need in needs.items() if key[1] == asset), Decimal(0)) for asset in _ASSETS}

    @invariant()
    def locks_what_the_orders_need(self) -> None:
        expected = self.locked()
        assert {asset: self.account.portfolio.balance(asset).locked for asset in _ASSETS} == expected
        self.told.update((asset, balance.locked) for asset, balance in self.account.take_changes().items())
        assert self.told == expected


TestHolds = Holds.TestCase
TestHolds.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)


@settings(max_examples=150, deadline=None)
@given(
    funds=st.integers(1_000, 10**9).map(lambda steps: steps * ASSET_STEP),
    ticks=st.integers(1_000, 9_999),
    rise=st.integers(1, 9_999),
    charged_in=st.sampled_from(FeeAsset),
)
def test_a_cut_order_costs_no_more_than_there_is_and_not_much_less(
    funds: Decimal, ticks: int, rise: int, charged_in: FeeAsset
) -> None:
    """A price of a few steps, where rounding cost and fee weighs most."""
    market = Market.default("DOGE/BTC")
    exchange = SimulatedExchange(
        "any", SimulatedClock(0.0), {"DOGE/BTC": market}, {"BTC": funds},
        FeeModel(Decimal("0.001"), Decimal("0.001"), charged_in),
    )  # fmt: skip
    price = Decimal(ticks).scaleb(-10)
    quantity = market.quantize_amount(funds / price * Decimal("0.998"))
    exchange.open_candle("DOGE/BTC", float(price))

    async def buy() -> None:
        await exchange.create_order(OrderRequest("DOGE/BTC", OrderSide.BUY, OrderType.MARKET, quantity))
        exchange.open_candle("DOGE/BTC", float(price + Decimal(rise).scaleb(-10)))
        balance = (await exchange.fetch_balance())["BTC"]
        assert balance.locked == 0
        cut = (price + Decimal(rise).scaleb(-10)) * quantity > funds
        assert 0 <= balance.total <= (5 * ASSET_STEP if cut else funds)

    asyncio.run(buy())


def test_nothing_is_taken_that_is_not_there() -> None:
    account = Account({"USDT": Decimal(5)})
    with pytest.raises(InsufficientFunds, match=r"USDT: 6\.0* needed, 5 of 5 available"):
        account.hold("1", _request("a", OrderSide.BUY, True, Decimal(6)), _MARKET, Decimal(6), Decimal(1))
    assert account.take_changes() == {}
    assert account.portfolio.available("USDT") == 5


@pytest.mark.parametrize("more", [Decimal(0), Decimal("0.00074999"), Decimal("0.00075")])
def test_what_is_sold_pays_no_fee_of_its_own_sale(more: Decimal) -> None:
    """A sale of 1 BNB: 0.1 % less 25 % are 0.00075 BNB, taken where as much is left beside what is sold."""

    def price_of(asset: str, other: str) -> Decimal | None:
        return Decimal(300)

    async def sell() -> dict[str, Decimal]:
        clock, market = SimulatedClock(0.0), Market.default("BNB/USDT")
        model = FeeModel(Decimal("0.001"), Decimal("0.001"), discount=FeeDiscount("BNB", Decimal("0.25")))
        account = Account({"BNB": 1 + more}, model, price_of)
        exchange = SimulatedExchange("binance", clock, {"BNB/USDT": market}, {}, model, account=account)
        exchange.open_candle("BNB/USDT", 300.0)
        await exchange.create_order(OrderRequest("BNB/USDT", OrderSide.SELL, OrderType.MARKET, Decimal(1)))
        exchange.open_candle("BNB/USDT", 300.0)
        return account.portfolio.totals()

    totals = asyncio.run(sell())
    left, received = (Decimal(0), Decimal(300)) if more == Decimal("0.00075") else (more, Decimal("299.7"))
    assert (totals["BNB"], totals["USDT"]) == (left, received)
