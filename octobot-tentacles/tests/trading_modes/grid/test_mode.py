# SPDX-License-Identifier: Apache-2.0
"""The whole grid on a simulated exchange: prices in, orders and fills out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from octobot_tentacles.trading_modes.grid import GridTradingMode
from octobot_trading.enums import ExchangeTypes, OrderSide, OrderType
from octobot_trading.errors import OrderRefused
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order_request import OrderRequest

FEES = FeeModel(Decimal("0.001"), Decimal("0.001"))
BUYS = ["buy limit 1.020 at 98.00", "buy limit 1.041 at 96.00", "buy limit 1.063 at 94.00"]
SELLS = ["sell limit 1.000 at 102.00", "sell limit 1.000 at 104.00", "sell limit 1.000 at 106.00"]


def listens_to_prices(desk: Any) -> bool:
    return bool(get_chan("Ticker", desk.manager.id).get_consumers())


async def test_the_first_price_makes_the_grid_nearest_orders_first(make_grid: Any) -> None:
    desk = await make_grid(desk={"price": None})
    assert desk.open_orders() == []
    assert listens_to_prices(desk)
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == [BUYS[0], SELLS[0], BUYS[1], SELLS[1], BUYS[2], SELLS[2]]
    assert not listens_to_prices(desk)
    assert desk.mode.remarks == []


@pytest.mark.parametrize(
    ("settings", "buy_to_sell", "sell_to_buy"),
    [
        # 1.020 less 0.1 % is 1.01898; 1.000 brings in 102 less 0.102, which pay for 1.0189 at 100
        ({}, "sell limit 1.018 at 100.00", "buy limit 1.018 at 100.00"),
        ({"reinvest_profits": False}, "sell limit 1.018 at 100.00", "buy limit 1.000 at 100.00"),
        # no base is free, but what rounding has left of the quote is
        ({"ignore_exchange_fees": True}, "sell limit 1.018 at 100.00", "buy limit 1.020 at 100.00"),
        ({"use_fixed_volume_for_mirror_orders": True}, "sell limit 1.018 at 100.00", "buy limit 1.000 at 100.00"),
        (
            {"use_fixed_volume_for_mirror_orders": True, "buy_volume_per_order": 1, "sell_volume_per_order": 0.5},
            "sell limit 0.500 at 100.00",
            "buy limit 0.629 at 100.00",  # 50.949 of the sale, and 12 that no other order needs
        ),
    ],
)
async def test_mirror_orders(make_grid: Any, settings: dict[str, Any], buy_to_sell: str, sell_to_buy: str) -> None:
    desk = await make_grid(desk={"fee_model": FEES}, **settings)
    before = desk.open_orders()
    await desk.candle(100, 100, 97.5, 99)
    assert desk.open_orders()[-1] == buy_to_sell
    assert len(desk.open_orders()) == len(before)
    await desk.manager.stop()
    desk = await make_grid(desk={"fee_model": FEES}, **settings)
    await desk.candle(100, 102.5, 100, 101)
    assert desk.open_orders()[-1] == sell_to_buy


async def test_fees_that_are_ignored_are_paid_from_what_is_free(make_grid: Any) -> None:
    desk = await make_grid(desk={"fee_model": FEES}, ignore_exchange_fees=True, sell_funds=2)
    await desk.candle(100, 100, 97.5, 99)
    assert desk.open_orders()[-1] == "sell limit 1.020 at 100.00"


async def test_a_round_trip_earns_the_increment(make_grid: Any) -> None:
    desk = await make_grid(reinvest_profits=False)
    await desk.prices(97.9)
    await desk.prices(100.1)
    assert desk.fills() == ["buy 1.020 at 98.00", "sell 1.020 at 100.00"]
    assert desk.manager.portfolio.total("USDT") == 300 + Decimal("1.020") * 2
    assert sorted(desk.open_orders()) == sorted(BUYS + SELLS)


async def test_several_fills_in_one_candle(make_grid: Any) -> None:
    desk = await make_grid()
    await desk.candle(100, 104.5, 95.5, 100)
    assert sorted(desk.fills()) == [
        "buy 1.020 at 98.00",
        "buy 1.041 at 96.00",
        "sell 1.000 at 102.00",
        "sell 1.000 at 104.00",
    ]
    assert sorted(desk.open_orders()) == [
        "buy limit 1.019 at 102.00",  # the price is below: it fills at once, and no worse
        "buy limit 1.020 at 100.00",
        BUYS[2],
        "sell limit 1.000 at 106.00",
        "sell limit 1.020 at 100.00",
        "sell limit 1.041 at 98.00",
    ]


async def test_a_delayed_mirror_order_survives_a_restart(make_grid: Any) -> None:
    desk = await make_grid(mirror_order_delay=600)
    await desk.candle(100, 100, 97.5, 99)
    await desk.pass_time(300)
    assert len(desk.open_orders()) == 5
    await desk.restart()
    await desk.pass_time(299)
    assert len(desk.open_orders()) == 5
    await desk.pass_time(2)
    assert desk.open_orders()[-1] == "sell limit 1.020 at 100.00"
    assert len(desk.open_orders()) == 6


async def test_fills_that_nobody_saw_are_answered_after_the_start(make_grid: Any) -> None:
    desk = await make_grid()
    for mode in desk.modes:
        desk.manager.trading_modes.remove(mode)
        await mode.stop()
    await desk.prices(96)
    await desk.prices(99)
    assert len(desk.open_orders()) == 4
    await desk.start()
    await desk.prices(99)
    assert sorted(desk.open_orders()) == sorted(
        [BUYS[2], *SELLS, "sell limit 1.020 at 100.00", "sell limit 1.041 at 98.00"]
    )


async def test_other_settings_make_another_grid(make_grid: Any) -> None:
    desk = await make_grid()
    desk._profile.tentacles_setup.get_config(GridTradingMode)["pair_settings"][0]["flat_increment"] = 3
    await desk.restart()
    await desk.prices(100)
    assert [one.rpartition(" ")[2] for one in desk.open_orders()] == [
        "98.00", "102.00", "95.00", "105.00", "92.00", "108.00",
    ]  # fmt: skip


async def test_a_side_without_funds_waits_for_the_other_one(make_grid: Any) -> None:
    desk = await make_grid({"USDT": "300"})
    assert desk.open_orders() == BUYS
    assert desk.mode.remarks == ["BTC/USDT: none of 3 sell orders, as more is needed than 0 BTC"]
    await desk.prices(95.9)
    assert desk.open_orders() == [BUYS[2], "sell limit 1.020 at 100.00", "sell limit 1.041 at 98.00"]


async def test_small_funds_serve_the_levels_nearest_to_the_price(make_grid: Any) -> None:
    desk = await make_grid({"USDT": "12", "BTC": "0.06"})  # an order has to be worth 5
    assert desk.open_orders() == ["buy limit 0.061 at 98.00", "sell limit 0.060 at 102.00", "buy limit 0.062 at 96.00"]
    assert desk.mode.remarks == [
        "BTC/USDT: only 2 of 3 buy orders, as more is needed than 12 USDT",
        "BTC/USDT: only 1 of 3 sell orders, as more is needed than 0.06 BTC",
    ]


async def test_a_mirror_order_that_is_too_small_is_left_out(make_grid: Any) -> None:
    market = Market(
        "BTC/USDT", "BTC", "USDT", Decimal("0.001"), Decimal("0.01"), Decimal("0.001"), min_cost=Decimal(98)
    )
    desk = await make_grid({"USDT": "98"}, {"markets": [market], "fee_model": FeeModel(Decimal("0.03"))})
    assert desk.open_orders() == ["buy limit 1.000 at 98.00"]
    desk.manager.explanations = []
    await desk.prices(97)  # 0.97 BTC at 100 are 97 USDT
    assert desk.open_orders() == []
    assert "below the market's minimum" in desk.manager.explanations[-1].text
    await desk.restart()
    await desk.prices(100)
    assert desk.fills() == ["buy 1.000 at 98.00"]


async def test_funds_and_volumes_that_are_set_are_kept_to(make_grid: Any) -> None:
    desk = await make_grid(buy_funds=150, sell_volume_per_order=0.7, buy_volume_per_order=0.6)
    assert desk.open_orders() == [
        "buy limit 0.600 at 98.00",
        "sell limit 0.700 at 102.00",
        "buy limit 0.600 at 96.00",
        "sell limit 0.700 at 104.00",
        "sell limit 0.700 at 106.00",
    ]
    assert desk.mode.remarks == ["BTC/USDT: only 2 of 3 buy orders, as more is needed than 150 USDT"]


async def test_a_starting_price_that_the_market_has_left(make_grid: Any) -> None:
    desk = await make_grid(starting_price=104)
    # levels around 104 with the market at 100: the buys at 102 and 100 would fill at once, so their levels sell
    assert sorted(desk.open_orders()) == [
        "buy limit 3.061 at 98.00",
        "sell limit 0.600 at 102.00",
        "sell limit 0.600 at 104.00",
        "sell limit 0.600 at 106.00",
        "sell limit 0.600 at 108.00",
        "sell limit 0.600 at 110.00",
    ]


async def test_levels_below_zero_are_left_out(make_grid: Any) -> None:
    desk = await make_grid(flat_spread=80, flat_increment=40)
    assert [one.rpartition(" ")[2] for one in desk.open_orders()] == ["60.00", "140.00", "20.00", "180.00", "220.00"]
    assert desk.mode.remarks == ["BTC/USDT: 1 levels are left out, as their price would be zero or below"]


async def test_an_increment_below_the_price_step(make_grid: Any) -> None:
    market = Market("BTC/USDT", "BTC", "USDT", price_tick=Decimal(10))
    desk = await make_grid(desk={"markets": [market]})
    assert desk.open_orders() == []
    assert desk.mode.remarks == ["BTC/USDT: no orders, as the increment is smaller than the market's price step of 10"]


async def test_an_order_that_somebody_cancels_is_not_created_again(make_grid: Any) -> None:
    desk = await make_grid()
    (order,) = [one for one in desk.manager.orders_manager.get_open_orders() if one.request.price == 96]
    await desk.manager.trader.cancel_order(order, "by hand")
    await desk.settle()
    await desk.restart()
    await desk.prices(100)
    assert sorted(desk.open_orders()) == sorted([BUYS[0], BUYS[2], *SELLS])


async def test_existing_orders_only(make_grid: Any) -> None:
    desk = await make_grid(desk={"price": None}, use_existing_orders_only=True)
    trader = desk.manager.trader
    for side, price in ((OrderSide.BUY, 97), (OrderSide.SELL, 103)):
        request = OrderRequest("BTC/USDT", side, OrderType.LIMIT, Decimal(1), price=Decimal(price), tag="mine")
        await trader.create_order(request)
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == ["buy limit 1 at 97.00", "sell limit 1 at 103.00"]
    await desk.prices(96)
    assert desk.open_orders() == ["sell limit 1 at 103.00", "sell limit 1.000 at 99.00"]
    await desk.restart()
    await desk.prices(103.1)
    assert sorted(desk.open_orders()) == ["buy limit 1.019 at 101.00", "buy limit 1.020 at 97.00"]


async def test_existing_orders_only_where_there_are_none(make_grid: Any) -> None:
    desk = await make_grid(use_existing_orders_only=True)
    assert desk.open_orders() == []
    assert desk.mode.remarks == ["BTC/USDT: no orders, as only existing ones are to be used and there are none"]


async def test_a_refused_order_is_tried_three_times(make_grid: Any) -> None:
    desk = await make_grid()
    trader, create_order, asked = desk.manager.trader, desk.manager.trader.create_order, []

    async def refuse_sells(request: OrderRequest) -> Any:
        if request.side is OrderSide.SELL:
            asked.append(f"{request.price:.2f}")
            raise OrderRefused("no sells today")
        return await create_order(request)

    trader.create_order = refuse_sells
    desk.manager.explanations = []
    await desk.prices(97.9, 96.5)
    assert asked == ["100.00"]
    await desk.prices(95.9, 94.5, 93.9, 92)
    assert asked == ["100.00", "98.00", "100.00", "96.00", "98.00", "100.00"]
    assert desk.mode.consumers[0].refused_orders == 6
    assert "sell limit left out: no sells today" in [one.text for one in desk.manager.explanations]
    trader.create_order = create_order
    await desk.prices(101, 102.1)
    # the levels at 98 and 96 had been tried twice and once; that at 100 was given up
    assert sorted(desk.open_orders()) == [
        "buy limit 1.020 at 100.00",
        "sell limit 1.000 at 104.00",
        "sell limit 1.000 at 106.00",
        "sell limit 1.041 at 98.00",
        "sell limit 1.063 at 96.00",
    ]
    assert desk.mode.producers[0].ladder.get(-1).reason == "refused 3 times"


async def test_orders_of_others_are_left_alone(make_grid: Any) -> None:
    desk = await make_grid(buy_funds=150, enable_trailing_up=True)
    request = OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.LIMIT, Decimal(1), price=Decimal(50), tag="mine")
    await desk.manager.trader.create_order(request)
    await desk.prices(112)
    await desk.prices(112)
    assert "buy limit 1 at 50.00" in desk.open_orders()


async def test_orders_carry_what_made_them(make_grid: Any) -> None:
    desk = await make_grid()
    order, *_ = desk.manager.orders_manager.get_open_orders()
    assert order.request.tag == "GridTradingMode"
    assert order.request.cause["trading_mode"] == "GridTradingMode"
    assert order.request.cause["level"] == -1
    assert order.decision is not None


async def test_any_kind_of_market_and_no_strategy(make_grid: Any) -> None:
    desk = await make_grid()
    assert desk.mode.get_supported_exchange_types() == [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]
    assert desk.mode.get_required_strategies(desk.mode.tentacles_setup_config) == []
    assert not desk.mode.producers[0].takes_notes


async def test_pairs_share_what_is_available(make_mode_desk: Any) -> None:
    def market(base: str) -> Market:
        return replace(Market.default(f"{base}/USDT"), amount_step=Decimal("0.001"), price_tick=Decimal("0.01"))

    desk = await make_mode_desk(
        GridTradingMode,
        {"USDT": "600"},
        markets=[market("BTC"), market("ETH")],
        pair_settings=[{"pair": "BTC/USDT", "flat_spread": 4, "flat_increment": 2, "buy_orders_count": 3}],
    )
    worth = {
        symbol: sum(
            one.request.quantity * one.request.price for one in desk.manager.orders_manager.get_open_orders(symbol)
        )
        for symbol in ("BTC/USDT", "ETH/USDT")
    }
    assert all(299 < one < 301 for one in worth.values())
    assert desk.modes[1].remarks[0] == (
        "ETH/USDT has no entry in pair_settings: that of BTC/USDT is scaled to its price"
    )
    # 1.6 % of 100, and twice that as in the entry
    assert desk.open_orders("ETH/USDT")[:2] == ["buy limit 1.016 at 98.40", "buy limit 1.033 at 96.80"]
    before = desk.open_orders()
    await desk.restart()
    await desk.prices(101)
    assert desk.open_orders() == before
