# SPDX-License-Identifier: Apache-2.0
"""Protections of accounts on the simulated exchange: which orders come through, and what they are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from trading_world import HOUR, SYMBOL, MakeWorld, TradingWorld, order_request

from octobot_commons.configuration.protections import (
    CooldownConfig,
    DailyLossConfig,
    MaxDrawdownConfig,
    OrderRateConfig,
    StopLossGuardConfig,
)
from octobot_trading.api.performance import record_transaction
from octobot_trading.enums import OrderStatus, OrderType
from octobot_trading.errors import InsufficientFunds, ProtectionRefused
from octobot_trading.exchange_channel import get_chan
from octobot_trading.personal_data.transactions.transaction import TransactionType
from octobot_trading.protections import Protection, TradingStop
from octobot_trading.protections.cooldown import Cooldown
from octobot_trading.protections.daily_loss import DailyLoss
from octobot_trading.protections.max_drawdown import MaxDrawdown
from octobot_trading.protections.order_rate import OrderRate
from octobot_trading.protections.stop_loss_guard import StopLossGuard

D = Decimal
PLAIN = {"supported_order_types": (OrderType.MARKET, OrderType.LIMIT), "bundles_orders": False, "groups_orders": False}


def stopped() -> TradingStop:
    protection = TradingStop()
    protection.stop("a test", 0)
    return protection


async def tell(world: TradingWorld, price: float) -> None:
    """The market tells a price, and everybody hears of it."""
    names = {"cryptocurrency": "Bitcoin", "symbol": SYMBOL}
    world.manager.get_symbol_data(SYMBOL).price = price
    origin = {"exchange": "binance", "exchange_id": world.manager.id, **names}
    get_chan("Ticker", world.manager.id).topic_of(**names).send_nowait({**origin, "ticker": {"last": price}})
    await world.dispatcher.run_until_idle()


async def buy(world: TradingWorld, amount: str = "1", **options: Any) -> None:
    """At the next candle's open, at the price there is."""
    await world.order("buy", OrderType.MARKET, amount, **options)
    price = world.manager.get_symbol_data(SYMBOL).price
    assert price is not None
    world.candle(price, price, price, price)
    await world.manager.trader.submit_chained_orders()


async def refusal(world: TradingWorld, side: str = "buy", kind: OrderType = OrderType.LIMIT, *args: str) -> str | None:
    """The rule that refuses this order, None where it is taken."""
    try:
        await world.order(side, kind, *(args or ("1", "900")))
    except ProtectionRefused as error:
        return error.rule
    return None


async def test_entries_are_refused_and_exits_are_not(protected: MakeWorld) -> None:
    stop = TradingStop()
    world = await protected(stop)
    await buy(world, "2")
    stop.stop("a test", world.clock.now())
    before = world.manager.portfolio.balance("USDT")
    with pytest.raises(ProtectionRefused, match=r"^BTC/USDT: trading was stopped at .*: a test$"):
        await world.order("buy", OrderType.LIMIT, "1", "900")
    assert world.manager.portfolio.balance("USDT") == before
    assert await refusal(world, "sell", OrderType.LIMIT, "1", "1100") is None
    assert await refusal(world, "sell", OrderType.STOP_LOSS, "1", "800") is None
    assert world.manager.protections.refused == {"trading-stop": 1}


async def test_a_sale_of_more_than_is_held_is_no_exit(protected: MakeWorld) -> None:
    world = await protected(stopped(), funds={"USDT": D(1000), "BTC": D(1)})
    assert await refusal(world, "sell", OrderType.MARKET, "1.00000001") == "trading-stop"
    assert await refusal(world, "sell", OrderType.MARKET, "1") is None


async def test_where_the_base_is_the_reference_market_purchases_of_it_are_exits(protected: MakeWorld) -> None:
    world = await protected(stopped(), funds={"USDT": D(5000), "BTC": D(1)})
    world.manager.reference_market = "BTC"
    assert await refusal(world, "sell", OrderType.LIMIT, "1", "1100") == "trading-stop"
    assert await refusal(world, "buy", OrderType.LIMIT, "1", "900") is None


