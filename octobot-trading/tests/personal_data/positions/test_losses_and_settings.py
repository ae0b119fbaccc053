# SPDX-License-Identifier: Apache-2.0
"""Losses beyond the margin, mark prices that are out of date, and settings that a position does not allow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from contract_world import ContractWorld

from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import FillRule, MarginType, OrderSide, OrderType, PositionMode, PositionSide
from octobot_trading.errors import InsufficientFunds, InvalidSetting
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.bankruptcy import Bankruptcy
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.positions.brackets import MaintenanceBrackets
from octobot_trading.personal_data.positions.liquidation import Exposure, liquidation_price
from octobot_trading.personal_data.transactions.transaction import TransactionType

D = Decimal
MARKET = Market.default("BTC/USDT:USDT")
BRACKETS = MaintenanceBrackets([(D(0), D(1000), D("0.01"), D(50)), (D(1000), D("Infinity"), D("0.05"), D(10))])


async def _long_with_stop(world: ContractWorld) -> None:
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    await world.order(OrderSide.SELL, "1", OrderType.STOP_LOSS, stop_price=D(95), reduce_only=True)


async def test_a_stop_that_fills_beyond_the_wallet_is_a_recorded_bankruptcy() -> None:
    world = ContractWorld(MARKET, {"USDT": D(12)}, FeeModel(taker=D("0.001")), leverage=D(10))
    await _long_with_stop(world)
    world.clock.advance_to(7.0)
    world.price(80)
    # 12 - 0.1 of fee are there, 20 are lost; nothing is left for the fee of 0.08.
    assert world.balance("USDT") == (0, 0)
    assert world.account.bankruptcies == [Bankruptcy(7.0, "USDT", D("8.1")), Bankruptcy(7.0, "USDT", D("0.08"))]
    # Fills alone would leave less than nothing: what the venue bore explains the balance.
    assert [(one.kind, one.amount) for one in world.exchange.payments] == [
        (TransactionType.LIQUIDATION, D("8.1")),
        (TransactionType.LIQUIDATION, D("0.08")),
    ]


async def test_funding_is_a_payment_of_what_there_was() -> None:
    world = ContractWorld(MARKET, {"USDT": D(1)}, leverage=D(100))
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    assert world.exchange.contracts is not None
    world.exchange.contracts.pay_funding(MARKET.symbol, D("-0.005"))
    world.exchange.contracts.pay_funding(MARKET.symbol, D("0"))
    world.exchange.contracts.pay_funding(MARKET.symbol, D("0.05"))
    assert [(one.kind, one.amount, one.symbol) for one in world.exchange.payments] == [
        (TransactionType.FUNDING, D("0.5"), MARKET.symbol),
        (TransactionType.FUNDING, D("-1.5"), MARKET.symbol),
    ]


async def test_an_isolated_position_costs_no_more_than_its_margin_when_a_stop_is_jumped_over() -> None:
    world = ContractWorld(MARKET, {"USDT": D(1000)}, leverage=D(10), margin_type=MarginType.ISOLATED)
    await _long_with_stop(world)
    world.price(50)
    assert world.balance("USDT") == (990, 0)
    assert [one.amount for one in world.account.bankruptcies] == [40]


async def test_a_partly_closed_isolated_position_loses_the_margin_of_that_part() -> None:
    world = ContractWorld(MARKET, {"USDT": D(1000)}, leverage=D(10), margin_type=MarginType.ISOLATED)
    await world.order(OrderSide.BUY, "4")
    world.price(100)
    await world.order(OrderSide.SELL, "1", reduce_only=True)
    world.price(97)
    assert world.position().isolated_margin == 30
    assert world.balance("USDT") == (1000 - 3, 30)


async def test_funding_takes_no_more_than_an_isolated_margin() -> None:
    world = ContractWorld(MARKET, {"USDT": D(1000)}, leverage=D(10), margin_type=MarginType.ISOLATED)
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    assert world.exchange.contracts is not None
    world.exchange.contracts.pay_funding(MARKET.symbol, D("0.3"))
    assert not world.position().is_open
    assert world.balance("USDT") == (990, 0)
    assert [one.amount for one in world.account.bankruptcies] == [20]


async def test_cross_losses_leave_isolated_margins_alone() -> None:
    """Two contracts of one wallet: the cross one may lose all but the isolated one's margin."""
    world = ContractWorld(MARKET, {"USDT": D(100)}, leverage=D(10), margin_type=MarginType.ISOLATED)
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    assert world.account.cross_wallet("USDT") == 90
    world.account.settle("USDT", D(-150), world.account.cross_wallet("USDT"), 3.0)
    assert world.balance("USDT") == (10, 10)
    assert world.account.bankruptcies == [Bankruptcy(3.0, "USDT", D(60))]


