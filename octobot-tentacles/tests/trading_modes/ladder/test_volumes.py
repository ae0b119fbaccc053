# SPDX-License-Identifier: Apache-2.0
"""How much each level gets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.trading_modes.ladder.volumes import Profile, split_funds, weights_of
from octobot_trading.enums import FeeAsset, OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market

BUY, SELL = OrderSide
MARKET = Market(
    "BTC/USDT", "BTC", "USDT", Decimal("0.001"), Decimal("0.01"), min_amount=Decimal("0.001"), min_cost=Decimal(5)
)
BUYS = [Decimal(one) for one in (98, 96, 94)]
SELLS = [Decimal(one) for one in (102, 104, 106)]


@pytest.mark.parametrize(
    ("profile", "buys", "sells"),
    [
        (Profile.MOUNTAIN, "1.5 1 0.5", "1.5 1 0.5"),
        (Profile.VALLEY, "0.5 1 1.5", "0.5 1 1.5"),
        (Profile.BUY_SLOPE, "0.5 1 1.5", "1.5 1 0.5"),
        (Profile.SELL_SLOPE, "1.5 1 0.5", "0.5 1 1.5"),
        (Profile.FLAT, "1 1 1", "1 1 1"),
    ],
)
def test_weights(profile: Profile, buys: str, sells: str) -> None:
    assert weights_of(profile, BUY, BUYS) == [Decimal(one) for one in buys.split()]
    assert weights_of(profile, SELL, SELLS) == [Decimal(one) for one in sells.split()]
    assert weights_of(profile, BUY, BUYS[:1]) == [1]


def test_neutral_weights_follow_the_root_of_the_price() -> None:
    prices = [Decimal(100), Decimal(64), Decimal(25)]
    assert weights_of(Profile.NEUTRAL, BUY, prices) == [1, Decimal("0.8"), Decimal("0.5")]
    assert weights_of(Profile.NEUTRAL, SELL, prices[::-1]) == [1, Decimal("0.625"), Decimal("0.5")]


@pytest.mark.parametrize(
    ("side", "funds", "profile", "volumes"),
    [
        (BUY, "300", Profile.FLAT, "1.020 1.041 1.063"),
        (BUY, "300", Profile.MOUNTAIN, "1.530 1.041 0.531"),
        (SELL, "3", Profile.FLAT, "1.000 1.000 1.000"),
        (SELL, "3", Profile.VALLEY, "0.500 1.000 1.500"),
        (BUY, "15.5", Profile.FLAT, "0.052 0.053 0.054"),
        (BUY, "14", Profile.FLAT, "0.071 0.072"),
        (BUY, "15.5", Profile.MOUNTAIN, "0.158"),  # two levels would get 3/4 and 1/4, which is too little
        (BUY, "24", Profile.MOUNTAIN, "0.183 0.062"),
        (BUY, "5.1", Profile.FLAT, "0.052"),
        (BUY, "5", Profile.FLAT, ""),
        (BUY, "4.9", Profile.FLAT, ""),
        (SELL, "0", Profile.FLAT, ""),
    ],
)
def test_as_many_levels_as_can_be_served(side: OrderSide, funds: str, profile: Profile, volumes: str) -> None:
    prices = BUYS if side is BUY else SELLS
    split = split_funds(MARKET, FeeModel(), side, prices, Decimal(funds), profile)
    assert split == [Decimal(one) for one in volumes.split()]


@pytest.mark.parametrize(
    ("side", "funds", "volume", "volumes"),
    [(BUY, "300", "1", "1 1 1"), (BUY, "287", "1", "1 1"), (SELL, "1", "0.6", "0.600"), (BUY, "300", "0.05", "")],
)
def test_fixed_volumes_as_long_as_the_funds_last(side: OrderSide, funds: str, volume: str, volumes: str) -> None:
    prices = BUYS if side is BUY else SELLS
    split = split_funds(MARKET, FeeModel(), side, prices, Decimal(funds), Profile.FLAT, Decimal(volume))
    assert split == [Decimal(one) for one in volumes.split()]


@given(
    side=st.sampled_from(OrderSide),
    funds=st.decimals("0", "5000", places=3),
    profile=st.sampled_from(Profile),
    charged_in=st.sampled_from(FeeAsset),
    count=st.integers(1, 40),
)
def test_needs_never_exceed_the_funds(
    side: OrderSide, funds: Decimal, profile: Profile, charged_in: FeeAsset, count: int
) -> None:
    fees = FeeModel(Decimal("0.001"), Decimal("0.002"), charged_in)
    prices = [Decimal(100) + (index + 1) * (2 if side is SELL else -2) for index in range(count)]
    volumes = split_funds(MARKET, fees, side, prices, funds, profile)
    needed = Decimal(0)
    for price, volume in zip(prices, volumes, strict=False):
        MARKET.check(volume, price)
        needed += fees.needs(MARKET, side, volume, MARKET.cost_of(volume, price))[1]
    assert needed <= funds
