# SPDX-License-Identifier: Apache-2.0
"""Fees: which asset, which rate, and rounding against the account."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_trading.enums import FeeAsset, OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, Market

_MARKET = Market.default("BTC/USDT")
_MAKER, _TAKER = Decimal("0.001"), Decimal("0.002")
_rates = st.decimals(0, 1, places=5)
_amounts = st.decimals("1E-8", 10**15, places=8)


@pytest.mark.parametrize(
    ("charged_in", "side", "fee"),
    [
        (FeeAsset.RECEIVED, OrderSide.BUY, (Decimal("0.004"), "BTC")),
        (FeeAsset.RECEIVED, OrderSide.SELL, (Decimal("0.2"), "USDT")),
        (FeeAsset.QUOTE, OrderSide.BUY, (Decimal("0.2"), "USDT")),
        (FeeAsset.QUOTE, OrderSide.SELL, (Decimal("0.2"), "USDT")),
    ],
)
def test_the_asset_is_the_one_received_or_always_quote(
    charged_in: FeeAsset, side: OrderSide, fee: tuple[Decimal, str]
) -> None:
    fees = FeeModel(_MAKER, _TAKER, charged_in)
    assert fees.fee(_MARKET, side, Decimal(2), Decimal(100), is_taker=True) == fee
    assert fees.fee(_MARKET, side, Decimal(2), Decimal(100), is_taker=False) == (fee[0] / 2, fee[1])


def test_none_by_default() -> None:
    assert FeeModel().fee(_MARKET, OrderSide.BUY, Decimal(2), Decimal(100), is_taker=True)[0] == 0


@given(_rates, _rates, st.sampled_from(FeeAsset), st.sampled_from(OrderSide), _amounts, st.booleans())
def test_rounded_up_to_a_step_and_never_above_the_reserve(
    maker: Decimal, taker: Decimal, charged_in: FeeAsset, side: OrderSide, amount: Decimal, is_taker: bool
) -> None:
    fees = FeeModel(maker, taker, charged_in)
    fee, asset = fees.fee(_MARKET, side, amount, amount, is_taker)
    assert 0 <= fee - amount * (taker if is_taker else maker) < ASSET_STEP
    if side is OrderSide.BUY and asset == "USDT":
        assert fee <= fees.reserve(side, amount)
    else:
        assert fees.reserve(side, amount) == 0


def test_a_rebate_reserves_nothing() -> None:
    assert FeeModel(Decimal("-0.001"), Decimal("-0.002"), FeeAsset.QUOTE).reserve(OrderSide.BUY, Decimal(100)) == 0