async def test_a_new_position_does_not_know_the_mark_price_of_the_one_before() -> None:
    world = ContractWorld(MARKET, {"USDT": D(1000)}, leverage=D(10))
    for side, price in ((OrderSide.BUY, 100), (OrderSide.SELL, 100), (OrderSide.BUY, 900)):
        await world.order(side, "1")
        world.price(price)
        world.mark(str(price))
        world.mark("100")
    assert world.position().unrealised_pnl == -800
    await world.order(OrderSide.SELL, "2")
    world.price(900)
    assert world.position().unrealised_pnl == 0, "turned around at 900, where 100 was told for the long one"
    assert world.balance("USDT") == (1000, 90)


@pytest.mark.parametrize(("rule", "is_open"), [(FillRule.PESSIMISTIC, False), (FillRule.OPTIMISTIC, True)])
async def test_candles_liquidate_between_mark_prices_that_are_far_apart(rule: FillRule, is_open: bool) -> None:
    world = ContractWorld(MARKET, {"USDT": D(10)}, leverage=D(10), fill_rule=rule)
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    world.mark("100")
    world.exchange.close_candle(MARKET.symbol, 0.0, 100.0, 100.0, 80.0, 99.0, 1.0)
    assert world.position().is_open is is_open


async def test_candles_with_a_mark_price_of_their_own_are_not_asked() -> None:
    world = ContractWorld(MARKET, {"USDT": D(10)}, leverage=D(10))
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    world.clock.advance_to(30.0)
    world.mark("99")
    world.exchange.close_candle(MARKET.symbol, 0.0, 100.0, 100.0, 80.0, 99.0, 1.0)
    assert world.position().is_open


def test_hedged_positions_in_different_brackets() -> None:
    """LP = (WB + sum(cum) - sum(s * q * EP)) / (sum(q * MMR) - sum(s * q)).

    12 long are in the second bracket (cum 40) at entry, 2 short in the first. With a wallet of 800 all are worth less
    than 1,000 where they are liquidated: (800 - 1,200 + 200) / (0.12 + 0.02 - 10) = 20.284. With 100 they stay there.
    """
    own = [Exposure(D(12), D(100)), Exposure(D(-2), D(100))]
    assert liquidation_price(MARKET, own, BRACKETS, D(800)) == pytest.approx(D("20.2839757"), abs=D("1e-6"))
    expected = (D(100) + 40 - 1200 + 200) / (D("0.6") + D("0.02") - 10)
    found = liquidation_price(MARKET, own, BRACKETS, D(100))
    assert found is not None
    assert abs(found - expected) < D("1e-20")
    equity = D(100) + 10 * (found - 100)
    assert abs(equity - (12 * found * D("0.05") - 40 + 2 * found * D("0.01"))) < D("1e-20")


async def test_margin_moves_into_and_out_of_an_isolated_position() -> None:
    """Binance, "How to Adjust Margin Balance": at 120 a long position of 1 at 100 with 10x and a margin of 50 can give
    back min(50 - 0.6, 50 + 20 - 12) = 49.4."""
    world = ContractWorld(MARKET, {"USDT": D(100)}, leverage=D(10), margin_type=MarginType.ISOLATED)
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    position = world.position()
    world.account.add_isolated_margin(position, D(40))
    assert (position.isolated_margin, world.balance("USDT")) == (50, (100, 50))
    for amount in (D("50.01"), D("-40.01"), D("NaN")):
        with pytest.raises(InsufficientFunds, match="cannot be moved"):
            world.account.add_isolated_margin(position, amount)
    world.mark("120")
    with pytest.raises(InsufficientFunds, match="cannot be moved"):
        world.account.add_isolated_margin(position, D("-49.41"))
    world.account.add_isolated_margin(position, D("-49.4"))
    assert (position.isolated_margin, position.is_open) == (D("0.6"), True)


async def test_margin_is_not_moved_into_a_cross_position() -> None:
    world = ContractWorld(MARKET, {"USDT": D(100)}, leverage=D(10))
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    with pytest.raises(InvalidSetting, match="isolate the margin"):
        world.account.add_isolated_margin(world.position(), D(1))
    assert world.position().isolated_margin == 0


async def test_a_lower_leverage_needs_margin_that_is_there() -> None:
    world = ContractWorld(MARKET, {"USDT": D(30)}, leverage=D(10))
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    with pytest.raises(InvalidSetting, match="reduce the position first"):
        world.account.set_leverage(MARKET.symbol, D(3))
    assert (world.position().leverage, world.balance("USDT").locked) == (10, 10)
    world.account.set_leverage(MARKET.symbol, D(4))
    assert (world.position().leverage, world.balance("USDT").locked) == (4, 25)


