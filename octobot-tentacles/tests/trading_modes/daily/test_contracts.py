# SPDX-License-Identifier: Apache-2.0
"""The mode on futures: positions are opened, turned around, protected and left."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from octobot_commons.errors import UserInputError
from octobot_tentacles.trading_modes.daily import DailyTradingMode, rules
from octobot_tentacles.trading_modes.daily.contract_planner import ContractPlanner, reverses
from octobot_tentacles.trading_modes.daily.planner import ENTRY_TAG, EXIT_TAG, Situation
from octobot_tentacles.trading_modes.daily.settings import DailySettings
from octobot_trading.enums import EvaluatorStates, OrderSide, OrderType
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms
from octobot_trading.modes.order_amounts import Holdings, parse_amount
from octobot_trading.personal_data.orders.order_request import OrderRequest

LINEAR = Market(
    "BTC/USDT:USDT",
    "BTC",
    "USDT",
    amount_step=Decimal("0.001"),
    price_tick=Decimal("0.01"),
    min_amount=Decimal("0.001"),
    min_cost=Decimal(5),
    contract=ContractTerms("USDT"),
)
#: One contract is 10 USD and margin is BTC.
INVERSE = Market(
    "BTC/USD:BTC",
    "BTC",
    "USD",
    amount_step=Decimal(1),
    price_tick=Decimal("0.5"),
    min_amount=Decimal(1),
    contract=ContractTerms("BTC", size=Decimal(10), is_inverse=True),
)
DEFAULT, PLAIN = DailySettings(), DailySettings(use_stop_orders=False)
TARGET = DailySettings(target_profits_mode=True)


def situation(note: str, position: str = "0", margin: str = "1000", leverage: str = "1", **changes: Any) -> Situation:
    """At 100 USDT and a risk of 0.5; ``margin`` is available."""
    risk, power = Decimal("0.5"), Decimal(margin) * Decimal(leverage)
    holdings = Holdings(
        price=Decimal(100),
        available_base=power / 100,
        available_quote=power,
        total_base=power / 100,
        total_quote=power,
        position=Decimal(position),
        traded_assets_value=Decimal(1000),
        is_margin=True,
    )
    now = Situation(
        state=rules.state_of(Decimal(note), risk),
        note=Decimal(note),
        risk=risk,
        market=LINEAR,
        holdings=holdings,
        has_open_position=bool(Decimal(position)),
        leverage=Decimal(leverage),
        fee_rate=Decimal("0.001"),
    )
    return replace(now, **changes)


def plan(settings: DailySettings, now: Situation) -> list[str]:
    numbers = itertools.count(1)
    requests = ContractPlanner(settings, now, lambda: f"g{next(numbers)}").orders()
    assert all(request.tag == ENTRY_TAG for request in requests)
    assert all(each.tag == EXIT_TAG and each.reduce_only for request in requests for each in request.chained)
    return [" > ".join(map(line, (request, *request.chained))) for request in requests]


def line(request: OrderRequest) -> str:
    price = request.own_price
    at = "" if price is None else f" at {price:.2f}"
    only, group = (" reduce" if request.reduce_only else ""), (f" {request.group_id}" if request.group_id else "")
    return f"{request.side} {request.order_type} {request.quantity}{at}{only}{group}"


# -0.9 at risk 0.5: boldness 0.7, 79 % of what margin and fee allow (1000 / 1.001 = 9.99 BTC), a stop 2.2 % away.
# ±0.5: boldness 0.5, 50 % by limit order 1.25 % away, a stop 3 % from that.
@pytest.mark.parametrize(
    ("settings", "now", "expected"),
    [
        pytest.param(PLAIN, situation("-0.9"), ["buy market 7.892"], id="very long opens a long"),
        pytest.param(PLAIN, situation("0.9"), ["sell market 7.892"], id="very short opens a short"),
        pytest.param(PLAIN, situation("-0.5"), ["buy limit 5.058 at 98.75"], id="long"),
        pytest.param(PLAIN, situation("0.5"), ["sell limit 4.933 at 101.25"], id="short"),
        pytest.param(PLAIN, situation("0"), [], id="neutral"),
        pytest.param(PLAIN, situation("0", "5"), [], id="neutral keeps the position"),
        pytest.param(
            DEFAULT,
            situation("-0.9"),
            ["buy market 7.892 > sell stop_loss 7.892 at 97.80 reduce"],
            id="a long has its stop below",
        ),
        pytest.param(
            DEFAULT,
            situation("0.5"),
            ["sell limit 4.933 at 101.25 > buy stop_loss 4.933 at 104.29 reduce"],
            id="a short has its stop above the entry",
        ),
        pytest.param(PLAIN, situation("-0.9", leverage="3"), ["buy market 23.629"], id="leverage opens more"),
        pytest.param(PLAIN, situation("-0.9", "2", margin="800"), ["buy market 6.313"], id="a long is increased"),
        pytest.param(PLAIN, situation("0.9", "-2", margin="800"), ["sell market 6.313"], id="a short is increased"),
        pytest.param(
            DEFAULT, situation("-0.9", "-2", margin="800"), ["buy market 2.000 reduce"], id="a short is closed first"
        ),
        pytest.param(
            DEFAULT, situation("0.5", "2.5", margin="0"), ["sell market 2.500 reduce"], id="a long, without any margin"
        ),
        pytest.param(PLAIN, situation("-0.9", margin="4"), [], id="below the minimum cost"),
        pytest.param(PLAIN, situation("-0.9", margin="0"), [], id="no margin left"),
        pytest.param(DailySettings(disable_buy_orders=True), situation("-0.9"), [], id="no longs"),
        pytest.param(
            DailySettings(disable_buy_orders=True),
            situation("-0.9", "-2"),
            ["buy market 2.000 reduce"],
            id="no longs, and shorts are closed all the same",
        ),
        pytest.param(DailySettings(disable_sell_orders=True), situation("0.9"), [], id="no shorts"),
        pytest.param(
            replace(PLAIN, buy_order_amount=parse_amount("50p%")),
            situation("-0.9", "2"),
            ["buy market 1.000"],
            id="percent of the position: increases by it",
        ),
        pytest.param(
            replace(PLAIN, sell_order_amount=parse_amount("50p%")),
            situation("0.9", "2"),
            ["sell market 1.000 reduce"],
            id="percent of the position: takes no more from an opposite one",
        ),
        pytest.param(
            replace(PLAIN, sell_order_amount=parse_amount("500p%")),
            situation("0.9", "2"),
            ["sell market 2.000 reduce"],
            id="percent of the position: never beyond it",
        ),
        pytest.param(
            replace(PLAIN, buy_order_amount=parse_amount("50p%")), situation("-0.9"), [], id="percent of no position"
        ),
        pytest.param(
            replace(PLAIN, buy_order_amount=parse_amount("300q")),
            situation("-0.9"),
            ["buy market 3.000"],
            id="in quote",
        ),
        pytest.param(
            replace(PLAIN, sell_order_amount=parse_amount("10a%")),
            situation("0.9", leverage="2"),
            ["sell market 2.000"],
            id="percent of what available margin can open",
        ),
        pytest.param(
            replace(PLAIN, buy_order_amount=parse_amount("10s%")),
            situation("-0.9"),
            ["buy market 1.000"],
            id="percent of the pair: the margin counts once",
        ),
        pytest.param(
            replace(PLAIN, max_currency_share=Decimal("0.3")),
            situation("0.9", "-2"),
            ["sell market 1.000"],
            id="largest share, short",
        ),
        pytest.param(
            replace(PLAIN, max_currency_share=Decimal("0.3")),
            situation("-0.9", open_buys=Decimal("2.5")),
            ["buy market 0.500"],
            id="largest share, with an entry waiting",
        ),
        pytest.param(
            TARGET,
            situation("0.9"),
            ["sell market 7.892 > buy limit 7.892 at 95.00 reduce g1 > buy stop_loss 7.892 at 102.50 reduce g1"],
            id="target profits, short",
        ),
        pytest.param(TARGET, situation("0.9", "2"), [], id="target profits: notes close nothing"),
        pytest.param(TARGET, situation("-0.9", "2"), [], id="target profits: one position at a time"),
        pytest.param(
            replace(TARGET, enable_position_increase=True, use_stop_orders=False),
            situation("-0.9", "2"),
            ["buy market 7.892 > sell limit 7.892 at 105.00 reduce"],
            id="target profits: increase",
        ),
        pytest.param(
            replace(TARGET, take_profit=Decimal(2), use_stop_orders=False),
            situation("0.9"),
            ["sell market 7.892"],
            id="target profits: a short earns no more than its price",
        ),
        pytest.param(
            PLAIN,
            situation("-0.9", market=replace(LINEAR, max_amount=Decimal(4))),
            ["buy market 4.000", "buy market 3.892"],
            id="split",
        ),
        pytest.param(
            PLAIN,
            situation("-0.9", market=replace(LINEAR, contract=ContractTerms("USDT", size=Decimal("0.01")))),
            ["buy market 789.210"],
            id="contracts of 0.01 BTC",
        ),
        # 10 BTC of margin at 100: 1,000 USD of value, 79 % of them in contracts of 10 USD
        pytest.param(PLAIN, situation("-0.9", market=INVERSE), ["buy market 78"], id="inverse"),
        pytest.param(
            PLAIN, situation("0.9", "5", market=INVERSE), ["sell market 50 reduce"], id="inverse: a long is closed"
        ),
    ],
)
def test_states_ask_for_exactly_these_orders(settings: DailySettings, now: Situation, expected: list[str]) -> None:
    assert plan(settings, now) == expected


@pytest.mark.parametrize(
    ("settings", "state", "position", "expected"),
    [
        (DEFAULT, EvaluatorStates.LONG, "-1", True),
        (DEFAULT, EvaluatorStates.VERY_SHORT, "1", True),
        (DEFAULT, EvaluatorStates.LONG, "1", False),
        (DEFAULT, EvaluatorStates.LONG, "0", False),
        (DEFAULT, EvaluatorStates.NEUTRAL, "1", False),
        (TARGET, EvaluatorStates.LONG, "-1", False),
        (DailySettings(disable_buy_orders=True), EvaluatorStates.LONG, "-1", False),
        (DailySettings(buy_order_amount=parse_amount("50p%")), EvaluatorStates.LONG, "-1", False),
    ],
)
def test_what_is_entered_after_a_close(
    settings: DailySettings, state: EvaluatorStates, position: str, expected: bool
) -> None:
    assert reverses(settings, state, Decimal(position)) is expected


@pytest.fixture
def make_desk(make_futures_desk: Any) -> Any:
    return partial(make_futures_desk, DailyTradingMode)


async def test_a_short_is_opened_and_turned_around(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(0.9)
    await desk.candle(100, 100, 100, 100)
    assert desk.position == "-7.892"
    assert desk.open_orders() == ["buy stop_loss 7.892 at 102.20"]
    await desk.note(-0.9)
    assert desk.open_orders() == ["buy stop_loss 7.892 at 102.20", "buy market 7.892"]
    await desk.candle(90, 90, 90, 90)
    # the short has earned 78.92, which the long uses; its stop has taken the place of the short's
    assert desk.fills() == ["sell 7.892 at 100.00", "buy 7.892 at 90.00", "buy 9.447 at 90.00"]
    assert (desk.position, desk.open_orders()) == ("9.447", ["sell stop_loss 9.447 at 88.02"])


async def test_a_stopped_position_is_not_entered_again(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    await desk.candle(100, 100, 97, 97)
    assert desk.fills() == ["buy 7.892 at 100.00", "sell 7.892 at 97.80"]
    await desk.note(-0.95)
    assert (desk.position, desk.open_orders()) == ("0", [])


async def test_exits_of_several_entries_go_with_the_position(make_desk: Any) -> None:
    desk = await make_desk(target_profits_mode=True, target_profits_mode_enable_position_increase=True)
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    await desk.note(-0.5)
    await desk.candle(100, 100, 98, 100)
    assert len(desk.open_orders()) == 4
    await desk.candle(100, 100, 90, 90)
    assert (desk.position, desk.open_orders()) == ("0", [])


async def test_an_unfilled_entry_goes_with_its_state_and_the_position_stays(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    await desk.note(-0.5)
    assert desk.open_orders() == ["sell stop_loss 7.892 at 97.80", "buy limit 1.062 at 98.75"]
    await desk.note(0.0)
    assert (desk.position, desk.open_orders()) == ("7.892", ["sell stop_loss 7.892 at 97.80"])


async def test_a_restart_keeps_position_and_stop(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    await desk.restart()
    assert (desk.position, desk.open_orders()) == ("7.892", ["sell stop_loss 7.892 at 97.80"])
    await desk.note(0.9)
    assert desk.open_orders() == ["sell stop_loss 7.892 at 97.80", "sell market 7.892"]


async def test_a_restart_between_closing_and_entering(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    await desk.note(0.9)
    await desk.restart()
    await desk.candle(100, 100, 100, 100)
    assert (desk.position, desk.open_orders()) == ("0", [])
    await desk.note(0.9)  # the first note after a start is a new state
    assert [order.split(" at ")[0] for order in desk.open_orders()] == ["sell market 7.879"]


async def test_exits_left_of_a_position_that_was_closed_while_nobody_watched_are_cancelled(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    for mode in desk.modes:
        desk.manager.trading_modes.remove(mode)
        await mode.stop()
    await desk.manager.trader.create_order(
        OrderRequest("BTC/USDT:USDT", OrderSide.SELL, OrderType.MARKET, Decimal("7.892"), reduce_only=True)
    )
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == ["sell stop_loss 7.892 at 97.80"]
    await desk.start()
    assert desk.open_orders() == []


async def test_a_refusal_ends_in_nothing(make_desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await make_desk()

    async def refuse(request: OrderRequest) -> str:
        raise OrderRefused("the market is closed", rule="closed")

    monkeypatch.setattr(desk.exchange, "create_order", refuse)
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == []
    assert desk.mode.consumers[0].refused_orders == 1


async def test_a_liquidated_position_leaves_nothing_behind(make_desk: Any) -> None:
    desk = await make_desk(leverage="20", use_stop_orders=False)
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    await desk.candle(90, 90, 90, 90)
    assert (desk.position, desk.open_orders()) == ("0", [])
    await desk.note(0.9)
    assert desk.manager.portfolio.total("USDT") < 200


async def test_parts_of_a_position_are_amounts_on_futures(make_desk: Any) -> None:
    desk = await make_desk(sell_order_amount="50p%", use_stop_orders=False)
    await desk.note(-0.9)
    await desk.candle(100, 100, 100, 100)
    await desk.note(0.9)
    assert desk.open_orders() == ["sell market 3.946"]


async def test_parts_of_a_position_are_no_amounts_on_spot(make_mode_desk: Any) -> None:
    with pytest.raises(UserInputError, match="needs a position"):
        await make_mode_desk(DailyTradingMode, sell_order_amount="50p%")
