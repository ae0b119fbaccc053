# SPDX-License-Identifier: Apache-2.0
"""Fees in other assets, by market, by volume and of contracts, each with its sum worked out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from octobot_commons.errors import SettingError
from octobot_trading.enums import FeeAsset, OrderSide
from octobot_trading.exchanges.fees import FeeDiscount, FeeModel, FeeRates
from octobot_trading.exchanges.market import Market

BUY, SELL = OrderSide.BUY, OrderSide.SELL
_MARKET = Market.default("BTC/USDT")
_BNB = FeeModel(Decimal("0.001"), Decimal("0.001"), discount=FeeDiscount("BNB", Decimal("0.25")))


def _fee(
    model: FeeModel, market: Market = _MARKET, side: OrderSide = BUY, **options: Decimal | None
) -> tuple[Decimal, str]:
    """Of two units at 30,000 each as a taker."""
    return model.fee(market, side, Decimal(2), Decimal(60_000), True, **options)  # type: ignore[arg-type]


def test_a_third_asset_at_a_discount() -> None:
    """60,000 USDT · 0.1 % = 60 USDT; less 25 % = 45 USDT; at 300 USDT per BNB: 0.15 BNB."""
    assert _fee(_BNB, discount_price=Decimal(300), discount_available=Decimal(1)) == (Decimal("0.15"), "BNB")
    assert _fee(_BNB, discount_price=Decimal(300), discount_available=Decimal("0.15")) == (Decimal("0.15"), "BNB")


@pytest.mark.parametrize(("side", "fee"), [(BUY, (Decimal("0.002"), "BTC")), (SELL, (Decimal(60), "USDT"))])
def test_without_enough_of_it_the_fee_is_the_full_one_of_what_came_in(
    side: OrderSide, fee: tuple[Decimal, str]
) -> None:
    assert _fee(_BNB, side=side, discount_price=Decimal(300), discount_available=Decimal("0.14999999")) == fee
    assert _fee(_BNB, side=side, discount_available=Decimal(9)) == fee, "no price is known"


def test_rounded_up_in_the_third_asset_too() -> None:
    assert _fee(_BNB, discount_price=Decimal(700), discount_available=Decimal(1)) == (Decimal("0.06428572"), "BNB")


def test_a_rebate_is_not_discounted_and_rounded_down() -> None:
    model = FeeModel(Decimal("-0.0001"), Decimal("-0.00033333333"), discount=_BNB.discount)
    assert _fee(model, side=SELL, discount_price=Decimal(300), discount_available=Decimal(1)) == (
        Decimal("-19.9999998"),
        "USDT",
    )
    assert model.fee(_MARKET, SELL, Decimal(1), Decimal("0.0001"), True) == (Decimal("-0.00000003"), "USDT")


def test_rates_of_a_market_of_its_own() -> None:
    model = FeeModel(Decimal("0.001"), Decimal("0.002"), market_rates={"BTC/USDT": FeeRates(taker=Decimal("0.0005"))})
    assert _fee(model, side=SELL) == (Decimal(30), "USDT")
    assert _fee(model, Market.default("ETH/USDT"), SELL) == (Decimal(120), "USDT")


def test_a_step_of_its_own() -> None:
    assert _fee(FeeModel(taker=Decimal("0.00012345"), step=Decimal("0.01")), side=SELL) == (Decimal("7.41"), "USDT")


def test_base_is_charged_on_top_of_a_sale() -> None:
    model = FeeModel(Decimal("0.001"), Decimal("0.002"), FeeAsset.BASE)
    assert _fee(model, side=SELL) == (Decimal("0.004"), "BTC")
    assert model.needs(_MARKET, SELL, Decimal(2), Decimal(60_000)) == ("BTC", Decimal("2.004"))
    assert model.needs(_MARKET, BUY, Decimal(2), Decimal(60_000)) == ("USDT", Decimal(60_000))


def test_contracts_pay_in_their_settlement_asset() -> None:
    """Linear: 60,000 USDT · 0.05 % = 30 USDT. Inverse: cost in BTC, 100 · 100 / 40,000 = 0.25 BTC · 0.05 %."""
    model = FeeModel(Decimal("0.0002"), Decimal("0.0005"))
    for side in OrderSide:
        assert _fee(model, Market.default("BTC/USDT:USDT"), side) == (Decimal(30), "USDT")
        needed = model.needs(Market.default("BTC/USDT:USDT"), side, Decimal(2), Decimal(60_000))
        assert needed == ("USDT", Decimal(60_030)), "nothing comes in that could pay it"
        inverse = Market.default("BTC/USD:BTC")
        assert model.fee(inverse, side, Decimal(10_000), Decimal("0.25"), True) == (Decimal("0.000125"), "BTC")


@pytest.mark.parametrize("discount", ["-0.1", "1.1"])
def test_a_discount_is_a_fraction(discount: str) -> None:
    with pytest.raises(SettingError, match="no fraction"):
        FeeDiscount("BNB", Decimal(discount))