@pytest.mark.parametrize("options", [{}, PLAIN], ids=["bundled", "managed by the bot"])
async def test_the_exits_chained_to_an_entry_come_up_and_entries_chained_to_it_do_not(
    protected: MakeWorld, options: dict[str, Any]
) -> None:
    stop = TradingStop()
    world = await protected(stop, **options)
    chained = (
        order_request("sell", OrderType.STOP_LOSS, "1", "800"),
        order_request("sell", OrderType.LIMIT, "1", "1200"),
        order_request("buy", OrderType.LIMIT, "1", "700"),
    )
    await world.order("buy", OrderType.LIMIT, "1", "900", chained=(*chained[:1], chained[2]))
    stop.stop("a test", world.clock.now())
    world.candle(950, 960, 890, 895)
    await world.manager.trader.submit_chained_orders()
    opened = [(one.request.side, one.request.order_type) for one in world.manager.orders_manager.get_open_orders()]
    assert opened == [("sell", "stop_loss")]
    assert world.manager.protections.refused == {"trading-stop": 1}


@pytest.mark.parametrize("options", [{}, PLAIN], ids=["bundled", "managed by the bot"])
async def test_a_purchase_chained_to_a_sale_is_an_entry(protected: MakeWorld, options: dict[str, Any]) -> None:
    stop = TradingStop()
    world = await protected(stop, funds={"USDT": D(1000), "BTC": D(1)}, **options)
    again = order_request("buy", OrderType.LIMIT, "1", "900")
    await world.order("sell", OrderType.LIMIT, "1", "1100", chained=(again,))
    stop.stop("a test", world.clock.now())
    world.candle(1050, 1110, 1000, 1000)
    await world.manager.trader.submit_chained_orders()
    assert world.manager.orders_manager.get_open_orders() == []
    assert world.manager.protections.refused == {"trading-stop": 1}


async def test_an_entry_that_waits_in_the_bot_is_asked_about_again_when_it_is_handed_in(protected: MakeWorld) -> None:
    stop = TradingStop()
    world = await protected(stop, **PLAIN)
    entry = await world.order("buy", OrderType.STOP_LOSS, "1", "1100")
    stop.stop("a test", world.clock.now())
    assert await refusal(world, "buy", OrderType.STOP_LOSS, "1", "1200") == "trading-stop"
    await tell(world, 1101)
    assert entry.status is OrderStatus.REJECTED
    assert "trading was stopped" in str(entry.reason)


async def test_a_protective_stop_that_waits_in_the_bot_is_handed_in(protected: MakeWorld) -> None:
    stop = TradingStop()
    world = await protected(stop, **PLAIN)
    await buy(world, chained=(order_request("sell", OrderType.STOP_LOSS, "1", "900"),))
    (order,) = world.manager.orders_manager.get_open_orders()
    stop.stop("a test", world.clock.now())
    await tell(world, 890)
    world.candle(890, 890, 890, 890)
    assert order.status is OrderStatus.FILLED


async def test_an_entry_may_be_made_smaller_and_moved_but_not_larger(protected: MakeWorld) -> None:
    stop = TradingStop()
    world = await protected(stop)
    order = await world.order("buy", OrderType.LIMIT, "1", "900")
    stop.stop("a test", world.clock.now())
    trader = world.manager.trader
    await trader.edit_order(order, quantity=D("0.5"), price=D(800))
    with pytest.raises(ProtectionRefused):
        await trader.edit_order(order, quantity=D("0.6"))
    assert (order.status, order.request.quantity, order.request.price) == (OrderStatus.OPEN, D("0.5"), 800)
    assert await trader.cancel_order(order)


async def test_drawdown_is_measured_at_every_price_and_at_every_order(protected: MakeWorld) -> None:
    world = await protected(MaxDrawdown(MaxDrawdownConfig(percent=D(10)), "USDT"))
    await buy(world, "9")
    await tell(world, 1500)  # 1,000 + 9 * 1,500 = 14,500: the highest value
    await tell(world, 1400)  # 13,600 is 6.2 % less
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None
    world.manager.get_symbol_data(SYMBOL).price = 1337.0  # 13,033: 10.12 %, and nobody was told
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") == "max-drawdown"
    await tell(world, 1340)  # 13,060: 9.93 %
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None


async def test_a_missing_price_is_no_loss(protected: MakeWorld) -> None:
    world = await protected(
        MaxDrawdown(MaxDrawdownConfig(percent=D(10)), "USDT"), funds={"USDT": D(1000), "BTC": D(10), "ETH": D(5)}
    )
    # Nothing to compare with was known before ETH has a price.
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None
    world.manager.get_symbol_data("ETH/USDT").price = 10.0
    await tell(world, 1000)
    world.manager.get_symbol_data("ETH/USDT").price = None
    with pytest.raises(ProtectionRefused, match="value is not known, as no price of ETH is"):
        await world.order("buy", OrderType.LIMIT, "0.1", "100")
    assert await refusal(world, "sell", OrderType.LIMIT, "1", "5000") is None
    world.manager.get_symbol_data("ETH/USDT").price = 10.0
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None


