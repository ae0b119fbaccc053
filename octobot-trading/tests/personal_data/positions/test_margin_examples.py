# SPDX-License-Identifier: Apache-2.0
"""Worked examples of margin accounts: borrowing, short sales, interest, margin level, liquidation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from margin_world import MarginWorld

from octobot_trading.enums import FeeAsset, FillRule, OrderSide, OrderType, PositionSide
from octobot_trading.errors import InsufficientFunds, InvalidOrder, NothingToReduce
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.bankruptcy import Bankruptcy
from octobot_trading.exchanges.simulated.loans import Loans
from octobot_trading.personal_data.positions.interest import HourlyInterest, RolloverInterest
from octobot_trading.personal_data.trades.trade_value import Trade

D = Decimal
BUY, SELL = OrderSide.BUY, OrderSide.SELL


async def test_a_long_position_with_borrowed_quote() -> None:
    """Binance, "Margin Level": 300 of assets over 200 of debts is a level of 1.5, the lowest to borrow at with 3x."""
    world = MarginWorld({"USDT": D(100)})
    await world.order(BUY, "3")
    assert world.balance("USDT") == (100, 100)
    world.price(100)
    assert (world.balance("BTC"), world.balance("USDT")) == ((3, 0), (0, 0))
    assert (world.owed("USDT"), world.account.value.margin_level()) == (200, D("1.5"))
    assert world.debts == {"USDT": 200} == await world.exchange.fetch_debts()
    await world.order(SELL, "3")
    world.price(110)
    assert (world.balance("BTC"), world.balance("USDT"), world.debts) == ((0, 0), (130, 0), {})


async def test_a_short_position_with_borrowed_base() -> None:
    """100 of own funds and 2 BTC borrowed and sold at 100: 300 / 200. At 90 they are bought back for 180."""
    world = MarginWorld({"USDT": D(100)})
    await world.order(SELL, "2")
    world.price(100)
    assert (world.balance("BTC"), world.balance("USDT"), world.owed("BTC")) == ((0, 0), (300, 0), 2)
    assert world.account.value.margin_level() == D("1.5")
    await world.order(BUY, "2")
    world.price(90)
    assert (world.balance("USDT"), world.balance("BTC"), world.debts) == ((120, 0), (0, 0), {})


@pytest.mark.parametrize(
    ("leverage", "most"), [("2", "2"), ("3", "3"), ("5", "5")]
)  # a level of 2, 1.5 and 1.25: Binance, "Cross Margin Trading Guide"
async def test_no_more_is_lent_than_the_leverage_allows(leverage: str, most: str) -> None:
    world = MarginWorld({"USDT": D(100)}, leverage=D(leverage))
    with pytest.raises(InsufficientFunds, match="would be borrowed"):
        await world.order(BUY, D(most) + D("0.00000001"))
    assert world.balance("USDT") == (100, 0)
    with pytest.raises(InsufficientFunds, match="would be borrowed"):
        await world.order(SELL, D(most) - 1 + D("0.00000001"))
    await world.order(BUY, most)


async def test_open_orders_count_as_borrowed() -> None:
    world = MarginWorld({"USDT": D(100)})
    order_id = await world.order(BUY, "2", OrderType.LIMIT, price=D(90))
    with pytest.raises(InsufficientFunds, match=r"130(\.0*)? would be borrowed, 120"):
        await world.order(BUY, "1.3", OrderType.LIMIT, price=D(100))
    await world.order(BUY, "1.2", OrderType.LIMIT, price=D(100))
    assert world.balance("USDT") == (100, 100)
    await world.exchange.cancel_order(order_id)
    assert world.balance("USDT") == (100, 100)


async def test_turning_a_position_around_in_one_order() -> None:
    """Short 2 at 100, then 5 bought: 2 repay, 3 are a long position of 3x again."""
    world = MarginWorld({"USDT": D(100)})
    await world.order(SELL, "2")
    world.price(100)
    await world.order(BUY, "5")
    world.price(100)
    assert (world.balance("BTC").total, world.owed("USDT"), world.owed("BTC")) == (3, 200, 0)
    await world.order(SELL, "5")
    world.price(100)
    assert (world.balance("USDT").total, world.owed("USDT"), world.owed("BTC")) == (300, 0, 2)


async def test_binance_interest_example() -> None:
    """Binance, "Cross Margin Trading Guide": 1,000 at 0.001 % an hour, owed for 55 minutes, would be one hour; the
    guide counts hours of the clock and charges two from 13:20 to 14:15. Ours counts from the loan: 61 minutes are two.
    """
    loans = Loans(HourlyInterest(), {"USDC": D("0.00024")})
    loans.borrow("USDC", D(1000), 0.0)
    assert loans.owed("USDC", 0.0) == D("1000.01"), "the first hour is charged at once"
    assert loans.owed("USDC", 55 * 60.0) == D("1000.01")
    assert loans.owed("USDC", 61 * 60.0) == D("1000.02")
    assert loans.repay("USDC", D(5000), 61 * 60.0) == D("1000.02")
    assert (bool(loans), loans.paid_interest) == (False, {"USDC": D("0.02")})


def test_kraken_interest() -> None:
    """Kraken, "Margin fees": 0.02 % to open and 0.02 % for every four hours begun: 10,000 for five hours cost 6."""
    loans = Loans(RolloverInterest(), {"USD": D("0.0002")})
    loans.borrow("USD", D(10_000), 0.0)
    assert loans.owed("USD", 0.0) == 10_002
    assert loans.owed("USD", 5 * 3600.0) == 10_006


def test_a_loan_repaid_in_parts_costs_interest_for_what_was_owed_and_how_long() -> None:
    """4,000 for 10 hours and 6,000 for 20, at 0.24 % a day, which is 0.01 % an hour: 4 + 12."""
    loans = Loans(HourlyInterest(), {"USDT": D("0.0024")})
    loans.borrow("USDT", D(10_000), 0.0)
    assert loans.repay("USDT", D(4_010), 36_000.0) == 4_010  # 10 of interest on all, then 4,000 of the loan
    assert loans.owed("USDT", 36_000.0) == loans.principal("USDT") == 6_000
    assert loans.owed("USDT", 72_000.0) == 6_006
    assert loans.repay("USDT", D(10_000), 72_000.0) == 6_006
    assert loans.paid_interest["USDT"] == 4 + 12


def test_interest_is_repaid_first() -> None:
    loans = Loans(RolloverInterest(), {"USDT": D("0.01")})
    loans.borrow("USDT", D(100), 0.0)
    assert loans.repay("USDT", D("0.4"), 0.0) == D("0.4")
    assert (loans.principal("USDT"), loans.owed("USDT", 0.0)) == (100, D("100.6"))
    assert loans.repay("USDT", D("50.6"), 0.0) == D("50.6")
    assert (loans.principal("USDT"), loans.owed("USDT", 0.0)) == (50, 50)
    assert loans.owed("USDT", 1.0) == D("50.5")


@pytest.mark.parametrize(
    ("is_short", "leverage", "close", "fee", "rule"),
    [
        (False, 3, "2.1", "0.0025", HourlyInterest()),
        (False, 3, "1.9", "0.003", RolloverInterest()),
        (True, 1, "2.2", "0.0025", HourlyInterest()),
        (True, 1, "1.9", "0.0025", RolloverInterest()),
    ],
)
async def test_the_account_earns_what_the_formula_of_trades_says(
    is_short: bool, leverage: int, close: str, fee: str, rule: HourlyInterest | RolloverInterest
) -> None:
    """The trades of the recorded tables (30 at 2.0, ten minutes, 0.05 %), through orders and loans."""
    rate = D("0.0005")
    market = Market("BTC/USDT", "BTC", "USDT")
    fees = FeeModel(D(fee), D(fee), FeeAsset.QUOTE)
    trade = Trade(D(30), D(2), is_short, D(leverage), rule, rate)
    expected = trade.profit(D(close), D(fee), D(fee), D(10) / 60)
    # What 30 at 2.0 needs of own funds, so that just as much is borrowed as the formula says.
    opening_fee = D(60) * D(fee)
    funds = D(1000) if is_short else D(60) / leverage + opening_fee
    world = MarginWorld({"USDT": funds}, fees, markets=(market,), leverage=D(5), interest=rule,
                        rates={"USDT": rate, "BTC": rate})  # fmt: skip
    world.price(2)
    await world.order(SELL if is_short else BUY, "30")
    world.price(2)
    world.hours(1 / 6)
    # A short position buys back what it owes, with interest.
    await world.order(BUY if is_short else SELL, world.owed("BTC") if is_short else "30")
    world.price(float(close))
    assert world.debts == {}
    assert abs(world.balance("USDT").total - funds - expected) < D("1e-7")


async def test_a_long_position_is_liquidated_at_a_level_of_1_1() -> None:
    """3 BTC over 200 USDT: 1.1 is reached at 220 / 3 = 73.33. Sold there with a fee of 2 %: 73.3 * 3 * 0.98 - 200."""
    world = MarginWorld({"USDT": D(100)})
    await world.order(BUY, "3")
    world.price(100)
    order_id = await world.order(SELL, "3", OrderType.LIMIT, price=D(150))
    world.price(73.4)
    assert world.balance("BTC") == (3, 3)
    world.price(73.3)
    assert world.balance("BTC") == (0, 0)
    assert world.balance("USDT") == (D("73.3") * 3 * D("0.98") - 200, 0)
    assert (world.debts, world.account.bankruptcies) == ({}, [])
    assert not await world.exchange.cancel_order(order_id)
    assert (world.fills[-1].side, world.fills[-1].price) == (SELL, D("73.3"))


async def test_a_short_position_is_liquidated_at_a_level_of_1_1() -> None:
    """300 USDT over 2 BTC: 1.1 is reached at 300 / 2.2 = 136.36. Bought back at 136.4 with a fee of 2 %."""
    world = MarginWorld({"USDT": D(100)})
    await world.order(SELL, "2")
    world.price(100)
    world.price(136.3)
    assert world.owed("BTC") == 2
    world.price(136.4)
    assert world.balance("USDT") == (300 - 2 * D("136.4") * D("1.02"), 0)
    assert (world.debts, world.account.bankruptcies) == ({}, [])


async def test_what_a_gap_leaves_unpaid_is_a_recorded_bankruptcy() -> None:
    world = MarginWorld({"USDT": D(100)})
    await world.order(BUY, "3")
    world.price(100)
    world.hours(2)
    world.price(50)
    assert (world.balance("USDT"), world.balance("BTC"), world.debts) == ((0, 0), (0, 0), {})
    assert world.account.bankruptcies == [Bankruptcy(7200.0, "USDT", 200 - 150 * D("0.98"))]


async def test_what_cannot_be_bought_back_is_a_recorded_bankruptcy() -> None:
    world = MarginWorld({"USDT": D(100)})
    await world.order(SELL, "2")
    world.price(100)
    world.price(200)
    (bankruptcy,) = world.account.bankruptcies
    bought = D(300) / D("1.02") / 200
    assert bankruptcy.asset == "BTC"
    assert abs(bankruptcy.amount - (2 - bought)) < D("1e-7")
    assert world.balance("USDT").total < D("1e-5"), "not enough for another step"


@pytest.mark.parametrize(("rule", "is_held"), [(FillRule.PESSIMISTIC, False), (FillRule.OPTIMISTIC, True)])
async def test_a_candle_liquidates_by_its_worst_price(rule: FillRule, is_held: bool) -> None:
    world = MarginWorld({"USDT": D(100)}, fill_rule=rule)
    await world.order(BUY, "3")
    world.price(100)
    world.exchange.close_candle(world.symbol, 0.0, 100.0, 101.0, 70.0, 99.0, 1.0)
    assert bool(world.balance("BTC").total) is is_held


async def test_interest_alone_liquidates() -> None:
    """200 at 1 % an hour: 300 / 1.1 are owed after 37 hours."""
    world = MarginWorld({"USDT": D(100)}, rates={"USDT": D("0.24")})
    await world.order(BUY, "3")
    world.price(100)
    world.hours(36)
    world.price(100)
    assert world.owed("USDT") == 272
    world.hours(0.5)
    world.price(100)
    assert world.liquidator.liquidation_times == [36.5 * 3600]
    assert world.balance("USDT").total == 300 * D("0.98") - 274


async def test_other_assets_are_collateral_and_are_sold_with_the_rest() -> None:
    """1 ETH at 100 is a collateral for 2 BTC bought with 200 borrowed: 300 / 200."""
    markets = (Market.default("BTC/USDT"), Market.default("ETH/USDT"))
    world = MarginWorld({"ETH": D(1)}, markets=markets)
    await world.order(BUY, "2")
    world.price(100)
    assert (world.owed("USDT"), world.account.value.margin_level()) == (200, D("1.5"))
    world.price(20, "ETH/USDT")
    assert (world.balance("ETH").total, world.balance("BTC").total) == (0, 0)
    assert world.balance("USDT").total == 220 * D("0.98") - 200


async def test_reduce_only_orders_leave_a_position_and_open_none() -> None:
    world = MarginWorld({"USDT": D(100)})
    for side in (BUY, SELL):
        with pytest.raises(NothingToReduce):
            await world.order(side, "1", reduce_only=True)
    await world.order(SELL, "1")
    world.price(100)
    await world.order(BUY, "5", reduce_only=True)
    world.price(100)
    assert (world.balance("BTC").total, world.owed("BTC"), world.balance("USDT").total) == (0, 0, 100)


async def test_a_short_position_beyond_its_initial_margin_can_be_bought_back() -> None:
    """At 130 the level is 300 / 260: nothing may be borrowed, but debts may be repaid."""
    world = MarginWorld({"USDT": D(100)})
    await world.order(SELL, "2")
    world.price(130)
    with pytest.raises(InsufficientFunds):
        await world.order(SELL, "0.1")
    await world.order(BUY, "2", OrderType.STOP_LOSS, stop_price=D(135))
    world.price(135)
    assert world.debts == {}


async def test_what_a_margin_account_does_not_trade() -> None:
    world = MarginWorld({"USDT": D(100)}, markets=(Market.default("BTC/USDT"), Market.default("BTC/USDT:USDT")))
    with pytest.raises(InvalidOrder, match="no position sides"):
        await world.order(BUY, "1", position_side=PositionSide.LONG)
    with pytest.raises(InvalidOrder, match="is a contract"):
        await world.order(BUY, "1", symbol="BTC/USDT:USDT")
    with pytest.raises(ValueError, match="a leverage of 0"):
        MarginWorld({}, leverage=D(0))


async def test_what_has_no_price_is_not_lent() -> None:
    world = MarginWorld({"USDT": D(100)}, markets=(Market.default("BTC/USDT"), Market.default("DOGE/BTC")))
    with pytest.raises(InsufficientFunds, match="wait for a price of DOGE"):
        await world.order(SELL, "1", OrderType.LIMIT, price=D(1), symbol="DOGE/BTC")
    await world.order(BUY, "1", OrderType.LIMIT, price=D(1), symbol="DOGE/BTC")


async def test_orders_that_leave_one_position_share_a_group() -> None:
    world = MarginWorld({"USDT": D(100)})
    await world.order(BUY, "3")
    world.price(100)
    await world.order(SELL, "3", OrderType.LIMIT, price=D(120), reduce_only=True, group_id="exits")
    with pytest.raises(InsufficientFunds, match="hold all but 0"):
        await world.order(SELL, "3", OrderType.STOP_LOSS, stop_price=D(90), reduce_only=True)
    await world.order(SELL, "3", OrderType.STOP_LOSS, stop_price=D(90), reduce_only=True, group_id="exits")
    world.price(90)
    assert (world.balance("USDT"), world.debts) == ((70, 0), {})