async def test_the_leverage_of_an_isolated_position_does_not_become_lower() -> None:
    world = ContractWorld(MARKET, {"USDT": D(300)}, leverage=D(10), margin_type=MarginType.ISOLATED)
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    with pytest.raises(InvalidSetting, match="cannot become lower"):
        world.account.set_leverage(MARKET.symbol, D(5))
    world.account.set_leverage(MARKET.symbol, D(20))
    assert world.position().isolated_margin == 10, "what is in the margin stays there"


async def test_settings_wait_for_open_orders() -> None:
    world = ContractWorld(MARKET, {"USDT": D(300)})
    order_id = await world.order(OrderSide.BUY, "1", OrderType.LIMIT, price=D(90))
    with pytest.raises(InvalidSetting, match="margin type cannot change"):
        world.account.set_margin_type(MARKET.symbol, MarginType.ISOLATED)
    with pytest.raises(InvalidSetting, match="position mode cannot change"):
        world.account.set_position_mode(PositionMode.HEDGE)
    await world.exchange.cancel_order(order_id)
    world.account.set_margin_type(MARKET.symbol, MarginType.ISOLATED)
    world.account.set_position_mode(PositionMode.HEDGE)
    assert world.position(PositionSide.LONG).margin_type is MarginType.ISOLATED


async def test_the_bot_is_told_liquidation_price_and_margin_ratio() -> None:
    world = ContractWorld(MARKET, {"USDT": D(10)}, leverage=D(10))
    await world.order(OrderSide.BUY, "1")
    world.price(100)
    (told,) = await world.exchange.fetch_positions()
    assert told is not world.position()
    # (10 - 100) / (0.005 - 1) and 0.5 / 10
    assert (told.to_dict()["liquidation_price"], told.to_dict()["margin_ratio"]) == (D("90.452261306533"), D("0.05"))


async def test_an_order_whose_edit_is_refused_keeps_what_it_holds() -> None:
    """Also when a loss has left nothing that it could lock anew."""
    world = ContractWorld(MARKET, {"USDT": D(100)}, leverage=D(10))
    await world.order(OrderSide.BUY, "2")
    world.price(100)
    order_id = await world.order(OrderSide.BUY, "5", OrderType.LIMIT, price=D(60))
    world.price(70)
    before = world.account.needed("USDT")
    with pytest.raises(InsufficientFunds):
        await world.exchange.edit_order(order_id, quantity=D(50))
    assert world.account.needed("USDT") == before == 20 + 60 + 30
    assert await world.exchange.cancel_order(order_id)
    assert world.balance("USDT") == (100, 80)


async def test_the_rest_of_a_reduce_only_order_ends_with_the_position() -> None:
    world = ContractWorld(MARKET, {"USDT": D(1000)}, leverage=D(10), volume_share=D(1))
    await world.order(OrderSide.BUY, "2")
    world.exchange.match_trade(MARKET.symbol, 100.0, 2.0)
    order_id = await world.order(OrderSide.SELL, "2", OrderType.LIMIT, price=D(110), reduce_only=True)
    await world.order(OrderSide.SELL, "1")
    world.exchange.match_trade(MARKET.symbol, 105.0, 1.0)
    world.exchange.match_trade(MARKET.symbol, 111.0, 1.0)
    assert [fill.quantity for fill in world.fills] == [2, 1, 1]
    assert not await world.exchange.cancel_order(order_id)
    assert world.balance("USDT") == (1000 + 5 + 11, 0)


async def test_the_exchange_tells_and_sets_the_leverage() -> None:
    world = ContractWorld(MARKET, {"USDT": D(100)}, leverage=D(5))
    assert world.exchange.leverage_of(MARKET.symbol) == 5
    await world.exchange.set_leverage(MARKET.symbol, D(10))
    assert world.exchange.leverage_of(MARKET.symbol) == 10
    with pytest.raises(InvalidSetting, match="1000"):
        await world.exchange.set_leverage(MARKET.symbol, D(1000))
    assert world.exchange.leverage_of(MARKET.symbol) == 10


async def test_a_spot_exchange_has_no_leverage() -> None:
    exchange = SimulatedExchange("spot", SimulatedClock(0.0), {"BTC/USDT": Market.default("BTC/USDT")}, {"USDT": D(1)})
    assert exchange.leverage_of("BTC/USDT") == 1
    with pytest.raises(InvalidSetting, match="BTC/USDT"):
        await exchange.set_leverage("BTC/USDT", D(2))
