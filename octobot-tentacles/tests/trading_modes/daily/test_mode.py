# SPDX-License-Identifier: Apache-2.0
"""The whole mode on a simulated exchange: notes in, orders and fills out."""

from __future__ import annotations

import logging
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from octobot_commons.errors import BugError
from octobot_trading.enums import EvaluatorStates, ExchangeTypes, FeeAsset, OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.personal_data.orders.order_request import OrderRequest


async def test_buys_and_sells_with_the_state(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.9)
    assert desk.open_orders() == ["buy market 7.900"]
    await desk.candle(101, 102, 100, 102)
    assert desk.fills() == ["buy 7.900 at 101.00"]
    await desk.note(0.9)
    await desk.candle(103, 103, 103, 103)
    # 7.8921 BTC after the fee, 79 % of them
    assert desk.fills()[1:] == ["sell 6.234 at 103.00"]


async def test_the_same_state_orders_nothing_again(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.5)
    await desk.note(-0.6)
    assert desk.open_orders() == ["buy limit 5.063 at 98.75"]
    assert desk.mode.get_current_state() == ("LONG", Decimal("-0.6"))


async def test_a_new_state_cancels_what_the_last_one_ordered(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.5)
    await desk.note(0.0)
    assert desk.open_orders() == []
    assert desk.manager.portfolio.available("USDT") == 1000
    await desk.note(-0.9)
    assert desk.open_orders() == ["buy market 7.900"]


async def test_orders_of_others_are_left_alone(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.manager.trader.create_order(
        OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.LIMIT, Decimal(1), price=Decimal(50), tag="mine")
    )
    await desk.note(-0.5)
    await desk.note(0.0)
    assert desk.open_orders() == ["buy limit 1 at 50.00"]


async def test_a_filled_sell_cancels_its_stop(make_desk: Any) -> None:
    desk = await make_desk({"BTC": "2"})
    await desk.note(0.5)
    assert desk.open_orders() == ["sell limit 1.000 at 101.25", "sell stop_loss 1.000 at 97.00"]
    await desk.candle(100, 102, 99, 101)
    assert desk.fills() == ["sell 1.000 at 101.25"]
    assert desk.open_orders() == []


async def test_a_stop_cancels_its_sell(make_desk: Any) -> None:
    desk = await make_desk({"BTC": "2"})
    await desk.note(0.5)
    await desk.candle(100, 100, 96, 98)
    assert desk.fills() == ["sell 1.000 at 97.00"]
    assert desk.open_orders() == []


async def test_target_profits_leave_the_position_by_themselves(make_desk: Any) -> None:
    desk = await make_desk(target_profits_mode=True)
    await desk.note(-0.9)
    await desk.candle(100, 101, 99, 100)
    exits = ["sell limit 7.892 at 105.00", "sell stop_loss 7.892 at 97.50"]
    assert desk.open_orders() == exits
    await desk.note(0.9)  # notes do not sell, and do not cancel the exits
    assert desk.open_orders() == exits
    await desk.note(-0.9)  # one position at a time
    assert desk.open_orders() == exits
    await desk.candle(100, 106, 99, 105)
    assert desk.fills() == ["buy 7.900 at 100.00", "sell 7.892 at 105.00"]
    assert desk.open_orders() == []


async def test_target_profits_stop(make_desk: Any) -> None:
    desk = await make_desk(target_profits_mode=True)
    await desk.note(-0.5)
    await desk.candle(100, 100, 98, 99)
    await desk.candle(99, 99, 96, 97)
    assert desk.fills() == ["buy 5.063 at 98.75", "sell 5.057 at 96.28"]
    assert desk.open_orders() == []


async def test_an_unfilled_entry_is_cancelled_with_its_exits(make_desk: Any) -> None:
    desk = await make_desk(target_profits_mode=True)
    await desk.note(-0.5)
    await desk.note(0.5)
    await desk.candle(100, 100, 90, 95)
    assert desk.fills() == []
    assert desk.open_orders() == []


