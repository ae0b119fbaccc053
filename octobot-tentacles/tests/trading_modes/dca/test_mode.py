# SPDX-License-Identifier: Apache-2.0
"""DCATradingMode on a simulated exchange: when it enters, with which orders, and what is left after a restart."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.errors import SettingError
from octobot_tentacles.trading_modes.dca import DCATradingMode
from octobot_tentacles.trading_modes.dca.planner import ENTRY_TAG, Planner, Situation
from octobot_tentacles.trading_modes.dca.settings import SIGNALS_BASED, DCASettings, Steps
from octobot_trading.enums import GroupKind, OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.modes.order_amounts import Holdings, parse_amount
from octobot_trading.personal_data.orders.order_request import OrderRequest

DAY = 86_400.0
SIGNALS: dict[str, Any] = {"trigger_mode": SIGNALS_BASED}
LIMIT: dict[str, Any] = {"use_market_entry_orders": False, "entry_limit_orders_price_percent": 2}
MARKET = Market(
    "BTC/USDT", "BTC", "USDT", Decimal("0.001"), Decimal("0.01"), min_amount=Decimal("0.001"), min_cost=Decimal(5)
)


@pytest.fixture
def make_desk(make_mode_desk: Any) -> Any:
    return partial(make_mode_desk, DCATradingMode)


# Each line: settings, portfolio, then the orders of one entry at a price of 100.
SCENARIOS: list[Any] = [
    pytest.param({}, {"USDT": "1000"}, ["buy market 0.500"], id="50q at the market"),
    pytest.param(LIMIT, {"USDT": "1000"}, ["buy limit 0.510 at 98.00"], id="50q by limit"),
    pytest.param({"buy_order_amount": "8%"}, {"USDT": "1000"}, ["buy market 0.800"], id="8 % of the total"),
    pytest.param({"buy_order_amount": ""}, {"USDT": "1000"}, ["buy market 0.500"], id="no amount: 5 % of the total"),
    pytest.param({"buy_order_amount": "0.3"}, {"USDT": "1000"}, ["buy market 0.300"], id="base"),
    pytest.param(
        LIMIT | {"use_secondary_entry_orders": True, "secondary_entry_orders_count": 2,
                 "secondary_entry_orders_price_percent": 5, "secondary_entry_orders_amount": "20q"},
        {"USDT": "1000"},
        ["buy limit 0.510 at 98.00", "buy limit 0.214 at 93.10", "buy limit 0.226 at 88.20"],
        id="secondary entries",
    ),
    pytest.param(
        {"use_secondary_entry_orders": True}, {"USDT": "80"}, ["buy market 0.500", "buy limit 0.303 at 99.00"],
        id="funds run out: the second one gets what is left",
    ),
    pytest.param({"use_secondary_entry_orders": True}, {"USDT": "53"}, ["buy market 0.500"], id="nothing left for it"),
    pytest.param({}, {"USDT": "4.99"}, [], id="below the minimum cost"),
    pytest.param({"buy_order_amount": "0.0001"}, {"USDT": "1000"}, [], id="below the minimum amount"),
    pytest.param({}, {"BTC": "1"}, [], id="no quote at all"),
    pytest.param(
        {"max_asset_holding_percent": 30, "buy_order_amount": "500q"}, {"USDT": "900", "BTC": "1"},
        ["buy market 2.000"], id="up to the largest share",
    ),
    pytest.param({"max_asset_holding_percent": 5}, {"USDT": "900", "BTC": "1"}, [], id="beyond the largest share"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "portfolio", "orders"), SCENARIOS)
async def test_entries(make_desk: Any, settings: dict[str, Any], portfolio: dict[str, str], orders: list[str]) -> None:
    desk = await make_desk(portfolio, **settings)
    assert desk.open_orders() == orders


async def test_time_based_entries_keep_their_times(make_desk: Any) -> None:
    desk = await make_desk(minutes_before_next_buy=24 * 60)
    start = desk.clock.now()
    assert desk.open_orders() == ["buy market 0.500"]
    await desk.candle(100, 100, 100, 100)
    assert desk.fills() == ["buy 0.500 at 100.00"]
    await desk.pass_time(DAY - 61)
    assert desk.open_orders() == []
    await desk.pass_time(1)
    assert desk.clock.now() == start + DAY
    assert desk.open_orders() == ["buy market 0.500"]
    await desk.candle(50, 50, 50, 50)
    await desk.pass_time(DAY)
    assert desk.open_orders() == ["buy market 1.000"]


async def test_nothing_happens_before_the_first_price(make_desk: Any) -> None:
    desk = await make_desk(price=None)
    await desk.pass_time(30 * DAY)
    assert desk.open_orders() == []
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == ["buy market 0.500"]


async def test_a_restart_goes_on_with_the_interval(make_desk: Any) -> None:
    desk = await make_desk(minutes_before_next_buy=24 * 60)
    await desk.candle(100, 100, 100, 100)
    await desk.pass_time(DAY / 2)
    await desk.restart()
    assert desk.open_orders() == []
    await desk.pass_time(DAY / 2 - 61)
    assert desk.open_orders() == []
    await desk.pass_time(1)
    assert desk.open_orders() == ["buy market 0.500"]


async def test_a_restart_after_a_missed_time_enters_once(make_desk: Any) -> None:
    desk = await make_desk(minutes_before_next_buy=24 * 60)
    await desk.candle(100, 100, 100, 100)
    for mode in desk.modes:
        await mode.stop()
    desk.manager.trading_modes.clear()
    await desk.pass_time(3.5 * DAY)
    assert desk.open_orders() == []
    desk.modes = []
    await desk.start()
    await desk.candle(100, 100, 100, 100)
    assert [*desk.open_orders(), *desk.fills()].count("buy market 0.500") + len(desk.fills()) == 2


async def test_signals_enter_on_a_full_buy_only(make_desk: Any) -> None:
    desk = await make_desk(**SIGNALS)
    assert desk.open_orders() == []
    await desk.note(-0.99)
    await desk.note(-1, -0.5)
    await desk.note()
    await desk.note(1)
    assert desk.open_orders() == []
    await desk.note(-1, -1)
    assert desk.open_orders() == ["buy market 0.500"]
    assert desk.mode.get_current_state() == ("VERY_LONG", Decimal(-1))


async def test_notes_do_not_matter_where_time_decides(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.candle(100, 100, 100, 100)
    await desk.note(-1)
    assert desk.open_orders() == []


async def test_signals_of_other_time_frames_are_not_heard(make_desk: Any) -> None:
    desk = await make_desk(**SIGNALS, time_frames=["4h"])
    await desk.note(-1, time_frame="1h")
    assert desk.open_orders() == []
    await desk.note(-1, time_frame="4h")
    assert desk.open_orders() == ["buy market 0.500"]


async def test_other_pairs_are_left_alone(make_desk: Any) -> None:
    desk = await make_desk(trading_pairs=["ETH/USDT"])
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == []


async def test_the_first_entry_of_signals_when_asked_for(make_desk: Any) -> None:
    desk = await make_desk(**SIGNALS, use_init_entry_orders=True)
    assert desk.open_orders() == ["buy market 0.500"]
    await desk.candle(100, 100, 100, 100)
    await desk.restart()
    await desk.candle(100, 100, 100, 100)
    assert desk.fills() == ["buy 0.500 at 100.00"]


async def test_the_next_entry_cancels_what_did_not_fill_and_no_exit(make_desk: Any) -> None:
    desk = await make_desk(**SIGNALS, **LIMIT, use_take_profit_exit_orders=True)
    await desk.note(-1)
    await desk.candle(100, 100, 97, 99)
    assert desk.open_orders() == ["sell limit 0.509 at 102.90"]
    await desk.note(-1)
    await desk.note(-1)
    assert desk.open_orders() == ["sell limit 0.509 at 102.90", "buy limit 0.515 at 97.02"]


async def test_entries_pile_up_when_told_so(make_desk: Any) -> None:
    desk = await make_desk(**SIGNALS, **LIMIT, cancel_open_orders_at_each_entry=False)
    await desk.note(-1)
    await desk.note(-1)
    assert desk.open_orders() == ["buy limit 0.510 at 98.00"] * 2


async def test_a_filled_entry_gets_its_exits(make_desk: Any) -> None:
    desk = await make_desk(use_take_profit_exit_orders=True, use_stop_losses=True, buy_order_amount="1")
    await desk.candle(100, 100, 100, 100)
    # 0.1 % of the base bought went to the exchange
    assert desk.open_orders() == ["sell limit 0.999 at 105.00", "sell stop_loss 0.999 at 90.00"]
    await desk.candle(100, 106, 100, 105)
    assert desk.open_orders() == []
    assert desk.fills()[1:] == ["sell 0.999 at 105.00"]


async def test_several_take_profits_take_from_the_stop(make_desk: Any) -> None:
    desk = await make_desk(
        use_take_profit_exit_orders=True, use_secondary_exit_orders=True, secondary_exit_orders_count=2,
        secondary_exit_orders_price_percent=5, use_stop_losses=True, buy_order_amount="3",
    )  # fmt: skip
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == [
        "sell limit 1.000 at 105.00", "sell limit 1.000 at 110.00", "sell limit 0.997 at 115.00",
        "sell stop_loss 2.997 at 90.00",
    ]  # fmt: skip
    await desk.candle(100, 106, 100, 105)
    assert desk.open_orders()[-1] == "sell stop_loss 1.997 at 90.00"
    await desk.candle(105, 105, 80, 85)
    assert desk.open_orders() == []
    assert desk.manager.portfolio.total("BTC") < Decimal("0.001")


async def test_exits_survive_a_restart(make_desk: Any) -> None:
    desk = await make_desk(use_take_profit_exit_orders=True, use_stop_losses=True, buy_order_amount="1")
    await desk.restart()
    await desk.candle(100, 100, 100, 100)
    exits = ["sell limit 0.999 at 105.00", "sell stop_loss 0.999 at 90.00"]
    assert desk.open_orders() == exits
    await desk.restart()
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == exits


@pytest.mark.parametrize(
    ("portfolio", "exits", "orders"),
    [
        ({"USDT": "800", "BTC": "2"}, True, ["sell market 2.000", "buy market 0.500"]),
        ({"USDT": "900", "BTC": "1"}, True, ["buy market 0.500"]),
        # without exits holdings are meant to be held
        ({"USDT": "800", "BTC": "2"}, False, ["buy market 0.500"]),
    ],
)
async def test_the_health_check_sells_what_no_exit_covers(
    make_desk: Any, portfolio: dict[str, str], exits: bool, orders: list[str]
) -> None:
    desk = await make_desk(portfolio, enable_health_check=True, use_take_profit_exit_orders=exits)
    assert desk.open_orders() == orders


async def test_refusals_are_counted_and_the_next_time_is_kept(make_desk: Any) -> None:
    desk = await make_desk(price=None, minutes_before_next_buy=60, use_secondary_entry_orders=True)
    trader, create_order = desk.manager.trader, desk.manager.trader.create_order

    async def create_too_large_markets(request: OrderRequest) -> Any:
        if request.order_type is OrderType.MARKET:
            request = replace(request, quantity=Decimal(500))
        return await create_order(request)

    trader.create_order = create_too_large_markets
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == ["buy limit 0.505 at 99.00"]
    assert desk.mode.consumers[0].refused_orders == 1
    trader.create_order = create_order
    await desk.pass_time(3600)
    assert desk.open_orders() == ["buy market 0.500", "buy limit 0.505 at 99.00"]


async def test_orders_of_others_are_left_alone(make_desk: Any) -> None:
    desk = await make_desk(**SIGNALS)
    mine = OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.LIMIT, Decimal(1), price=Decimal(50), tag="mine")
    await desk.manager.trader.create_order(mine)
    await desk.note(-1)
    assert desk.open_orders() == ["buy limit 1 at 50.00", "buy market 0.500"]


@pytest.mark.parametrize(
    ("settings", "required"),
    [({}, []), ({"required_strategies": ["A"]}, []), (SIGNALS, ["SimpleStrategyEvaluator"]),
     (SIGNALS | {"required_strategies": ["A"]}, ["A"])],
)  # fmt: skip
def test_time_needs_no_strategy(settings: dict[str, Any], required: list[str]) -> None:
    setup = TentaclesSetupConfig({}, {"DCATradingMode": settings})
    assert DCATradingMode.get_required_strategies(setup) == required


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"minutes_before_next_buy": 0}, "minutes_before_next_buy"), ({"trigger_mode": "never"}, "trigger_mode"),
     ({"buy_order_amount": "5p%"}, "buy_order_amount"), ({"stop_loss_price_percent": 100}, "stop_loss_price_percent"),
     ({"time_frames": ["1x"]}, "time_frames")],
)  # fmt: skip
async def test_unusable_settings_are_refused(make_desk: Any, settings: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingError, match=named):
        await make_desk(**settings)


_fractions = st.decimals("0.001", "0.4", places=3)


@given(
    quote=st.decimals(0, 5000, places=2),
    base=st.decimals(0, 20, places=4),
    price=st.decimals("0.5", 5000, places=2),
    amount=st.sampled_from(["50q", "8%", "90a%", "0.37", "40s%", "1000q"]),
    entry=st.none() | _fractions,
    count=st.integers(0, 5),
    targets=st.none() | st.builds(Steps, first=_fractions, further=_fractions, count=st.integers(0, 3)),
    stop=st.none() | _fractions,
    share=st.decimals("0.05", 1, places=2),
)  # fmt: skip
def test_no_entry_spends_what_is_not_there_and_no_exit_sells_more_than_was_bought(
    quote: Decimal, base: Decimal, price: Decimal, amount: str, entry: Decimal | None, count: int,
    targets: Steps | None, stop: Decimal | None, share: Decimal,
) -> None:  # fmt: skip
    settings = DCASettings(
        amount=parse_amount(amount), entry_distance=entry, secondary_entries=count,
        secondary_distance=Decimal("0.1"), take_profits=targets, stop_loss=stop, max_asset_share=share,
    )  # fmt: skip
    value = quote + base * price
    holdings = Holdings(price, base, quote, base, quote, traded_assets_value=value)
    fees = FeeModel(Decimal("0.001"), Decimal("0.001"))
    now = Situation(market=MARKET, holdings=holdings, fees=fees)
    entries = Planner(settings, now, lambda: "group").entries()
    spent = Decimal(0)
    for request in entries:
        assert request.tag == ENTRY_TAG
        at = price if request.price is None else request.price
        MARKET.check(request.quantity, at, is_own_price=request.price is not None)
        spent += fees.needs(MARKET, OrderSide.BUY, request.quantity, MARKET.cost_of(request.quantity, at))[1]
        sells = [one for one in request.chained if one.order_type is OrderType.LIMIT]
        stops = [one for one in request.chained if one.order_type is OrderType.STOP_LOSS]
        assert sum(one.quantity for one in sells) <= request.quantity
        assert [one.quantity for one in stops] == ([] if stop is None else [request.quantity])
        if len(sells) > 1 and stops:
            assert {one.group_kind for one in request.chained} == {GroupKind.BALANCED_TAKE_PROFIT_AND_STOP}
    assert spent <= quote
    bought = sum((request.quantity for request in entries), Decimal(0))
    assert share == 1 or not entries or (base + bought) * price <= share * value + Decimal("1E-20")
