# SPDX-License-Identifier: Apache-2.0
"""Notes, prices and funds in, exactly these orders out."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.trading_modes.daily import rules
from octobot_tentacles.trading_modes.daily.planner import (
    ENTRY_TAG,
    EXIT_TAG,
    Planner,
    Situation,
)
from octobot_tentacles.trading_modes.daily.settings import DailySettings
from octobot_trading.enums import EvaluatorStates, OrderSide, OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.modes.order_amounts import Holdings, parse_amount
from octobot_trading.personal_data.orders.adapting import MAX_SPLIT_ORDERS
from octobot_trading.personal_data.orders.order_request import OrderRequest

BUY, SELL = OrderSide.BUY, OrderSide.SELL
MARKET_ORDER, LIMIT, STOP = OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_LOSS
DEFAULT = DailySettings()
TARGET = DailySettings(target_profits_mode=True)
MARKET = Market(
    "BTC/USDT",
    "BTC",
    "USDT",
    amount_step=Decimal("0.001"),
    price_tick=Decimal("0.01"),
    min_amount=Decimal("0.001"),
    min_cost=Decimal(5),
)

# One line of expectation: side, type, quantity, limit price, stop price, group.
Line = tuple[OrderSide, OrderType, str, str | None, str | None, str | None]


def situation(note: str = "-0.9", quote: str = "1000", base: str = "0", **changes: Any) -> Situation:
    """At 100 USDT and a risk of 0.5, with nothing locked and the state that follows from the note."""
    risk = Decimal("0.5")
    holdings = Holdings(
        price=Decimal(100),
        available_base=Decimal(base),
        available_quote=Decimal(quote),
        total_base=Decimal(base),
        total_quote=Decimal(quote),
        traded_assets_value=Decimal(quote) + 100 * Decimal(base),
    )
    state = rules.state_of(Decimal(note), risk)
    now = Situation(state=state, note=Decimal(note), risk=risk, market=MARKET, holdings=holdings)
    return replace(now, **changes)


def plan(settings: DailySettings, now: Situation) -> list[OrderRequest]:
    numbers = itertools.count(1)
    return Planner(settings, now, lambda: f"g{next(numbers)}").orders()


def lines(requests: list[OrderRequest] | tuple[OrderRequest, ...]) -> list[Line]:
    return [
        (
            request.side,
            request.order_type,
            str(request.quantity),
            None if request.price is None else f"{request.price:.2f}",
            None if request.stop_price is None else f"{request.stop_price:.2f}",
            request.group_id,
        )
        for request in requests
    ]


# -0.9 at risk 0.5: boldness 0.7, so 79 % by market order. ±0.5: boldness 0.5, 50 % by limit order, 1.25 % away.
@pytest.mark.parametrize(
    ("settings", "now", "expected"),
    [
        pytest.param(DEFAULT, situation("-0.9"), [(BUY, MARKET_ORDER, "7.900", None, None, None)], id="very long"),
        pytest.param(DEFAULT, situation("-0.5"), [(BUY, LIMIT, "5.063", "98.75", None, None)], id="long"),
        pytest.param(DEFAULT, situation("0"), [], id="neutral"),
        pytest.param(
            DEFAULT,
            situation("0.5", base="2"),
            [(SELL, LIMIT, "1.000", "101.25", None, "g1"), (SELL, STOP, "1.000", None, "97.00", "g1")],
            id="short: limit and stop, one cancels the other",
        ),
        pytest.param(
            DEFAULT, situation("0.9", base="2"), [(SELL, MARKET_ORDER, "1.580", None, None, None)], id="very short"
        ),
        pytest.param(DEFAULT, situation("0.5"), [], id="nothing to sell"),
        pytest.param(DEFAULT, situation("-0.9", quote="0", base="2"), [], id="nothing to buy with"),
        pytest.param(DEFAULT, situation("-0.5", quote="9.9"), [], id="below the minimum cost"),
        pytest.param(DEFAULT, situation("0.5", base="0.0009"), [], id="below the minimum amount"),
        pytest.param(
            DailySettings(use_stop_orders=False),
            situation("0.5", base="2"),
            [(SELL, LIMIT, "1.000", "101.25", None, None)],
            id="short without stop orders",
        ),
        pytest.param(
            DEFAULT,
            situation("0.5", base="0.1024"),
            [(SELL, LIMIT, "0.051", "101.25", None, None)],
            id="a stop that would be below the minimum cost is left out",
        ),
        pytest.param(
            DailySettings(close_price_difference=Decimal("0.005")),
            situation("-0.5"),
            [(BUY, LIMIT, "5.025", "99.50", None, None)],
            id="close prices: buy",
        ),
        pytest.param(
            DailySettings(close_price_difference=Decimal("0.005")),
            situation("0.5", base="2"),
            [(SELL, LIMIT, "1.000", "100.50", None, "g1"), (SELL, STOP, "1.000", None, "97.00", "g1")],
            id="close prices: sell",
        ),
        pytest.param(
            DailySettings(buy_with_maximum_size=True),
            situation("-0.9"),
            [(BUY, MARKET_ORDER, "10.000", None, None, None)],
            id="maximum size: market buy",
        ),
        pytest.param(
            DailySettings(buy_with_maximum_size=True),
            situation("-0.5"),
            [(BUY, LIMIT, "10.126", "98.75", None, None)],
            id="maximum size: limit buy",
        ),
        pytest.param(
            DailySettings(sell_with_maximum_size=True),
            situation("0.9", base="2"),
            [(SELL, MARKET_ORDER, "2.000", None, None, None)],
            id="maximum size: sell",
        ),
        pytest.param(
            DailySettings(buy_with_maximum_size=True),
            situation("-0.9", buy_fee_rate=Decimal("0.001")),
            [(BUY, MARKET_ORDER, "9.990", None, None, None)],
            id="room is left for a fee in quote",
        ),
        pytest.param(
            DailySettings(buy_order_amount=parse_amount("100q"), buy_with_maximum_size=True),
            situation("-0.5"),
            [(BUY, LIMIT, "1.012", "98.75", None, None)],
            id="amount in quote, at the order's own price",
        ),
        pytest.param(
            DailySettings(buy_order_amount=parse_amount("12a%")),
            situation("-0.9"),
            [(BUY, MARKET_ORDER, "1.200", None, None, None)],
            id="amount in percent of what is available",
        ),
        pytest.param(
            DailySettings(buy_order_amount=parse_amount("50")),
            situation("-0.9"),
            [(BUY, MARKET_ORDER, "10.000", None, None, None)],
            id="an amount beyond the funds is cut to them",
        ),
        pytest.param(
            DailySettings(sell_order_amount=parse_amount("0.5"), use_stop_orders=False),
            situation("0.5", base="2"),
            [(SELL, LIMIT, "0.500", "101.25", None, None)],
            id="fixed amount to sell",
        ),
        pytest.param(
            DailySettings(sell_order_amount=parse_amount("0.5")),
            situation("0.9", base="0.2"),
            [(SELL, MARKET_ORDER, "0.200", None, None, None)],
            id="a sell is cut to the holdings",
        ),
        pytest.param(DailySettings(disable_buy_orders=True), situation("-0.9"), [], id="buys disabled"),
        pytest.param(
            DailySettings(disable_buy_orders=True),
            situation("0.9", base="2"),
            [(SELL, MARKET_ORDER, "1.580", None, None, None)],
            id="buys disabled: sells go on",
        ),
        pytest.param(DailySettings(disable_sell_orders=True), situation("0.9", base="2"), [], id="sells disabled"),
        pytest.param(
            DailySettings(max_currency_share=Decimal("0.3")),
            situation("-0.9", quote="1000", base="1"),
            [(BUY, MARKET_ORDER, "2.300", None, None, None)],
            id="max currency: 30 % of 1100 less the 1 that is held",
        ),
        pytest.param(
            DailySettings(max_currency_share=Decimal("0.3")),
            situation("-0.9", quote="1000", base="1", open_buys=Decimal(2)),
            [(BUY, MARKET_ORDER, "0.300", None, None, None)],
            id="max currency: open buys count",
        ),
        pytest.param(
            DailySettings(max_currency_share=Decimal("0.3")), situation("-0.9", base="5"), [], id="max currency: full"
        ),
        pytest.param(
            DailySettings(use_stop_orders=True),
            situation("0.5", base="5", market=replace(MARKET, max_amount=Decimal(1))),
            [
                (SELL, LIMIT, "1.000", "101.25", None, "g1"),
                (SELL, STOP, "1.000", None, "97.00", "g1"),
                (SELL, LIMIT, "1.000", "101.25", None, "g2"),
                (SELL, STOP, "1.000", None, "97.00", "g2"),
                (SELL, LIMIT, "0.500", "101.25", None, "g3"),
                (SELL, STOP, "0.500", None, "97.00", "g3"),
            ],
            id="split at the market's maximum, each with its own stop",
        ),
        pytest.param(
            DEFAULT,
            situation("-0.9", market=replace(MARKET, max_amount=Decimal("3.95"))),
            [(BUY, MARKET_ORDER, "3.950", None, None, None), (BUY, MARKET_ORDER, "3.950", None, None, None)],
            id="a buy is split, too",
        ),
        pytest.param(TARGET, situation("0.9", base="2"), [], id="target profits: notes do not sell"),
        pytest.param(TARGET, situation("-0.9", has_open_position=True), [], id="target profits: one position"),
        pytest.param(
            replace(TARGET, enable_position_increase=True),
            situation("-0.9", has_open_position=True),
            [(BUY, MARKET_ORDER, "7.900", None, None, None)],
            id="target profits: position increase",
        ),
        pytest.param(
            DEFAULT,
            situation("-0.9", has_open_position=True),
            [(BUY, MARKET_ORDER, "7.900", None, None, None)],
            id="without target profits there are no positions",
        ),
    ],
)
def test_scenarios(settings: DailySettings, now: Situation, expected: list[Line]) -> None:
    requests = plan(settings, now)
    assert lines(requests) == expected
    assert all(request.tag == ENTRY_TAG and request.symbol == "BTC/USDT" for request in requests)


@pytest.mark.parametrize(
    ("settings", "note", "expected"),
    [
        pytest.param(
            TARGET,
            "-0.9",
            [(SELL, LIMIT, "7.900", "105.00", None, "g1"), (SELL, STOP, "7.900", None, "97.50", "g1")],
            id="market entry: from the current price",
        ),
        pytest.param(
            TARGET,
            "-0.5",
            [(SELL, LIMIT, "5.063", "103.69", None, "g1"), (SELL, STOP, "5.063", None, "96.28", "g1")],
            id="limit entry: from its own price",
        ),
        pytest.param(
            replace(TARGET, use_stop_orders=False, take_profit=Decimal("0.1")),
            "-0.9",
            [(SELL, LIMIT, "7.900", "110.00", None, None)],
            id="no stop orders",
        ),
        pytest.param(DEFAULT, "-0.9", [], id="no target profits"),
    ],
)
def test_entries_bring_their_exits(settings: DailySettings, note: str, expected: list[Line]) -> None:
    (entry,) = plan(settings, situation(note))
    assert lines(entry.chained) == expected
    assert all(request.tag == EXIT_TAG for request in entry.chained)


def test_split_entries_have_exits_of_their_own() -> None:
    market = replace(MARKET, max_amount=Decimal(5))
    first, second = plan(TARGET, situation("-0.9", market=market))
    assert [request.group_id for request in (*first.chained, *second.chained)] == ["g1", "g1", "g2", "g2"]
    assert [str(request.quantity) for request in second.chained] == ["2.900", "2.900"]


def test_every_order_says_what_made_it() -> None:
    cause = {"state": "SHORT"}
    assert all(request.cause == cause for request in plan(DEFAULT, situation("0.5", base="2", cause=cause)))


@pytest.mark.parametrize("state", [EvaluatorStates.NEUTRAL, EvaluatorStates.UNKNOWN])
def test_states_without_a_direction_ask_for_nothing(state: EvaluatorStates) -> None:
    assert plan(DEFAULT, situation("-0.9", base="2", state=state)) == []


decimals = st.decimals(min_value="0.00000001", max_value="1000000", places=8)
steps = st.sampled_from([Decimal(step) for step in ("0.00000001", "0.001", "0.1", "1", "3")])


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    market = Market(
        "BTC/USDT",
        "BTC",
        "USDT",
        amount_step=draw(steps),
        price_tick=draw(steps),
        min_amount=draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(5)])),
        max_amount=draw(st.sampled_from([None, Decimal(6), Decimal(1000)])),
        min_cost=draw(st.sampled_from([Decimal(0), Decimal(5), Decimal(100)])),
    )
    note = draw(st.decimals(min_value=-1, max_value=1, places=4))
    risk = draw(st.decimals(min_value="0.01", max_value=1, places=2))
    price, base, quote = draw(decimals), draw(decimals), draw(decimals)
    locked = draw(st.decimals(min_value=0, max_value=1000, places=8))
    holdings = Holdings(
        price=price,
        available_base=base,
        available_quote=quote,
        total_base=base + locked,
        total_quote=quote + locked,
        traded_assets_value=quote + locked + (base + locked) * price,
    )
    return Situation(
        state=rules.state_of(note, risk),
        note=note,
        risk=risk,
        market=market,
        holdings=holdings,
        buy_fee_rate=draw(st.sampled_from([Decimal(0), Decimal("0.001"), Decimal("0.1")])),
        has_open_position=draw(st.booleans()),
    )


amounts = st.sampled_from(
    [None, *map(parse_amount, ("0.001", "1000000b", "50q", "100%", "150%", "10a%", "30t%", "99s%"))]
)
settings_of_all_kinds = st.builds(
    DailySettings,
    target_profits_mode=st.booleans(),
    take_profit=st.sampled_from([Decimal(0), Decimal("0.05"), Decimal(3)]),
    stop_loss=st.sampled_from([Decimal(0), Decimal("0.025"), Decimal("0.9")]),
    enable_position_increase=st.booleans(),
    use_stop_orders=st.booleans(),
    close_price_difference=st.sampled_from([None, Decimal(0), Decimal("0.02"), Decimal("0.99")]),
    buy_with_maximum_size=st.booleans(),
    sell_with_maximum_size=st.booleans(),
    buy_order_amount=amounts,
    sell_order_amount=amounts,
    disable_buy_orders=st.booleans(),
    disable_sell_orders=st.booleans(),
    max_currency_share=st.sampled_from([Decimal(0), Decimal("0.2"), Decimal(1)]),
)


@given(settings=settings_of_all_kinds, now=situations())
def test_orders_are_never_beyond_the_funds_nor_outside_the_market_rules(
    settings: DailySettings, now: Situation
) -> None:
    requests = plan(settings, now)
    holdings, market = now.holdings, now.market
    cost = sold = Decimal(0)
    groups: set[str] = set()
    for request in requests:
        price = request.price or request.stop_price
        market.check(request.quantity, price or holdings.price, is_own_price=price is not None)
        if request.side is BUY:
            order_cost = request.quantity * (price or holdings.price)
            cost += order_cost + (order_cost * now.buy_fee_rate)
        elif request.group_id is None or request.group_id not in groups:
            sold += request.quantity
            groups.update({request.group_id} - {None})  # type: ignore[arg-type]
    assert cost <= holdings.available_quote
    assert sold <= holdings.available_base
    assert len(requests) <= 2 * MAX_SPLIT_ORDERS


@given(settings=settings_of_all_kinds, now=situations())
def test_buys_keep_within_the_largest_share(settings: DailySettings, now: Situation) -> None:
    bought = sum(request.quantity for request in plan(settings, now) if request.side is BUY)
    if bought and settings.max_currency_share < 1:
        assert now.holdings.traded_assets_value is not None
        held = (bought + now.holdings.total_base) * now.holdings.price
        assert held <= settings.max_currency_share * now.holdings.traded_assets_value * (1 + Decimal("1e-20"))


@given(now=situations())
def test_the_same_situation_gives_the_same_orders(now: Situation) -> None:
    assert plan(DEFAULT, now) == plan(DEFAULT, now)
