# SPDX-License-Identifier: Apache-2.0
"""The syntax of order amounts and prices."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_trading.enums import OrderSide
from octobot_trading.modes.order_amounts import (
    AmountUnit,
    Holdings,
    OrderAmount,
    OrderPrice,
    PriceUnit,
    parse_amount,
    parse_price,
)

BUY, SELL = OrderSide.BUY, OrderSide.SELL
HOLDINGS = Holdings(
    price=Decimal(50),
    available_base=Decimal(3),
    available_quote=Decimal(400),
    total_base=Decimal(8),
    total_quote=Decimal(1000),
    position=Decimal(-6),
    traded_assets_value=Decimal(5000),
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0.1", "0.1", AmountUnit.BASE),
        ("0.1b", "0.1", AmountUnit.BASE),
        (".5", "0.5", AmountUnit.BASE),
        ("100q", "100", AmountUnit.QUOTE),
        ("100 Q ", "100", AmountUnit.QUOTE),
        ("12%", "12", AmountUnit.TOTAL_PERCENT),
        ("12a%", "12", AmountUnit.AVAILABLE_PERCENT),
        ("12%a", "12", AmountUnit.AVAILABLE_PERCENT),
        ("12 A %", "12", AmountUnit.AVAILABLE_PERCENT),
        ("5p%", "5", AmountUnit.POSITION_PERCENT),
        ("5%p", "5", AmountUnit.POSITION_PERCENT),
        ("5p", "5", AmountUnit.POSITION_PERCENT),
        ("2t%", "2", AmountUnit.TRADED_ASSETS_PERCENT),
        ("2.5%s", "2.5", AmountUnit.PAIR_ASSETS_PERCENT),
    ],
)
def test_parses_every_unit_of_amount(text: str, value: str, unit: AmountUnit) -> None:
    assert parse_amount(text) == OrderAmount(Decimal(value), unit)


@pytest.mark.parametrize(
    "text", ["", "  ", "q", "ten", "12x", "12a", "12t", "12aq%", "1e3", "12%%", "@12", "1,5", "1 2", "nan", "٣"]
)
def test_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(SettingError, match="no order amount") as caught:
        parse_amount(text)
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["0", "-1", "0%", "-2q"])
def test_refuses_amounts_that_are_not_positive(text: str) -> None:
    with pytest.raises(SettingError, match="not positive"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "side", "expected"),
    [
        ("0.1", BUY, "0.1"),
        ("100q", SELL, "2"),
        ("10%", BUY, "2"),
        ("10%", SELL, "0.8"),
        ("50a%", BUY, "4"),
        ("50a%", SELL, "1.5"),
        ("25p", SELL, "1.5"),
        ("1t%", BUY, "1"),
        ("50s%", BUY, "14"),
        ("50s%", SELL, "14"),
    ],
)
def test_resolves_to_base(text: str, side: OrderSide, expected: str) -> None:
    assert parse_amount(text).resolve(side, HOLDINGS) == Decimal(expected)


def test_margin_is_not_counted_twice() -> None:
    holdings = replace(HOLDINGS, is_margin=True)
    assert parse_amount("50s%").resolve(BUY, holdings) == holdings.total_base / 2


def test_says_when_the_market_has_no_position() -> None:
    with pytest.raises(SettingError, match="position"):
        parse_amount("5p").resolve(SELL, replace(HOLDINGS, position=None))


def test_says_when_the_value_of_all_assets_is_unknown() -> None:
    with pytest.raises(SettingError, match="traded assets"):
        parse_amount("5t%").resolve(SELL, replace(HOLDINGS, traded_assets_value=None))


@pytest.mark.parametrize(
    ("text", "unit", "price"),
    [
        ("@250", PriceUnit.FLAT, "250"),
        ("5e%", PriceUnit.ENTRY_PERCENT, "210"),
        ("-5%e", PriceUnit.ENTRY_PERCENT, "190"),
        ("-20e", PriceUnit.ENTRY_DIFFERENCE, "180"),
        ("+0.5e", PriceUnit.ENTRY_DIFFERENCE, "200.5"),
    ],
)
def test_parses_and_resolves_prices(text: str, unit: PriceUnit, price: str) -> None:
    parsed = parse_price(text)
    assert parsed.unit is unit
    assert parsed.resolve(Decimal(200)) == Decimal(price)


@pytest.mark.parametrize("text", ["", "e", "@", "250", "5%", "5q", "@5e", "@5%", "5ee"])
def test_refuses_what_is_no_price(text: str) -> None:
    with pytest.raises(SettingError, match="no order price"):
        parse_price(text)


def test_prices_are_positive() -> None:
    with pytest.raises(SettingError, match="not positive"):
        parse_price("@0")
    with pytest.raises(SettingError, match="-100"):
        parse_price("-300e").resolve(Decimal(200))


positive = st.decimals(min_value="0.00000001", max_value="1000000", places=8)


@given(value=positive, unit=st.sampled_from(AmountUnit))
def test_amounts_survive_a_round_trip_through_text(value: Decimal, unit: AmountUnit) -> None:
    amount = OrderAmount(value, unit)
    assert parse_amount(str(amount)) == amount


@given(value=positive, unit=st.sampled_from(PriceUnit))
def test_prices_survive_a_round_trip_through_text(value: Decimal, unit: PriceUnit) -> None:
    price = OrderPrice(value, unit)
    assert parse_price(str(price)) == price
