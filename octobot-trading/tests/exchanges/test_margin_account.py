# SPDX-License-Identifier: Apache-2.0
"""Trading on margin: loans, interest, repayment and liquidation."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import HOUR

from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import FeeAsset, OrderSide, OrderType
from octobot_trading.errors import InsufficientFunds, OrderRefused
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.margin_account import MarginAccount
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.positions.interest import InterestRule, RolloverInterest

D = Decimal
SYMBOL = "BTC/USDT"


class World:
    """1,000 USDT on an exchange at 100 USDT a coin."""

    def __init__(
        self, leverage: str = "3", interest: InterestRule | None = None, fee: str = "0", rate: str = "0"
    ) -> None:
        self.clock = SimulatedClock(0.0)
        self.fees = FeeModel(D(fee), D(fee), FeeAsset.QUOTE)
        self.account: MarginAccount
        self.exchange = SimulatedExchange(
            "margin", self.clock, {SYMBOL: Market.default(SYMBOL)}, {}, self.fees,
            account=lambda price_of: self._make(price_of, leverage, interest, rate),
        )  # fmt: skip
        self.price(100)

    def _make(self, price_of: Any, leverage: str, interest: InterestRule | None, rate: str) -> MarginAccount:
        self.account = MarginAccount(
            {"USDT": D(1_000)}, self.fees, price_of, self.clock.now, valued_in="USDT", leverage=D(leverage),
            interest=interest, rates={"USDT": D(rate), "BTC": D(rate)},
        )  # fmt: skip
        return self.account

    def price(self, price: float) -> None:
        self.exchange.open_candle(SYMBOL, float(price))

    async def trade(self, side: str, quantity: str, price: float | None = None) -> None:
        request = OrderRequest(SYMBOL, OrderSide(side), OrderType.MARKET, D(quantity))
        await self.exchange.create_order(request)
        self.price(self.exchange.get_book(SYMBOL).price if price is None else price)

    def total(self, asset: str) -> Decimal:
        return self.account.portfolio.total(asset)


async def test_a_long_trade_borrows_quote_and_pays_it_back() -> None:
    world = World()
    await world.trade("buy", "25")
    assert (world.total("BTC"), world.total("USDT"), world.account.owed("USDT")) == (25, 0, 1_500)
    level = world.account.margin_level()
    assert level is not None
    assert level * 1_500 == pytest.approx(D(2_500), abs=D("1E-25"))
    world.price(110)
    await world.trade("sell", "25")
    assert (world.total("BTC"), world.total("USDT"), world.account.loans) == (0, 1_250, {})


async def test_a_short_trade_borrows_base_and_buys_it_back() -> None:
    world = World()
    await world.trade("sell", "15")
    assert (world.total("BTC"), world.total("USDT"), world.account.owed("BTC")) == (0, 2_500, 15)
    world.price(80)
    await world.trade("buy", "15")
    assert (world.total("BTC"), world.total("USDT"), world.account.loans) == (0, 1_300, {})


@pytest.mark.parametrize(
    ("interest", "hours", "expected"),
    [
        # Binance, per started hour: borrowed * daily rate * started hours / 24
        (None, 10, D(1_000) * D("0.0024") * 10 / 24),
        (None, 0.5, D(1_000) * D("0.0024") / 24),
        # Kraken: opening fee and a rollover per started four hours
        (RolloverInterest(), 10, D(1_000) * D("0.0024") * 4),
    ],
)
async def test_interest_is_paid_back_first(interest: InterestRule | None, hours: float, expected: Decimal) -> None:
    world = World(interest=interest, rate="0.0024")
    await world.trade("buy", "20")
    world.clock.advance_to(hours * HOUR)
    assert world.account.owed("USDT") == 1_000 + expected
    await world.trade("sell", "20")
    assert (world.total("USDT"), world.account.loans) == (1_000 - expected, {})


async def test_no_more_is_borrowed_than_the_leverage_allows() -> None:
    world = World(leverage="2")
    before = world.account.portfolio.totals(), dict(world.account.loans)
    for side, quantity in (("buy", "20.1"), ("sell", "10.1")):
        with pytest.raises(InsufficientFunds, match="may be borrowed"):
            await world.trade(side, quantity)
        assert (world.account.portfolio.totals(), dict(world.account.loans)) == before
    await world.trade("buy", "20")


async def test_what_an_order_borrowed_is_paid_back_when_it_is_cancelled() -> None:
    world = World()
    order_id = await world.exchange.create_order(
        OrderRequest(SYMBOL, OrderSide.BUY, OrderType.LIMIT, D(20), price=D(90))
    )
    assert world.account.owed("USDT") == 800
    await world.exchange.cancel_order(order_id)
    assert (world.account.loans, world.total("USDT")) == ({}, 1_000)


async def test_the_account_is_liquidated_at_its_maintenance_level() -> None:
    """25 coins for 2,500, of which 1,500 are borrowed: 1.1 * 1,500 / 25 = 66."""
    world = World()
    await world.trade("buy", "25")
    world.price(66.01)
    assert world.account.margin_calls == []
    world.price(66)
    (call,) = world.account.margin_calls
    assert (world.total("USDT"), world.total("BTC"), world.account.loans, call.missing) == (150, 0, {}, 0)


async def test_what_a_gap_leaves_unpaid_is_recorded() -> None:
    world = World()
    await world.trade("sell", "20")  # 3,000 held, 20 coins owed
    world.price(200)
    (call,) = world.account.margin_calls
    assert (world.total("USDT"), world.account.loans, call.missing) == (0, {}, 1_000)


_steps = st.lists(st.tuples(st.sampled_from(["buy", "sell", "price", "time"]), st.integers(1, 200)), max_size=30)


@settings(max_examples=150, deadline=None)
@given(_steps, st.sampled_from(["0", "0.001"]), st.sampled_from(["0", "0.002"]))
def test_debts_and_holdings_explain_the_account(steps: list[tuple[str, int]], fee: str, rate: str) -> None:
    """Equity only changes by prices, fees and interest: recomputed without loans as a signed position."""

    async def run() -> None:
        world = World(fee=fee, rate=rate)
        cash, coins, price = D(1_000), D(0), D(100)
        for what, size in steps:
            if what == "price":
                price = max(D(20), price + size - 100)
                world.price(float(price))
            elif what == "time":
                world.clock.advance_to(world.clock.now() + 600 * size)
            else:
                try:
                    await world.trade(what, str(D(size) / 10))
                except OrderRefused:
                    continue
                signed = D(size) / 10 if what == "buy" else -D(size) / 10
                coins += signed
                cash -= signed * price + abs(signed * price) * D(fee)
            if world.account.margin_calls:
                return
            for asset in ("BTC", "USDT"):
                balance = world.account.portfolio.balance(asset)
                assert 0 <= balance.locked <= balance.total
            interest = cash - (world.total("USDT") - world.account.owed("USDT"))
            short = coins - (world.total("BTC") - world.account.owed("BTC"))
            if rate == "0":
                assert (interest, short) == (0, 0)
            assert interest >= 0
            assert short >= 0

    asyncio.run(run())