async def test_a_withdrawal_is_no_loss_of_the_day(protected: MakeWorld) -> None:
    protection = DailyLoss(DailyLossConfig(percent=D(10)), "USDT")
    world = await protected(protection, funds={"USDT": D(6000), "BTC": D(4)})
    entry = order_request("buy", OrderType.LIMIT, "1", "100")
    await tell(world, 1000)
    world.manager.portfolio.change("USDT", D(-5000))
    record_transaction(world.manager, TransactionType.WITHDRAWAL, "USDT", D(-5000))
    await tell(world, 876)
    world.manager.protections.ask(entry)
    await tell(world, 875)  # 1,000 + 4 * 875 = 4,500: ten percent less than what was left of 10,000
    with pytest.raises(ProtectionRefused, match="500 USDT were lost today"):
        world.manager.protections.ask(entry)


async def test_stop_losses_pause_entries(protected: MakeWorld) -> None:
    config = StopLossGuardConfig(stops=2, window_hours=D(24), pause_hours=D(3))
    world = await protected(StopLossGuard(config))
    for _ in range(2):
        assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None
        await buy(world, chained=(order_request("sell", OrderType.STOP_LOSS, "1", "900"),))
        world.candle(1000, 1000, 890, 1000)
    stopped_time = world.clock.now()
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") == "stop-loss-guard"
    world.clock.advance_to(stopped_time + 3 * HOUR - 1)
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") == "stop-loss-guard"
    world.clock.advance_to(stopped_time + 3 * HOUR)
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None


async def test_sales_at_a_loss_begin_a_cooldown_of_their_symbol(protected: MakeWorld) -> None:
    world = await protected(Cooldown(CooldownConfig(minutes=D(90))))
    await buy(world)
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None
    await world.order("sell", OrderType.LIMIT, "0.5", "990")
    world.candle(1000, 1000, 1000, 1000)
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") == "cooldown"
    assert await refusal(world, "sell", OrderType.LIMIT, "0.1", "2000") is None
    filled_time = world.manager.trades_manager.fills[-1].time
    world.clock.advance_to(filled_time + 5399)
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") == "cooldown"
    world.clock.advance_to(filled_time + 5400)
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None


async def test_every_order_counts_for_the_rate_and_exits_pass(protected: MakeWorld) -> None:
    world = await protected(OrderRate(OrderRateConfig(orders=3, seconds=D(60))), funds={"USDT": D(1000), "BTC": D(1)})
    assert await refusal(world, "sell", OrderType.LIMIT, "0.1", "2000") is None
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None
    with pytest.raises(InsufficientFunds):
        await world.order("buy", OrderType.LIMIT, "100", "900")
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") == "order-rate"
    assert await refusal(world, "sell", OrderType.STOP_LOSS, "0.1", "500") is None
    world.clock.advance_to(world.clock.now() + 60)
    assert await refusal(world, "buy", OrderType.LIMIT, "0.1", "100") is None


async def test_without_protections_nobody_listens(protected: MakeWorld) -> None:
    names = {"cryptocurrency": "Bitcoin", "symbol": SYMBOL}
    for protections, listens in (
        ((), False),
        ((TradingStop(),), False),
        ((DailyLoss(DailyLossConfig(amount=D(1)), ""),), True),
    ):
        world = await protected(*protections)
        assert bool(get_chan("Ticker", world.manager.id).topic_of(**names)) is listens


async def test_a_protection_of_ones_own(protected: MakeWorld) -> None:
    class NoEther(Protection):
        name = "no-ether"
        refuses_exits = True

        def reason_to_refuse(self, request: Any, now: float) -> str | None:
            return "not that one" if request.symbol.startswith("ETH") else None

    own = NoEther()
    world = await protected(own, funds={"USDT": D(1000), "ETH": D(1)})
    with pytest.raises(ProtectionRefused, match="ETH/USDT: not that one"):
        await world.order("sell", OrderType.LIMIT, "1", "5000", symbol="ETH/USDT")
    world.manager.protections.remove(own)
    await world.order("sell", OrderType.LIMIT, "1", "5000", symbol="ETH/USDT")
    with pytest.raises(NotImplementedError, match="override reason_to_refuse"):
        Protection().reason_to_refuse(order_request("buy", OrderType.MARKET, "1"), 0)
