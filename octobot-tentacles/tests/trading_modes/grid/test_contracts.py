# SPDX-License-Identifier: Apache-2.0
"""Grids of contracts: both sides draw on one margin, and what fills is a position that the mirror orders leave."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_tentacles.trading_modes.ladder.planning import own_side
from octobot_tentacles.trading_modes.ladder.slots import SlotStatus
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order_request import OrderRequest

many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
BUYS = ["buy limit 1.633 at 98.00", "buy limit 1.667 at 96.00", "buy limit 1.703 at 94.00"]
SELLS = ["sell limit 1.600 at 102.00", "sell limit 1.600 at 104.00", "sell limit 1.600 at 106.00"]


def in_turn(buys: list[str], sells: list[str]) -> list[str]:
    return [one for pair in zip(buys, sells, strict=True) for one in pair]


# What both sides need of 1,000: with levels of w, entries of 3 w for the buys and 3.12 w for the sells, each with a fee
# of 0.1 %, and what three sells have lost at 106, 0.06 w, over the leverage on top: 6.2461 w.
async def test_both_sides_are_worth_the_same(make_contract_grid: Any) -> None:
    desk = await make_contract_grid()
    assert desk.open_orders() == in_turn(BUYS, SELLS)
    assert desk.mode.remarks == []
    worth = [Decimal(one.split()[2]) * (Decimal(one.split()[4]) if one in BUYS else 100) for one in BUYS + SELLS]
    assert max(worth) - min(worth) < Decimal("0.2")


@pytest.mark.parametrize("leverage", ["1", "2", "10", "50"])
async def test_leverage_makes_it_larger_until_losses_weigh_more(make_contract_grid: Any, leverage: str) -> None:
    desk = await make_contract_grid(desk={"leverage": leverage})
    quantity = Decimal(desk.open_orders()[0].split()[2])
    level, per_leverage = quantity * 98, 1 / Decimal(leverage)
    loss = max(Decimal(4) / 98 + Decimal(2) / 96, Decimal("0.06") * (1 + per_leverage))
    needed = level * ((3 + Decimal("3.12")) * (per_leverage + Decimal("0.001")) + loss)
    assert 1000 - (loss + 7 * per_leverage) * Decimal("0.1") < needed <= 1000, "short of a step of each order"


@pytest.mark.parametrize(
    "settings_of_mirrors",
    [
        {},
        {"reinvest_profits": False},
        {"ignore_exchange_fees": True},
        {"use_fixed_volume_for_mirror_orders": True},
    ],
)
async def test_mirror_orders_trade_what_has_filled(make_contract_grid: Any, settings_of_mirrors: Any) -> None:
    desk = await make_contract_grid(**settings_of_mirrors)
    await desk.candle(100, 100, 97.5, 99)
    assert (desk.position, desk.open_orders()[-1]) == ("1.633", "sell limit 1.633 at 100.00")
    await desk.candle(99, 104.5, 99, 101)
    assert (desk.position, desk.open_orders()[-3:]) == (
        "-3.200", ["buy limit 1.600 at 100.00", "buy limit 1.600 at 102.00", BUYS[0]],
    )  # fmt: skip
    await desk.candle(101, 101, 99.5, 99.5)
    assert desk.position == "0"
    assert sorted(desk.open_orders()) == sorted(BUYS + SELLS)


async def test_nothing_is_refused_at_either_end(make_contract_grid: Any) -> None:
    desk = await make_contract_grid(desk={"leverage": "5"})
    start = sorted(desk.open_orders())
    await desk.prices(93.9)
    await desk.prices(*[96.1, 93.9] * 40)  # the lowest level again and again: the average comes down to it
    await desk.prices(106.1)
    assert desk.position.startswith("-")
    await desk.prices(*[103.9, 106.1] * 40)
    assert len(desk.fills()) > 160
    await desk.prices(99.9)
    assert (desk.position, sorted(desk.open_orders())) == ("0", start)
    assert desk.mode.consumers[0].refused_orders == 0


@pytest.mark.parametrize(
    ("pair", "buys", "sells"),
    [
        pytest.param({"buy_funds": 98}, ["0.333", "0.340", "0.347"], ["2.780"] * 3, id="the sells get the rest"),
        pytest.param({"sell_funds": 0.3}, ["3.225", "3.292", "3.362"], ["0.100"] * 3, id="the buys get the rest"),
        pytest.param({"buy_funds": 98, "sell_funds": 0.3}, ["0.333", "0.340", "0.347"], ["0.100"] * 3, id="both"),
        pytest.param({"buy_funds": 960, "sell_funds": 9.6}, ["1.633", "1.667", "1.703"], ["1.600"] * 3,
                     id="both, as far as the margin goes"),
        pytest.param({"buy_volume_per_order": 0.5, "sell_volume_per_order": 0.2}, ["0.500"] * 3, ["0.200"] * 3,
                     id="volumes"),
        pytest.param({"buy_volume_per_order": 2, "sell_volume_per_order": 2}, ["2.000"] * 2, ["2.000"] * 2,
                     id="volumes from the price outwards"),
        pytest.param({"buy_orders_count": 0}, [], ["3.083"] * 3, id="sells alone"),
        pytest.param({"sell_orders_count": 0}, ["3.329", "3.398", "3.471"], [], id="buys alone"),
    ],
)  # fmt: skip
async def test_funds(make_contract_grid: Any, pair: dict[str, Any], buys: list[str], sells: list[str]) -> None:
    desk = await make_contract_grid(**pair)
    for side, quantities in (("buy", buys), ("sell", sells)):
        assert [one.split()[2] for one in desk.open_orders() if one.startswith(side)] == quantities


async def test_levels_beyond_the_price_begin_on_their_other_side(make_contract_grid: Any) -> None:
    desk = await make_contract_grid(starting_price=103)
    assert [" ".join(one.split()[::4]) for one in sorted(desk.open_orders(), key=lambda one: one.split()[4:])] == [
        "sell 103.00", "sell 105.00", "sell 107.00", "sell 109.00", "buy 97.00", "buy 99.00",
    ]  # fmt: skip
    await desk.prices(104, 100)
    assert desk.position == "0"
    assert desk.fills()[0].startswith("sell")
    assert desk.fills()[1].startswith("buy")


async def test_too_little_margin(make_contract_grid: Any) -> None:
    desk = await make_contract_grid({"USDT": "25"})
    assert len(desk.open_orders()) == 4
    assert desk.mode.remarks[0].startswith("BTC/USDT:USDT: only 2 of 3 buy orders, as more is needed than 12.")
    desk = await make_contract_grid_again(make_contract_grid, desk)
    assert desk.open_orders() == []


async def make_contract_grid_again(make: Any, before: Any) -> Any:
    await before.manager.stop()
    return await make({"USDT": "0"})


async def test_pairs_share_the_margin_and_leave_each_other_what_losses_may_take(make_contract_grid: Any) -> None:
    def market(base: str) -> Market:
        plain = Market.default(f"{base}/USDT:USDT")
        return replace(
            plain, base=base, quote="USDT", amount_step=Decimal("0.001"), price_tick=Decimal("0.01"),
            contract=ContractTerms("USDT"),
        )  # fmt: skip

    markets = [market("BTC"), market("ETH"), market("ADA")]
    desk = await make_contract_grid(desk={"leverage": "10", "markets": markets})
    symbols = [one.symbol for one in markets]
    quantities = [Decimal(desk.open_orders(symbol)[0].split()[2]) for symbol in symbols]
    assert max(quantities[1:]) - min(quantities[1:]) <= Decimal("0.001")
    for symbol in symbols:
        await desk.prices(93, symbol=symbol)
    for _ in range(5):
        for symbol in symbols:
            await desk.prices(99, 93, symbol=symbol)
    assert [mode.consumers[0].refused_orders for mode in desk.modes] == [0, 0, 0]
    assert all(len(desk.open_orders(symbol)) == 6 for symbol in symbols[:1])


async def test_inverse_contracts(make_contract_grid: Any) -> None:
    market = Market(
        "BTC/USD:BTC", "BTC", "USD", amount_step=Decimal(1), price_tick=Decimal("0.01"),
        contract=ContractTerms("BTC", Decimal(1), is_inverse=True),
    )  # fmt: skip
    desk = await make_contract_grid({"BTC": "10"}, desk={"markets": [market], "leverage": "3"}, pair="BTC/USD:BTC")
    buys = [one for one in desk.open_orders() if one.startswith("buy")]
    quantities = [int(one.split()[2]) for one in buys]
    assert max(quantities) - min(quantities) <= 1, "each is worth as much quote as the others: as many contracts"
    await desk.prices(93.9)
    assert int(desk.position) == sum(quantities)
    await desk.prices(*[96.1, 93.9] * 20, 100, 106, *[103.9, 106.1] * 20, 99.9)
    assert desk.position == "0"
    assert desk.mode.consumers[0].refused_orders == 0
    assert len(desk.open_orders()) == 6


async def test_a_restart_goes_on(make_contract_grid: Any) -> None:
    desk = await make_contract_grid()
    await desk.prices(97.5)
    before = desk.open_orders()
    await desk.restart()
    await desk.prices(97.6)
    assert desk.open_orders() == before
    for mode in desk.modes:
        desk.manager.trading_modes.remove(mode)
        await mode.stop()
    await desk.prices(95.5)  # a fill while the bot is down
    await desk.start()
    await desk.prices(95.4)
    assert (desk.position, desk.open_orders()[-1]) == ("3.300", "sell limit 1.667 at 98.00")


async def test_a_level_without_an_order_is_where_the_position_says(make_contract_grid: Any) -> None:
    desk = await make_contract_grid()
    await desk.prices(97.5)
    trader = desk.manager.trader
    ladder = desk.mode.producers[0].ladder
    held, waiting = ladder.get(-1), ladder.get(-2)
    for slot in (held, waiting):  # nobody knows these any more
        await trader.cancel_order(desk.manager.orders_manager.get(slot.order_id))
    await desk.settle()
    account = desk.mode.producers[0].account
    for price, side_of_held in ((97.0, OrderSide.SELL), (99.0, OrderSide.BUY)):
        for slot in (held, waiting):
            slot.becomes_due(OrderSide.BUY, slot.quantity)
            slot.is_certain = False
        account.settle(ladder, Decimal(str(price)))
        assert (held.side, waiting.side) == (side_of_held, OrderSide.BUY)


async def test_following_closes_the_position_first(make_contract_grid: Any) -> None:
    desk = await make_contract_grid(enable_trailing_up=True, order_by_order_trailing=True)
    assert desk.mode.remarks == ["BTC/USDT:USDT: the ladder follows the price as a whole, as contracts are traded"]
    await desk.prices(107)
    assert desk.position == "-4.800"
    await desk.prices(109)
    assert desk.open_orders() == ["buy market 4.800"]
    assert desk.manager.orders_manager.get_open_orders()[0].request.reduce_only
    await desk.candle(109, 109, 109, 109)
    assert desk.position == "0"
    assert [one.rpartition(" ")[2] for one in desk.open_orders()] == [
        "107.00", "111.00", "105.00", "113.00", "103.00", "115.00",
    ]  # fmt: skip


async def test_free_margin_is_spread_over_the_entries(make_contract_grid: Any) -> None:
    desk = await make_contract_grid(allow_funds_redispatch=True, funds_redispatch_interval=1)
    await desk.prices(97.5)
    before = desk.open_orders()
    await desk.pass_time(3600)
    assert desk.open_orders() == before
    desk.exchange._account.portfolio.change("USDT", Decimal(1000))  # a deposit
    desk.manager.portfolio.change("USDT", Decimal(1000))
    await desk.pass_time(3600)
    after = [line.split() for line in desk.open_orders()]
    assert sorted(one.split()[4] for one in before) == sorted(one[4] for one in after)
    sizes = {one[4]: Decimal(one[2]) for one in after}
    assert sizes["100.00"] == Decimal("1.633"), "what is held is left as it was entered"
    assert sizes["96.00"] > 2 * Decimal("1.6")
    await desk.prices(94, 106, 99.9)
    assert desk.position == "0"
    assert desk.mode.consumers[0].refused_orders == 0


async def test_orders_of_others_are_left_alone(make_contract_grid: Any) -> None:
    desk = await make_contract_grid(buy_funds=150, sell_funds=1, enable_trailing_up=True)
    mine = OrderRequest("BTC/USDT:USDT", OrderSide.BUY, OrderType.LIMIT, Decimal(1), price=Decimal(50), tag="mine")
    await desk.manager.trader.create_order(mine)
    await desk.prices(112)
    await desk.prices(112)
    assert "buy limit 1 at 50.00" in desk.open_orders()


# Properties


def held_by_levels(desk: Any) -> Decimal:
    ladder = desk.mode.producers[0].ladder
    held = Decimal(0)
    for slot in ladder:
        if slot.is_active and slot.side is not own_side(slot, ladder.spec.price):
            held += slot.quantity if slot.side is OrderSide.SELL else -slot.quantity
    return held


def check(desk: Any) -> None:
    """Every level has its order, the position is what they hold, and nothing was refused."""
    assert len(desk.open_orders()) == 6
    assert Decimal(desk.position) == held_by_levels(desk)
    assert desk.mode.consumers[0].refused_orders == 0
    assert not desk.exchange._account.bankruptcies


@st.composite
def walks(draw: st.DrawFn, low: int, high: int) -> list[tuple[float, float, float, float]]:
    candles, last = [], 1000
    for _ in range(draw(st.integers(1, 25))):
        opening, close = draw(st.sampled_from([last, last, draw(st.integers(low, high))])), draw(st.integers(low, high))
        top = draw(st.integers(max(opening, close), high))
        bottom = draw(st.integers(low, min(opening, close)))
        candles.append((opening / 10, top / 10, bottom / 10, close / 10))
        last = close
    return candles


@many
@given(
    candles=walks(940, 1060),
    leverage=st.sampled_from(["1", "3", "20", "100"]),
    restarts=st.sets(st.integers(0, 24), max_size=3),
)
async def test_within_its_range_a_grid_always_has_its_margin(
    make_contract_grid: Any, candles: Any, leverage: str, restarts: set[int]
) -> None:
    desk = await make_contract_grid(desk={"leverage": leverage})
    try:
        for index, candle in enumerate(candles):
            await desk.candle(*candle)
            check(desk)
            if index in restarts:
                before = desk.open_orders()
                await desk.restart()
                assert desk.open_orders() == before
    finally:
        await desk.manager.stop()


@many
@given(
    candles=walks(800, 1200),
    leverage=st.sampled_from(["1", "3"]),
    ways=st.sampled_from([(True, True), (True, False), (False, True)]),
    share=st.sampled_from([None, "0.0005", "0.002"]),
    latency=st.sampled_from([0.0, 90.0]),
    restarts=st.sets(st.integers(0, 24), max_size=3),
)
async def test_a_grid_that_follows_holds_what_its_levels_say(
    make_contract_grid: Any,
    candles: Any,
    leverage: str,
    ways: tuple[bool, bool],
    share: str | None,
    latency: float,
    restarts: set[int],
) -> None:
    shares = {} if share is None else {"volume_share": Decimal(share)}
    make_exchange = partial(SimulatedExchange, latency_seconds=latency, **shares)
    desk = await make_contract_grid(
        desk={"leverage": leverage, "make_exchange": make_exchange},
        enable_trailing_up=ways[0],
        enable_trailing_down=ways[1],
        buy_funds=240,  # a quarter of the margin: beyond its range a grid has none left for what is entered there
        sell_funds=2.4,
    )
    try:
        for index, candle in enumerate(candles):
            await desk.candle(*candle)
            if index in restarts:
                await desk.restart()
        quiet = candles[-1][-1]
        for _ in range(12):  # whatever is under way comes to its end
            await desk.candle(quiet, quiet, quiet, quiet, volume=1e6)
        producer = desk.mode.producers[0]
        partly = sum(
            one.filled_quantity if one.request.side is OrderSide.BUY else -one.filled_quantity
            for one in desk.manager.orders_manager.get_open_orders()
        )
        assert producer._remaking is None
        assert Decimal(desk.position) == held_by_levels(desk) + partly
        assert all(slot.status is SlotStatus.OPEN or slot.reason or slot.attempts for slot in producer.ladder)
    finally:
        await desk.manager.stop()
