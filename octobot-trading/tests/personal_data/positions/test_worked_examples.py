# SPDX-License-Identifier: Apache-2.0
"""Worked examples of contracts, each with its source and formula. Expected values are the venues' own or computed here
as fractions, without any of the code under test."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from contract_world import ContractWorld

from octobot_trading.enums import MarginType, OrderSide, OrderType, PositionMode, PositionSide
from octobot_trading.errors import InvalidSetting
from octobot_trading.exchanges.fees import FeeDiscount, FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms
from octobot_trading.personal_data.positions import contracts
from octobot_trading.personal_data.positions.brackets import MaintenanceBrackets
from octobot_trading.personal_data.positions.liquidation import Exposure, liquidation_price

D, F = Decimal, Fraction
LINEAR = Market("BTC/USDT:USDT", "BTC", "USDT", contract=ContractTerms("USDT"))
TENTHS = Market("BTC/USDT:USDT", "BTC", "USDT", contract=ContractTerms("USDT", D("0.1")))
INVERSE = Market("BTC/USD:BTC", "BTC", "USD", contract=ContractTerms("BTC", is_inverse=True))
HUNDREDS = Market("BTC/USD:BTC", "BTC", "USD", contract=ContractTerms("BTC", D(100), is_inverse=True))
#: Binance's BTCUSDT as its documentation has it: floor, cap, maintenance rate, highest leverage.
TIERS = MaintenanceBrackets(
    [
        (D(0), D(50_000), D("0.004"), D(125)),
        (D(50_000), D(250_000), D("0.005"), D(100)),
        (D(250_000), D(1_000_000), D("0.01"), D(50)),
        (D(1_000_000), D(10_000_000), D("0.025"), D(20)),
    ]
)


def near(value: Decimal | None, expected: F | float | str, digits: int = 8) -> bool:
    """Whether a value is the expected one to so many decimals."""
    return value is not None and abs(F(value) - F(expected)) <= F(1, 10**digits)


@pytest.mark.parametrize(
    ("market", "quantity", "entry", "exit_price", "expected"),
    [
        # Binance, "How to Calculate PnL": long (exit - entry) * size, short (entry - exit) * size.
        (LINEAR, "1", "20000", "22000", F(2000)),
        (LINEAR, "-1", "20000", "22000", F(-2000)),
        (LINEAR, "0.015", "43210.5", "41999.9", F("0.015") * (F("41999.9") - F("43210.5"))),
        (TENTHS, "-7", "1000", "990", 7 * F(1, 10) * 10),
        # BitMEX, "Perpetual Contracts Guide": 50,000 contracts long at 10,000: +0.4545 XBT at 11,000, -0.5556 at 9,000.
        (INVERSE, "50000", "10000", "11000", 50_000 * (F(1, 10_000) - F(1, 11_000))),
        (INVERSE, "50000", "10000", "9000", 50_000 * (F(1, 10_000) - F(1, 9_000))),
        (INVERSE, "-50000", "10000", "9000", -50_000 * (F(1, 10_000) - F(1, 9_000))),
        # Binance COIN-M: size * contract multiplier * (1 / entry - 1 / exit).
        (HUNDREDS, "30", "9500", "9750", 30 * 100 * (F(1, 9500) - F(1, 9750))),
    ],
)
def test_profit(market: Market, quantity: str, entry: str, exit_price: str, expected: F) -> None:
    assert near(contracts.pnl(market, D(quantity), D(entry), D(exit_price)), expected, 40)


def test_profits_that_venues_publish() -> None:
    assert round(contracts.pnl(INVERSE, D(50_000), D(10_000), D(11_000)), 4) == D("0.4545")
    assert round(contracts.pnl(INVERSE, D(50_000), D(10_000), D(9_000)), 4) == D("-0.5556")


@pytest.mark.parametrize(
    ("market", "held", "entry", "added", "price", "expected"),
    [
        # Bybit, "Average entry price" (USDT contract): total value / total quantity.
        (LINEAR, "0.5", "5000", "0.3", "6000", (F(1, 2) * 5000 + F(3, 10) * 6000) / F(8, 10)),
        (LINEAR, "-2", "100", "-6", "120", F(2 * 100 + 6 * 120, 8)),
        # Bybit, "Average entry price" (inverse contract): 2,000 at 5,000 and 3,000 at 6,000 are 5,000 / 0.9 = 5,555.56.
        (INVERSE, "2000", "5000", "3000", "6000", F(5000) / (F(2000, 5000) + F(3000, 6000))),
        (HUNDREDS, "-10", "9000", "-30", "12000", F(40) / (F(10, 9000) + F(30, 12000))),
    ],
)
def test_average_entry_price(market: Market, held: str, entry: str, added: str, price: str, expected: F) -> None:
    average = contracts.average_entry_price(market, D(held), D(entry), D(added), D(price))
    assert near(average, expected, 12)


@pytest.mark.parametrize(
    ("market", "quantity", "price", "leverage", "expected"),
    [
        # Binance, "Leverage and Margin": initial margin = notional / leverage.
        (LINEAR, "1", "20000", "20", F(1000)),
        (TENTHS, "-15", "30000", "7", F(45_000, 7)),
        # BitMEX: value in XBT = contracts / price.
        (INVERSE, "10000", "8000", "25", F(10_000, 8_000) / 25),
        (HUNDREDS, "50", "10000", "5", F(50 * 100, 10_000) / 5),
    ],
)
def test_initial_margin(market: Market, quantity: str, price: str, leverage: str, expected: F) -> None:
    assert near(contracts.initial_margin(market, D(quantity), D(price), D(leverage)), expected, 40)


@pytest.mark.parametrize(
    ("notional", "expected"),
    [
        # Binance: maintenance margin = notional * rate - maintenance amount; amounts 0, 50, 1,300, 16,300.
        ("30000", F(30_000) * F("0.004")),
        ("100000", F(100_000) * F("0.005") - 50),
        ("250000", F(250_000) * F("0.01") - 1_300),
        ("3556387.03", F("3556387.03") * F("0.025") - 16_300),
    ],
)
def test_maintenance_margin(notional: str, expected: F) -> None:
    assert near(TIERS.maintenance_margin(D(notional)), expected, 30)


@pytest.mark.parametrize(
    ("wallet", "other_margin", "other_pnl", "amount", "quantity", "entry", "rate", "published"),
    [
        # Binance, "How to Calculate Liquidation Price of USDⓈ-M Futures Contracts", its two examples in one account:
        ("1535443.01", "356512.508", "-448192.89", "16300", "109.488", "32481.98", "0.025", "26316.89"),
        ("1535443.01", "71200.81144", "-56354.57", "135365", "3683.979", "1456.84", "0.1", "1153.26"),
    ],
)
def test_cross_liquidation_prices_that_binance_publishes(
    wallet: str, other_margin: str, other_pnl: str, amount: str, quantity: str, entry: str, rate: str, published: str
) -> None:
    """LP = (WB - TMM + UPNL + cum - side * q * EP) / (q * MMR - side * q), with one bracket of this rate and amount."""
    floor = D(amount) / (D(rate) - D("0.001"))
    brackets = MaintenanceBrackets([(D(0), floor, D("0.001"), D(20)), (floor, D("Infinity"), D(rate), D(10))])
    own = [Exposure(D(quantity), D(entry))]
    price = liquidation_price(LINEAR, own, brackets, D(wallet), D(other_margin), D(other_pnl))
    assert near(price, published, 2)


@pytest.mark.parametrize(
    ("market", "positions", "wallet", "expected"),
    [
        # Isolated, one-way, linear: WB is the position's own margin (Binance, as above).
        (LINEAR, [("1", "20000")], "2000", (F(2000) - 20_000) / (F("0.004") - 1)),
        (LINEAR, [("-1", "20000")], "2000", (F(2000) + 20_000) / (F("0.004") + 1)),
        (LINEAR, [("4", "25000")], "10000", (F(10_000) + 50 - 100_000) / (4 * F("0.005") - 4)),
        (TENTHS, [("-100", "25000")], "30000", (F(30_000) + 1_300 + 250_000) / (10 * F("0.01") + 10)),
        # Hedge mode: both positions of the contract in one equation.
        (LINEAR, [("1", "20000"), ("-0.5", "21000")], "3000",
         (F(3000) - 20_000 + F(1, 2) * 21_000) / (F("0.004") + F(1, 2) * F("0.004") - 1 + F(1, 2))),
        (LINEAR, [("0.4", "30000"), ("-1", "28000")], "5000",
         (F(5000) - F(4, 10) * 30_000 + 28_000) / (F("1.4") * F("0.004") - F(4, 10) + 1)),
    ],
)  # fmt: skip
def test_liquidation_price(market: Market, positions: list[tuple[str, str]], wallet: str, expected: F) -> None:
    own = [Exposure(D(quantity), D(entry)) for quantity, entry in positions]
    assert near(liquidation_price(market, own, TIERS, D(wallet)), expected, 20)


@pytest.mark.parametrize(
    ("market", "quantity", "entry", "wallet", "expected"),
    [
        # Binance, "... of COIN-M Futures Contracts": (q * MMR + s * q) / ((WB + cum) / multiplier + s * q / EP).
        (HUNDREDS, "100", "10000", "0.2", (100 * F("0.004") + 100) / (F("0.2") / 100 + F(100, 10_000))),
        (HUNDREDS, "-100", "10000", "0.2", (100 * F("0.004") - 100) / (F("0.2") / 100 - F(100, 10_000))),
        (INVERSE, "20000", "8000", "0.5", (20_000 * F("0.004") + 20_000) / (F("0.5") + F(20_000, 8_000))),
    ],
)
def test_inverse_liquidation_price(market: Market, quantity: str, entry: str, wallet: str, expected: F) -> None:
    price = liquidation_price(market, [Exposure(D(quantity), D(entry))], TIERS, D(wallet))
    assert near(price, expected, 20)


def test_a_short_inverse_position_with_margin_enough_is_never_liquidated() -> None:
    """A short position of 1x in an inverse contract is worth the same dollars at any price (BitMEX, "Hedging")."""
    own = [Exposure(D(-100), D(10_000))]
    assert liquidation_price(HUNDREDS, own, TIERS, D("1.0")) is None


@pytest.mark.parametrize(
    ("market", "quantity", "entry", "margin", "expected"),
    [
        # BitMEX, "Liquidation": the bankruptcy price is where the margin is lost: -PnL = margin.
        (LINEAR, "1", "20000", "2000", F(18_000)),
        (LINEAR, "-2", "20000", "2000", F(21_000)),
        (INVERSE, "10000", "10000", "0.1", 1 / (F(1, 10_000) + F("0.1") / 10_000)),
        (INVERSE, "-10000", "10000", "0.5", 1 / (F(1, 10_000) - F("0.5") / 10_000)),
    ],
)
def test_bankruptcy_price(market: Market, quantity: str, entry: str, margin: str, expected: F) -> None:
    price = contracts.bankruptcy_price(market, D(quantity), D(entry), D(margin))
    assert near(price, expected, 30)
    assert price is not None
    assert near(contracts.pnl(market, D(quantity), D(entry), price), -F(margin), 30)


@pytest.mark.parametrize(
    ("market", "quantity", "mark", "rate", "expected"),
    [
        # Binance, "Introduction to Futures Funding Rates": notional at mark price * rate; longs pay if positive.
        (LINEAR, "10", "30000", "0.0001", F(-30)),
        (LINEAR, "-10", "30000", "0.0001", F(30)),
        (LINEAR, "0.5", "41250.7", "-0.000375", F(1, 2) * F("41250.7") * F("0.000375")),
        # BitMEX: position value in XBT * funding rate.
        (INVERSE, "100000", "20000", "0.0001", -F(100_000, 20_000) * F("0.0001")),
        (HUNDREDS, "-40", "16000", "0.0003", F(4_000, 16_000) * F("0.0003")),
    ],
)
def test_funding(market: Market, quantity: str, mark: str, rate: str, expected: F) -> None:
    assert near(contracts.funding_payment(market, D(quantity), D(mark), D(rate)), expected, 40)


def test_return_on_margin() -> None:
    """Binance, "How to Calculate ROI": PnL / initial margin = side * (1 - entry / exit) * leverage."""
    margin = contracts.initial_margin(LINEAR, D(1), D(22_000), D(20))
    profit = contracts.pnl(LINEAR, D(1), D(20_000), D(22_000))
    assert near(contracts.return_on_margin(profit, margin), (1 - F(20_000, 22_000)) * 20, 30)
    margin = contracts.initial_margin(INVERSE, D(50_000), D(10_000), D(10))
    profit = contracts.pnl(INVERSE, D(50_000), D(10_000), D(11_000))
    assert near(contracts.return_on_margin(profit, margin), (1 - F(10_000, 11_000)) * 10, 30)


@pytest.mark.parametrize(
    ("market", "fees", "expected", "asset"),
    [
        # Binance, "Futures fees": notional * rate, in the settlement asset (quote, or base of COIN-M contracts).
        (LINEAR, FeeModel(taker=D("0.0005")), F(2) * 20_000 * F("0.0005"), "USDT"),
        (HUNDREDS, FeeModel(taker=D("0.0005")), F(2 * 100, 20_000) * F("0.0005"), "BTC"),
    ],
)
async def test_fees_of_contracts(market: Market, fees: FeeModel, expected: F, asset: str) -> None:
    world = ContractWorld(market, {asset: D(100_000)}, fees)
    await world.order(OrderSide.BUY, "2")
    world.price(20_000)
    (fill,) = world.fills
    assert (near(fill.fee, expected), fill.fee_asset) == (True, asset)
    assert near(D(100_000) - world.balance(asset).total, expected)


def test_fees_in_a_third_asset() -> None:
    """Binance, "BNB fee discount": 10 % off on futures when paid in BNB: notional * rate * 0.9 / price of BNB."""
    fees = FeeModel(taker=D("0.0005"), discount=FeeDiscount("BNB", D("0.1")))
    fee, asset = fees.fee(LINEAR, OrderSide.BUY, D(2), D(40_000), True, discount_price=D(300), discount_available=D(1))
    assert (near(fee, math.ceil(F(40_000) * F("0.0005") * F("0.9") / 300 * 10**8) / F(10**8)), asset) == (True, "BNB")


async def test_a_position_in_steps() -> None:
    """Bybit, "P&L calculations": a reduction realises its part and leaves the entry price; a flip enters anew."""
    world = ContractWorld(LINEAR, {"USDT": D(100_000)})
    for side, quantity, price in (("buy", "2", 100), ("buy", "1", 130), ("sell", "1.5", 150), ("sell", "2.5", 90)):
        await world.order(OrderSide(side), quantity)
        world.price(price)
    entry = F(2 * 100 + 130, 3)
    first, second = F(3, 2) * (150 - entry), F(3, 2) * (90 - entry)
    position = world.position()
    assert (position.quantity, position.entry_price) == (-1, 90)
    assert near(position.realised_pnl, first + second)
    assert near(world.balance("USDT").total, 100_000 + first + second)


async def test_an_isolated_position_loses_its_margin_and_no_more() -> None:
    """Binance, isolated mode: 1 BTC at 20,000 with 10x has a margin of 2,000, and is liquidated where margin + PnL
    equals the maintenance margin: (2,000 - 20,000) / (0.004 - 1) = 18,072.29."""
    world = ContractWorld(LINEAR, {"USDT": D(10_000)}, brackets=TIERS, leverage=D(10), margin_type=MarginType.ISOLATED)
    await world.order(OrderSide.BUY, "1")
    world.price(20_000)
    assert world.balance("USDT").locked == 2_000
    assert near(world.liquidator.liquidation_price(world.position()), F(-18_000) / (F("0.004") - 1), 20)
    world.mark("18072.30")
    assert world.position().is_open
    assert near(world.liquidator.margin_ratio(world.position()), F("18072.3") * F("0.004") / F("72.3"), 12)
    world.mark("18072.28")
    assert not world.position().is_open
    assert world.balance("USDT") == (8_000, 0)
    assert world.fills[-1].price == 18_000
    assert world.account.bankruptcies == []


async def test_a_gap_beyond_the_margin_is_a_recorded_bankruptcy() -> None:
    """BitMEX, "Liquidation": the insurance fund pays what the margin does not cover; here 17,000 instead of 18,000."""
    world = ContractWorld(LINEAR, {"USDT": D(2_000)}, brackets=TIERS, leverage=D(10))
    await world.order(OrderSide.BUY, "1")
    world.price(20_000)
    world.mark("17000")
    assert world.balance("USDT") == (0, 0)
    (bankruptcy,) = world.account.bankruptcies
    assert (bankruptcy.time, bankruptcy.asset, bankruptcy.amount) == (0.0, "USDT", 1_000)


async def test_a_cross_position_has_the_whole_wallet() -> None:
    """Binance, cross mode: the same with a wallet of 10,000 is liquidated at (10,000 - 20,000) / (0.004 - 1)."""
    world = ContractWorld(LINEAR, {"USDT": D(10_000)}, brackets=TIERS, leverage=D(10))
    await world.order(OrderSide.BUY, "1")
    world.price(20_000)
    assert near(world.liquidator.liquidation_price(world.position()), F(-10_000) / (F("0.004") - 1), 20)
    world.mark("10100")
    assert world.position().is_open
    assert near(world.liquidator.margin_ratio(world.position()), F(10_100) * F("0.004") / 100, 12)
    world.mark("10040")
    assert not world.position().is_open
    assert world.balance("USDT") == (0, 0)


async def test_an_unrealised_loss_is_not_available() -> None:
    """Binance: available = wallet balance + unrealised PnL - initial margins; of a gain nothing is counted on here."""
    world = ContractWorld(LINEAR, {"USDT": D(10_000)}, leverage=D(10))
    await world.order(OrderSide.BUY, "1")
    world.price(20_000)
    world.mark("19000")
    assert world.balance("USDT") == (10_000, 2_000 + 1_000)
    world.mark("21000")
    assert world.balance("USDT") == (10_000, 2_000)


async def test_what_is_closed_gives_its_isolated_margin_back() -> None:
    """Binance, isolated mode: half of the position closed at its entry frees half of its margin."""
    world = ContractWorld(LINEAR, {"USDT": D(10_000)}, leverage=D(10), margin_type=MarginType.ISOLATED)
    await world.order(OrderSide.BUY, "2")
    world.price(20_000)
    assert world.balance("USDT").locked == 4_000
    await world.order(OrderSide.SELL, "1")
    world.price(20_000)
    assert (world.position().isolated_margin, world.balance("USDT").locked) == (2_000, 2_000)


async def test_hedged_positions_beside_each_other() -> None:
    """Binance, hedge mode: a long and a short position each realise their own profit."""
    world = ContractWorld(LINEAR, {"USDT": D(10_000)}, position_mode=PositionMode.HEDGE, leverage=D(5))
    await world.order(OrderSide.BUY, "1", position_side=PositionSide.LONG)
    await world.order(OrderSide.SELL, "2", position_side=PositionSide.SHORT)
    world.price(1_000)
    assert (world.position(PositionSide.LONG).quantity, world.position(PositionSide.SHORT).quantity) == (1, -2)
    assert world.balance("USDT").locked == D(1_000) / 5 + D(2_000) / 5
    world.price(1_100)
    await world.order(OrderSide.SELL, "1", position_side=PositionSide.LONG)
    await world.order(OrderSide.BUY, "2", position_side=PositionSide.SHORT)
    world.price(1_100)
    assert world.balance("USDT") == (10_000 + 100 - 200, 0)


async def test_funding_through_the_account() -> None:
    """0.01 % of 1 BTC at a mark price of 20,500, paid by the long position."""
    world = ContractWorld(LINEAR, {"USDT": D(100_000)})
    await world.order(OrderSide.BUY, "1")
    world.price(20_000)
    world.mark("20500")
    world.exchange.contracts.pay_funding(LINEAR.symbol, D("0.0001"))  # type: ignore[union-attr]
    assert world.balance("USDT").total == D(100_000) - D("2.05")
    assert world.position().funding == D("-2.05")


async def test_leverage_is_bounded_by_the_bracket() -> None:
    """Binance: a notional of 300,000 lies in the bracket of at most 50x."""
    world = ContractWorld(LINEAR, {"USDT": D(100_000)}, brackets=TIERS, leverage=D(20))
    await world.order(OrderSide.BUY, "15", kind=OrderType.LIMIT, price=D(20_000))
    world.price(20_000)
    positions = world.account.positions
    positions.set_leverage(LINEAR.symbol, D(50))
    with pytest.raises(InvalidSetting, match="give one from 1 to 50"):
        positions.set_leverage(LINEAR.symbol, D(51))
    with pytest.raises(InvalidSetting, match="margin type cannot change"):
        positions.set_margin_type(LINEAR.symbol, MarginType.ISOLATED, has_orders=False)
    with pytest.raises(InvalidSetting, match="position mode cannot change"):
        positions.set_mode(PositionMode.HEDGE, has_orders=False)
