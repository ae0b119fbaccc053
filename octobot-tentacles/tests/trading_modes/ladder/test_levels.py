# SPDX-License-Identifier: Apache-2.0
"""Prices of levels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.trading_modes.ladder.levels import Levels, opposite
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import Market

BUY, SELL = OrderSide
MARKET = Market("BTC/USDT", "BTC", "USDT", price_tick=Decimal("0.01"))


def prices(levels: Levels, side: OrderSide, numbers: range) -> list[str]:
    return [format(levels.price(number, side), ".2f") for number in numbers]


def test_flat() -> None:
    levels = Levels(MARKET, Decimal(100), Decimal(4), Decimal("1.5"))
    assert prices(levels, BUY, range(-3, 1)) == ["95.00", "96.50", "98.00", "99.50"]
    assert prices(levels, SELL, range(-1, 3)) == ["100.50", "102.00", "103.50", "105.00"]


def test_geometric() -> None:
    levels = Levels(MARKET, Decimal(100), Decimal("0.06"), Decimal("0.03"), is_geometric=True)
    assert prices(levels, BUY, range(-3, 0)) == ["91.43", "94.17", "97.00"]
    assert prices(levels, SELL, range(-1, 3)) == ["100.00", "103.00", "106.09", "109.28"]


@pytest.mark.parametrize("is_geometric", [True, False])
def test_a_coarse_tick_makes_prices_worse_for_nobody(is_geometric: bool) -> None:
    market = Market("BTC/USDT", "BTC", "USDT", price_tick=Decimal(5))
    increment = Decimal("0.03") if is_geometric else Decimal(3)
    levels = Levels(market, Decimal(101), increment * 2, increment, is_geometric)
    assert levels.price(-1, BUY) == 95
    assert levels.price(0, SELL) == 105
    assert not levels.can_tell_apart(-3, 3)
    assert levels.can_tell_apart(0, 1)


@given(
    number=st.integers(-30, 30),
    center=st.decimals("0.5", "100000", places=2),
    increment=st.decimals("0.001", "0.02", places=4),
    ratio=st.decimals("1.1", "3", places=2),
    is_geometric=st.booleans(),
)
def test_both_prices_of_a_level_are_a_round_trip_apart(
    number: int, center: Decimal, increment: Decimal, ratio: Decimal, is_geometric: bool
) -> None:
    scale = Decimal(1) if is_geometric else center
    market = Market("BTC/USDT", "BTC", "USDT", price_tick=Decimal("1E-8"))
    spread = increment * ratio
    levels = Levels(market, center, spread * scale, increment * scale, is_geometric)
    buy, sell = levels.price(number, BUY), levels.price(number, SELL)
    if is_geometric:
        earned = (1 + spread / 2) / ((1 - spread / 2) * (1 + increment)) - 1
        assert abs(sell / buy - 1 - earned) < Decimal("1E-6")
    else:
        assert 0 <= sell - buy - (spread - increment) * scale < Decimal("3E-8")
    assert abs(levels.mirror_price(BUY, buy) - sell) < Decimal("3E-8") * (1 + sell)
    assert abs(levels.mirror_price(SELL, sell) - buy) < Decimal("3E-8") * (1 + sell)


def test_opposite() -> None:
    assert (opposite(BUY), opposite(SELL)) == (SELL, BUY)
