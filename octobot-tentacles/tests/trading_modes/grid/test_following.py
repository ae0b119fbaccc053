# SPDX-License-Identifier: Apache-2.0
"""A grid that follows the price, and one that takes up free funds."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange

FEES = FeeModel(Decimal("0.001"), Decimal("0.001"))


async def test_up_as_a_whole(make_grid: Any) -> None:
    desk = await make_grid(enable_trailing_up=True)
    await desk.prices(107)  # beyond the last sell, but not yet where the next one would be
    assert len(desk.open_orders()) == 6
    assert get_chan("Ticker", desk.manager.id).get_consumers()
    await desk.prices(109)
    # 300 + 312 USDT: half of it in 2.807 BTC for three of six levels
    assert desk.open_orders() == ["buy market 2.807"]
    await desk.candle(109, 109, 109, 109)
    assert desk.fills()[3:] == ["buy 2.807 at 109.00"]
    assert [one.rpartition(" ")[2] for one in desk.open_orders()] == [
        "107.00", "111.00", "105.00", "113.00", "103.00", "115.00",
    ]  # fmt: skip
    sells = [one for one in desk.open_orders() if one.startswith("sell")]
    assert {one.split()[2] for one in sells} == {"0.935"}
    assert not get_chan("Ticker", desk.manager.id).get_consumers()


async def test_down_as_a_whole(make_grid: Any) -> None:
    desk = await make_grid(enable_trailing_down=True)
    await desk.prices(91)
    (conversion,) = desk.open_orders()
    assert conversion.startswith("sell market")
    await desk.candle(91, 91, 91, 91)
    buys = [one for one in desk.open_orders() if one.startswith("buy")]
    assert [one.rpartition(" ")[2] for one in buys] == ["89.00", "87.00", "85.00"]
    assert len(desk.open_orders()) == 6


async def test_a_restart_while_funds_are_converted(make_grid: Any) -> None:
    desk = await make_grid(enable_trailing_up=True, desk={"fee_model": FEES})
    await desk.prices(107, 109)
    assert desk.open_orders()[0].startswith("buy market")
    await desk.restart()
    assert len(desk.open_orders()) == 1
    await desk.candle(109, 109, 109, 109)
    assert len(desk.open_orders()) == 6
    assert desk.open_orders()[0].endswith("at 107.00")


async def test_up_one_order_at_a_time(make_grid: Any) -> None:
    desk = await make_grid(enable_trailing_up=True, order_by_order_trailing=True)
    await desk.prices(107, 109)
    # the two lowest buys, at 94 and 96, are now levels 3 and 4: a buy at 106, and at the market what is sold at 110
    assert desk.open_orders() == [
        "buy limit 1.020 at 98.00",
        "buy limit 1.020 at 100.00",
        "buy limit 1.019 at 102.00",
        "buy limit 1.019 at 104.00",
        "buy limit 0.942 at 106.00",
        "buy market 0.916",
    ]
    await desk.restart()
    await desk.candle(109, 109, 109, 109)
    assert desk.open_orders()[-1] == "sell limit 0.916 at 110.00"
    assert len(desk.open_orders()) == 6


async def test_down_one_order_at_a_time(make_grid: Any) -> None:
    desk = await make_grid(enable_trailing_down=True, order_by_order_trailing=True)
    await desk.prices(93, 91.9)
    # the highest sell, at 106, moves to level -4, whose buy is at 92: it is beyond the price, so -5 follows
    assert max(desk.open_orders()) == "sell market 1.000"
    await desk.candle(91.9, 91.9, 91.9, 91.9)
    assert desk.open_orders()[-1] == "buy limit 1.021 at 90.00"
    assert len(desk.open_orders()) == 6


async def test_a_grid_that_never_could_sell_follows_too(make_grid: Any) -> None:
    desk = await make_grid({"USDT": "300"}, enable_trailing_up=True)
    await desk.prices(101.9)
    assert len(desk.open_orders()) == 3
    await desk.prices(102.1, 102.1)
    assert len(desk.open_orders()) == 6
    assert sum(one.startswith("sell") for one in desk.open_orders()) == 3


@pytest.mark.parametrize("latency", [0.0, 90.0])
async def test_cancels_that_take_their_time(make_grid: Any, latency: float) -> None:
    make_exchange = partial(SimulatedExchange, latency_seconds=latency)
    desk = await make_grid(desk={"make_exchange": make_exchange}, enable_trailing_up=True)
    await desk.prices(101, 103, 105, 107, 109, *[109.5] * 8)
    assert len(desk.open_orders()) == 6
    assert desk.open_orders()[0].endswith("at 107.50" if latency else "at 107.00")
    assert desk.manager.portfolio.available("USDT") < 1


async def test_free_funds_are_spread(make_grid: Any) -> None:
    desk = await make_grid({"USDT": "300"}, allow_funds_redispatch=True, funds_redispatch_interval=1)
    await desk.prices(97.9, 99)
    assert sorted(desk.open_orders()) == [
        "buy limit 1.041 at 96.00",
        "buy limit 1.063 at 94.00",
        "sell limit 1.020 at 100.00",
    ]
    desk.manager.explanations = []
    await desk.pass_time(3600)
    assert desk.manager.explanations[-1].text == "no free funds to spread over the ladder"
    desk.exchange._account.portfolio.change("USDT", Decimal(200))  # a deposit
    desk.manager.portfolio.change("USDT", Decimal(200))
    await desk.pass_time(3600)
    assert sorted(desk.open_orders()) == [
        "buy limit 2.083 at 96.00",
        "buy limit 2.127 at 94.00",
        "sell limit 0.255 at 100.00",
        "sell limit 0.255 at 102.00",
        "sell limit 0.255 at 104.00",
        "sell limit 0.255 at 106.00",
    ]
    before = desk.open_orders()
    await desk.restart()
    await desk.prices(99)
    assert desk.open_orders() == before
