# SPDX-License-Identifier: Apache-2.0
"""DCATradingMode on futures: entries open and increase a long position, exits only reduce it."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from octobot_tentacles.trading_modes.dca import DCATradingMode
from octobot_trading.enums import ExchangeTypes


@pytest.fixture
def make_desk(make_futures_desk: Any) -> Any:
    return partial(make_futures_desk, DCATradingMode)


@pytest.mark.parametrize(
    ("portfolio", "settings", "orders"),
    [
        pytest.param({"USDT": "1000"}, {}, ["buy market 0.500"], id="50q"),
        pytest.param({"USDT": "1000"}, {"leverage": "5"}, ["buy market 0.500"], id="50q, whatever the leverage"),
        pytest.param(
            {"USDT": "100"}, {"leverage": "5", "buy_order_amount": "1000q"}, ["buy market 4.975"],
            id="as much as the margin opens, with its fee",
        ),
        pytest.param(
            {"USDT": "80"}, {"use_secondary_entry_orders": True}, ["buy market 0.500", "buy limit 0.302 at 99.00"],
            id="funds run out",
        ),
        pytest.param(
            {"USDT": "1000"}, {"max_asset_holding_percent": 3}, ["buy market 0.300"], id="up to the largest share"
        ),
        pytest.param({"USDT": "4"}, {}, [], id="below the minimum"),
    ],
)  # fmt: skip
async def test_entries(make_desk: Any, portfolio: dict[str, str], settings: dict[str, Any], orders: list[str]) -> None:
    desk = await make_desk(portfolio, **settings)
    assert desk.open_orders() == orders
    await desk.restart()
    await desk.candle(100, 100, 100, 100)
    assert desk.manager.exchange.get_market(desk.symbol).contract is not None


async def test_exits_reduce_what_was_opened(make_desk: Any) -> None:
    desk = await make_desk(
        buy_order_amount="2", use_take_profit_exit_orders=True, use_secondary_exit_orders=True, use_stop_losses=True
    )
    await desk.candle(100, 100, 100, 100)
    assert desk.position == "2.000"
    assert desk.open_orders() == [
        "sell limit 1.000 at 105.00", "sell limit 1.000 at 106.00", "sell stop_loss 2.000 at 90.00",
    ]  # fmt: skip
    assert all(order.request.reduce_only for order in desk.manager.orders_manager.get_open_orders())
    await desk.candle(100, 105.5, 100, 105)
    assert (desk.position, desk.open_orders()[-1]) == ("1.000", "sell stop_loss 1.000 at 90.00")
    await desk.candle(105, 105, 80, 85)
    assert (desk.position, desk.open_orders()) == ("0", [])


async def test_the_health_check_leaves_positions_alone(make_desk: Any) -> None:
    desk = await make_desk(
        enable_health_check=True, use_take_profit_exit_orders=True, minutes_before_next_buy=1, buy_order_amount="4"
    )
    await desk.candle(100, 100, 100, 100)
    assert desk.position == "4.000"
    assert not any(fill.startswith("sell") for fill in desk.fills())


async def test_positions_pile_up_to_the_largest_share(make_desk: Any) -> None:
    desk = await make_desk(minutes_before_next_buy=1, buy_order_amount="2", max_asset_holding_percent=50)
    for _ in range(5):
        await desk.candle(100, 100, 100, 100)
    assert Decimal("4.9") < Decimal(desk.position) <= 5


def test_both_kinds_of_markets_are_traded() -> None:
    assert DCATradingMode.get_supported_exchange_types() == [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]
