# SPDX-License-Identifier: Apache-2.0
"""When each trigger fires: once for each crossing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.automations.triggers.volatility_threshold import PriceWindow

One = Callable[..., dict[str, Any]]
Make = Callable[..., Awaitable[Any]]
D = Decimal


async def test_a_period(make: Make, automation: One) -> None:
    account = await make(automation({"name": "PeriodElapsed", "period_minutes": 90}))
    # (minutes that pass, how often it has fired by then); what was missed is not made up for.
    for minutes, fired in [(89, 0), (1, 1), (89, 1), (1, 2), (360, 3), (89, 3), (1, 4)]:
        assert await account.price(1000, after_minutes=minutes) == fired
    assert account.told[0].text == "fired: 90 minutes have passed"


@pytest.mark.parametrize(
    ("settings", "prices"),
    [
        ({"price": 900, "side": "below"}, [(901, 0), (900, 1), (850, 1), (900, 1), (900.5, 1), (899, 2)]),
        ({"price": 900, "side": "above"}, [(899, 0), (900, 1), (5000, 1), (899.9, 1), (901, 2)]),
        # Beyond from the first price on.
        ({"price": 1500, "side": "below"}, [(1000, 1), (1000, 1), (1501, 1), (1500, 2)]),
        ({"symbol": "ETH/USDT", "price": 900}, [(850, 0)]),
    ],
)
async def test_a_price(make: Make, automation: One, settings: dict[str, Any], prices: list[tuple[float, int]]) -> None:
    account = await make(automation({"name": "PriceThreshold", **settings}))
    for price, fired in prices:
        assert await account.price(price) == fired, price


async def test_a_price_says_what_it_saw(make: Make, automation: One) -> None:
    account = await make(automation({"name": "PriceThreshold", "symbol": "ETH/USDT", "price": 90.5}))
    await account.price(80, "ETH/USDT")
    assert [each.text for each in account.told] == ["fired: the price of ETH/USDT is 80, below 90.5"]


@pytest.mark.parametrize(
    ("settings", "prices"),
    [
        # One BTC and 1,000 USDT: 10 % of profit at a price of 1,200.
        ({"profit_percent": 10, "side": "above"}, [(1199, 0), (1200, 1), (1300, 1), (1100, 1), (1250, 2)]),
        ({"profit_percent": -20, "side": "below"}, [(601, 0), (600, 1), (500, 1), (700, 1), (599, 2)]),
        # Nothing was earned yet: that is not above 0, and it is.
        ({"profit_percent": 0, "side": "above"}, [(1000, 1), (999, 1), (1000, 2)]),
    ],
)
async def test_a_profit(make: Make, automation: One, settings: dict[str, Any], prices: list[tuple[float, int]]) -> None:
    account = await make(automation({"name": "ProfitabilityThreshold", **settings}))
    for price, fired in prices:
        assert await account.price(price) == fired, price


async def test_a_profit_that_a_fill_brings(make: Make, automation: One) -> None:
    account = await make(automation({"name": "ProfitabilityThreshold", "profit_percent": -5, "side": "below"}))
    await account.price(1000)
    await account.order("buy", "1", "1000")
    # Filled at 900 and worth 900 each: 100 of 2,000 are gone, of which the balances tell before the price does.
    assert await account.price(900) == 1
    assert account.told[0].text == "fired: the profit is -5.00 %, below -5.00 %"


@pytest.mark.parametrize(
    ("settings", "prices"),
    [
        # Within three minutes; the price three minutes ago counts no more.
        ({"direction": "down"}, [(1000, 0), (960, 0), (950, 1), (940, 1), (935, 1), (930, 1), (800, 2), (799, 2),
                                 (798, 2), (797, 2), (700, 3)]),
        ({"direction": "up"}, [(1000, 0), (900, 0), (945, 1), (946, 1), (947, 1), (950, 1), (1100, 2)]),
        ({"direction": "any"}, [(1000, 0), (1050, 1), (1000, 1), (1049, 1)]),
        ({}, [(1000, 0), (950, 1)]),
    ],
)  # fmt: skip
async def test_a_move(make: Make, automation: One, settings: dict[str, Any], prices: list[tuple[float, int]]) -> None:
    trigger = {"name": "VolatilityThreshold", "move_percent": 5, "window_minutes": 3, **settings}
    account = await make(automation(trigger))
    for price, fired in prices:
        assert await account.price(price) == fired, price


async def test_a_move_says_which_way(make: Make, automation: One) -> None:
    account = await make(automation({"name": "VolatilityThreshold", "move_percent": 5, "window_minutes": 3}))
    for price in (1000, 900, 900, 900, 900, 1000, 0):
        await account.price(price)
    assert [each.text for each in account.told] == [
        "fired: BTC/USDT has fallen by 10.00 % within 3 minutes",
        "fired: BTC/USDT has risen by 11.11 % within 3 minutes",
    ]


@given(st.lists(st.tuples(st.floats(0, 5), st.decimals(1, 100, places=2)), min_size=1))
def test_the_window_knows_its_extremes(steps: list[tuple[float, Decimal]]) -> None:
    now, seen, window = 0.0, [], PriceWindow(10)
    for seconds, price in steps:
        now += seconds
        seen.append((now, price))
        within = [each for time, each in seen if time > now - 10]
        rise, fall = window.moves(now, price)
        assert abs(rise - (price - min(within)) / min(within) * 100) < D("1E-20")
        assert abs(fall - (max(within) - price) / max(within) * 100) < D("1E-20")


@pytest.mark.parametrize(
    ("settings", "fired"),
    [
        ({"asset": "ETH", "unit": "amount", "holding": 2, "side": "above"}, [0, 1, 1]),
        ({"asset": "ETH", "unit": "percent", "holding": 10, "side": "above"}, [0, 1, 1]),
        ({"asset": "USDT", "unit": "amount", "holding": 800, "side": "below"}, [0, 1, 1]),
        ({"asset": "BTC", "unit": "amount", "holding": 1, "side": "above"}, [0, 0, 0]),
        ({"asset": "BTC", "unit": "percent", "holding": 60, "side": "above"}, [0, 0, 1]),
    ],
)
async def test_a_holding(make: Make, automation: One, settings: dict[str, Any], fired: list[int]) -> None:
    """At the start, when two ETH were bought for 200, when BTC has risen by half."""
    account = await make(automation({"name": "HoldingThreshold", **settings}))
    found = [await account.price(100, "ETH/USDT")]
    await account.order("buy", "2", symbol="ETH/USDT")
    await account.price(100, "ETH/USDT")
    found.append(await account.price(100, "ETH/USDT"))
    found.append(await account.price(1500))
    assert found == fired


async def test_a_share_waits_for_prices(make: Make, automation: One) -> None:
    account = await make(automation({"name": "HoldingThreshold", "asset": "BTC", "unit": "percent", "holding": 90}))
    account.manager.get_symbol_data("BTC/USDT").price = None
    assert await account.price(100, "ETH/USDT") == 0
    assert await account.price(1000) == 1
    assert account.told[0].text == "fired: 50.00 % of the account are BTC, below 90"
