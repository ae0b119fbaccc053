# SPDX-License-Identifier: Apache-2.0
"""Shares of chained orders: each fill brings up its own exits, and no leg of a group trades more than came in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_trading.enums import GroupKind, OrderSide, OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.chained_orders import ChainedOrders
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill

STEP = Decimal("0.001")
MARKET = Market("BTC/USDT", "BTC", "USDT", amount_step=STEP, price_tick=Decimal("0.01"), min_amount=STEP)
BALANCED, ALTERNATIVES = GroupKind.BALANCED_TAKE_PROFIT_AND_STOP, GroupKind.ONE_CANCELS_THE_OTHER


def exit_order(quantity: str | Decimal, kind: GroupKind | None = None, *, is_stop: bool = False) -> OrderRequest:
    price = {"stop_price": Decimal(90)} if is_stop else {"price": Decimal(110)}
    group = {} if kind is None else {"group_id": "g", "group_kind": kind}
    order_type = OrderType.STOP_LOSS if is_stop else OrderType.LIMIT
    return OrderRequest("BTC/USDT", OrderSide.SELL, order_type, Decimal(quantity), **price, **group)


def parent_of(*chained: OrderRequest, quantity: str | Decimal = "1") -> ChainedOrders:
    request = OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.MARKET, Decimal(quantity), chained=chained)
    return ChainedOrders(request, MARKET)


def fill(quantity: str | Decimal, fee: str | Decimal = "0", fee_asset: str = "BTC") -> Fill:
    quantity, price = Decimal(quantity), Decimal(100)
    return Fill(
        "1", "1", "BTC/USDT", OrderSide.BUY, quantity, price, quantity * price, Decimal(fee), fee_asset, "taker", 0.0
    )


def accept_all(orders: ChainedOrders, is_last: bool = False) -> list[tuple[str, str | None]]:
    """What is due, all of it accepted: (quantity, group)."""
    taken = []
    for number, request in orders.due(is_last):
        orders.take(number, request)
        taken.append((str(request.quantity), request.group_id))
    return taken


def test_a_whole_fill_brings_up_what_was_asked_for() -> None:
    orders = parent_of(
        exit_order("0.6", BALANCED), exit_order("0.4", BALANCED), exit_order("1", BALANCED, is_stop=True)
    )
    orders.add_fill(fill("1"))
    assert accept_all(orders, is_last=True) == [("0.6", "g"), ("0.4", "g"), ("1", "g")]


def test_the_fee_is_missing_from_the_last_take_profit_and_from_the_stop() -> None:
    orders = parent_of(
        exit_order("0.6", BALANCED), exit_order("0.4", BALANCED), exit_order("1", BALANCED, is_stop=True)
    )
    orders.add_fill(fill("1", fee="0.001"))
    assert accept_all(orders, is_last=True) == [("0.6", "g"), ("0.399", "g"), ("0.999", "g")]


def test_a_fee_in_quote_takes_nothing() -> None:
    orders = parent_of(exit_order("1"))
    orders.add_fill(fill("1", fee="0.1", fee_asset="USDT"))
    assert accept_all(orders, is_last=True) == [("1", None)]


def test_orders_that_cancel_each_other_may_each_trade_all() -> None:
    orders = parent_of(exit_order("1", ALTERNATIVES), exit_order("1", ALTERNATIVES, is_stop=True))
    orders.add_fill(fill("1", fee="0.001"))
    assert accept_all(orders, is_last=True) == [("0.999", "g"), ("0.999", "g")]


def test_each_partial_fill_has_exits_and_a_group_of_its_own() -> None:
    orders = parent_of(exit_order("1", BALANCED), exit_order("1", BALANCED, is_stop=True))
    orders.add_fill(fill("0.3"))
    assert accept_all(orders) == [("0.300", "g"), ("0.300", "g")]
    orders.add_fill(fill("0.7"))
    assert accept_all(orders, is_last=True) == [("0.700", "g/2"), ("0.700", "g/2")]


def test_orders_without_a_group_share_what_came_in() -> None:
    orders = parent_of(exit_order("0.7"), exit_order("0.7"))
    orders.add_fill(fill("1"))
    assert accept_all(orders, is_last=True) == [("0.7", None), ("0.300", None)]


def test_what_is_too_small_waits_and_is_told_at_the_end() -> None:
    orders = parent_of(exit_order("0.5"), exit_order("0.5"), quantity="1")
    orders.add_fill(fill("0.001"))
    assert accept_all(orders) == [], "half a step each"
    orders.add_fill(fill("0.003"))
    assert accept_all(orders) == [("0.002", None), ("0.002", None)]
    assert [str(request.quantity) for _, request in orders.due(is_last=True)] == ["0.000", "0.000"]


def test_what_was_refused_is_due_again() -> None:
    orders = parent_of(exit_order("1"))
    orders.add_fill(fill("0.5"))
    assert [str(request.quantity) for _, request in orders.due(is_last=False)] == ["0.500"]
    orders.add_fill(fill("0.5"))
    assert accept_all(orders, is_last=True) == [("1", None)]


def test_orders_of_another_symbol_are_not_bound_to_what_came_in() -> None:
    other = OrderRequest("ETH/USDT", OrderSide.SELL, OrderType.MARKET, Decimal(5))
    orders = parent_of(other, exit_order("1"))
    orders.add_fill(fill("1"))
    assert accept_all(orders, is_last=True) == [("5", None), ("1", None)]


_parts = st.lists(st.integers(1, 400), min_size=1, max_size=6)


@pytest.mark.parametrize("kind", [BALANCED, ALTERNATIVES, None])
@given(
    fills=_parts,
    targets=_parts,
    fee=st.sampled_from([Decimal(0), Decimal("0.001"), Decimal("0.01")]),
    has_stop=st.booleans(),
    refused=st.sets(st.integers(0, 20), max_size=5),
)
def test_no_leg_trades_more_than_came_in_and_all_of_it_finds_an_exit(
    kind: GroupKind | None, fills: list[int], targets: list[int], fee: Decimal, has_stop: bool, refused: set[int]
) -> None:
    quantity = sum(fills) * STEP
    if kind is not BALANCED:
        targets = targets[:1]
    parts = [quantity * part // sum(targets) // STEP * STEP for part in targets]
    parts[-1] += quantity - sum(parts)
    exits = [exit_order(part, kind) for part in parts if part]
    if has_stop and kind is not None:
        exits.append(exit_order(quantity, kind, is_stop=True))
    orders = parent_of(*exits, quantity=quantity)
    came_in, asked = Decimal(0), 0
    legs = {False: Decimal(0), True: Decimal(0)}
    for index, part in enumerate(fills):
        taken = fill(part * STEP, fee=part * STEP * fee)
        came_in += taken.quantity - taken.fee
        orders.add_fill(taken)
        for number, request in orders.due(is_last=index == len(fills) - 1):
            asked += 1
            if request.quantity and asked not in refused:
                orders.take(number, request)
                legs[request.stop_price is not None] += request.quantity
                assert max(legs.values()) <= came_in
    if not any(one <= asked for one in refused):
        # a step of each target and fill may be too small to be traded
        missing = {is_stop: came_in - legs[is_stop] for is_stop in legs}
        assert missing[False] < STEP * (len(parts) + 1)
        if has_stop and kind is not None:
            assert missing[True] < STEP * 2