async def test_the_final_note_is_the_mean_of_the_numbers(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-1, 0.5, True, "0", {"price": 1}, float("nan"), None)
    assert desk.mode.get_current_state() == ("LONG", Decimal("-0.25"))


async def test_nothing_is_decided_before_enough_strategies_have_noted(make_desk: Any) -> None:
    desk = await make_desk(required_strategies_min_count=2)
    await desk.note(-1)
    await desk.note("0", -1)
    assert desk.mode.get_current_state() == ("UNKNOWN", None)
    await desk.note(-1, -1)
    assert desk.mode.get_current_state() == ("VERY_LONG", Decimal(-1))


async def test_nothing_is_decided_without_notes(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note("0")
    assert desk.mode.get_current_state() == ("UNKNOWN", None)


async def test_strategies_that_note_a_time_frame_are_heard(make_desk: Any) -> None:
    desk = await make_desk()
    desk.notes.of_time_frame["1h"] = {"Strategy": -0.9}
    await desk.note(time_frame="1h")
    assert desk.mode.get_current_state()[0] == "VERY_LONG"


async def test_orders_that_cannot_be_made_are_left_out_quietly(
    make_desk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk = await make_desk({"USDT": "4"})
    await desk.note(-0.9)
    assert desk.open_orders() == []
    assert [record.levelname for record in caplog.records if "no order for" in record.message] == ["DEBUG"]


async def test_a_refusal_by_the_exchange_is_counted_and_the_rest_goes_on(
    make_desk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk = await make_desk({"BTC": "2"})
    trader, create_order = desk.manager.trader, desk.manager.trader.create_order

    async def create_with_too_large_a_limit(request: OrderRequest) -> Any:
        if request.order_type is OrderType.LIMIT:
            request = replace(request, quantity=Decimal(5))
        return await create_order(request)

    trader.create_order = create_with_too_large_a_limit
    await desk.note(0.5)
    assert desk.open_orders() == ["sell stop_loss 1.000 at 97.00"]
    assert desk.mode.consumers[0].refused_orders == 1
    assert [record.levelname for record in caplog.records if "left out" in record.message] == ["DEBUG"]


async def test_without_a_price_there_are_no_orders(make_desk: Any) -> None:
    desk = await make_desk(price=None)
    await desk.note(-0.9)
    assert desk.open_orders() == []


async def test_everything_can_be_spent_when_fees_are_taken_in_quote(make_desk: Any) -> None:
    fees = FeeModel(Decimal("0.001"), Decimal("0.001"), FeeAsset.QUOTE)
    desk = await make_desk(fee_model=fees, buy_with_maximum_size_orders=True)
    await desk.note(-0.9)
    assert desk.open_orders() == ["buy market 9.990"]


async def test_open_buys_count_for_the_largest_share(make_desk: Any) -> None:
    desk = await make_desk(max_currency_percent=30)
    await desk.manager.trader.create_order(
        OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.LIMIT, Decimal(1), price=Decimal(50), tag="mine")
    )
    await desk.note(-0.9)
    assert desk.open_orders() == ["buy limit 1 at 50.00", "buy market 2.000"]


async def test_orders_carry_their_cause(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.9)
    (order,) = desk.manager.orders_manager.get_open_orders()
    assert order.request.cause == {
        "trading_mode": "DailyTradingMode",
        "state": EvaluatorStates.VERY_LONG.name,
        "final_note": "-0.9",
    }


async def test_a_mode_without_notes_says_so(make_desk: Any) -> None:
    desk = await make_desk()
    desk.mode.notes_reader = None
    with pytest.raises(BugError, match="DailyTradingMode"):
        await desk.note(-0.9)


async def test_one_instance_a_symbol_on_spot_and_futures_markets(make_desk: Any) -> None:
    desk = await make_desk()
    assert desk.mode.symbol == "BTC/USDT"
    assert not desk.mode.get_is_symbol_wildcard()
    assert desk.mode.get_supported_exchange_types() == [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]
