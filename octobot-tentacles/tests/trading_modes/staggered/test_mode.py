# SPDX-License-Identifier: Apache-2.0
"""The whole ladder on a simulated exchange: prices in, orders and fills out."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange

many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
FEES = FeeModel(Decimal("0.001"), Decimal("0.001"))


async def test_orders_stand_between_the_bounds(make_ladder: Any) -> None:
    desk = await make_ladder()
    assert desk.open_orders() == [
        "buy limit 1.020 at 98.00",
        "sell limit 1.000 at 102.00",
        "buy limit 1.040 at 96.07",
        "sell limit 1.000 at 104.04",
        "buy limit 1.061 at 94.19",
        "sell limit 1.000 at 106.13",
        "buy limit 1.082 at 92.34",
        "sell limit 1.000 at 108.25",
        "buy limit 1.104 at 90.53",
        "sell limit 1.000 at 110.41",
    ]
    assert desk.mode.remarks == []


@pytest.mark.parametrize(
    ("mode", "buys", "sells"),
    [
        ("mountain", "1.530 1.301 1.061 0.812 0.552", "1.500 1.250 1.000 0.750 0.500"),
        ("valley", "0.510 0.780 1.061 1.353 1.656", "0.500 0.750 1.000 1.250 1.500"),
        ("buy slope", "0.510 0.780 1.061 1.353 1.656", "1.500 1.250 1.000 0.750 0.500"),
        ("sell slope", "1.530 1.301 1.061 0.812 0.552", "0.500 0.750 1.000 1.250 1.500"),
        ("neutral", "1.040 1.051 1.061 1.072 1.082", "1.019 1.009 0.999 0.990 0.980"),
    ],
)
async def test_modes(make_ladder: Any, mode: str, buys: str, sells: str) -> None:
    desk = await make_ladder(mode=mode)
    for side, volumes in (("buy", buys), ("sell", sells)):
        assert " ".join(one.split()[2] for one in desk.open_orders() if one.startswith(side)) == volumes


async def test_a_round_trip(make_ladder: Any) -> None:
    desk = await make_ladder()
    await desk.prices(97.9, 100.1)
    assert desk.fills() == ["buy 1.020 at 98.00", "sell 1.020 at 100.00"]
    assert desk.open_orders()[-1] == "buy limit 1.020 at 98.00"
    assert desk.manager.portfolio.total("USDT") == 500 + Decimal("1.020") * 2


async def test_no_more_orders_than_the_operational_depth(make_ladder: Any) -> None:
    desk = await make_ladder(operational_depth=4)
    assert desk.open_orders() == [
        "buy limit 1.020 at 98.00",
        "sell limit 1.000 at 102.00",
        "buy limit 1.040 at 96.07",
        "sell limit 1.000 at 104.04",
    ]
    await desk.prices(102.1)
    # the filled sell's level buys now, the next sell is brought up, and the farthest buy was taken down for it
    assert desk.open_orders() == [
        "buy limit 1.020 at 98.00",
        "sell limit 1.000 at 104.04",
        "buy limit 1.000 at 99.96",
        "sell limit 1.000 at 106.13",
    ]
    before = desk.open_orders()
    await desk.restart()
    await desk.prices(102.2)
    assert desk.open_orders() == before
    await desk.prices(97.9)
    assert sorted(desk.open_orders()) == [
        "buy limit 1.040 at 96.07",
        "buy limit 1.061 at 94.19",
        "sell limit 1.000 at 102.00",
        "sell limit 1.020 at 100.00",
    ]


async def test_mirror_orders_that_would_fill_at_once_can_wait(make_ladder: Any) -> None:
    desk = await make_ladder(allow_instant_fill=False)
    await desk.candle(100, 101, 97, 101)
    assert len(desk.open_orders()) == 9
    await desk.restart()
    await desk.candle(101, 101, 100.5, 100.5)
    assert len(desk.open_orders()) == 9
    await desk.candle(100.5, 100.5, 99, 99)
    assert desk.open_orders()[-1] == "sell limit 1.020 at 100.00"


async def test_outside_of_the_bounds_there_are_no_orders(make_ladder: Any) -> None:
    desk = await make_ladder(desk={"price": 120})
    await desk.prices(121, 125)
    assert desk.open_orders() == []
    assert desk.mode.remarks == ["BTC/USDT: no orders while the price is outside 90 to 111"]
    await desk.prices(110)
    assert desk.open_orders() != []


async def test_a_pair_without_entry_gets_bounds_around_its_price(make_ladder: Any) -> None:
    desk = await make_ladder(
        pair="ETH/USDT", lower_bound=1000, upper_bound=4000, increment_percent=20, spread_percent=40
    )
    prices = sorted(float(one.rpartition(" ")[2]) for one in desk.open_orders())
    assert prices == [55.55, 66.66, 80.0, 120.0, 144.0, 172.8]  # from 50 to 200
    assert desk.mode.remarks == ["BTC/USDT has no entry in pair_settings: that of ETH/USDT is scaled to its price"]


@many
@given(
    steps=st.lists(st.tuples(st.integers(-80, 80), st.integers(0, 40), st.integers(0, 40)), max_size=14),
    depth=st.integers(1, 12),
    restarts=st.sets(st.integers(0, 13), max_size=4),
    share=st.sampled_from([None, Decimal("0.0005")]),
    latency=st.sampled_from([0.0, 0.0, 90.0]),
)
async def test_the_depth_is_kept_to_and_nothing_is_lost(
    make_ladder: Any,
    steps: list[tuple[int, int, int]],
    depth: int,
    restarts: set[int],
    share: Decimal | None,
    latency: float,
) -> None:
    make_exchange = partial(SimulatedExchange, volume_share=share, latency_seconds=latency)
    desk = await make_ladder(desk={"fee_model": FEES, "make_exchange": make_exchange}, operational_depth=depth)
    start = {"USDT": Decimal(500), "BTC": Decimal(5)}
    price = 1000
    try:
        for index, (change, above, below) in enumerate(steps):
            last, price = price, max(500, price + change)
            high, low = max(last, price) + above, min(last, price) - below
            await desk.candle(last / 10, high / 10, low / 10, price / 10)
            assert len(desk.open_orders()) <= depth
            assert all(slot.is_active or slot.reason for slot in desk.mode.producers[0].ladder)
            assert len(desk.mode.producers[0].ladder) == 10
            if index in restarts:
                before = desk.open_orders()
                await desk.restart()
                assert desk.open_orders() == before
        for fill in desk.manager.trades_manager.fills:
            for asset, amount in fill.exchanged("BTC", "USDT").items():
                start[asset] += amount
        assert desk.manager.portfolio.totals() == start
    finally:
        await desk.manager.stop()
