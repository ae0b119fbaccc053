# SPDX-License-Identifier: Apache-2.0
"""What a market allows, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal, Inexact, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.market import ASSET_STEP, Market
from octobot_trading.exchanges.simulated.markets import simulated_markets

_MARKET = Market(
    "BTC/USDT",
    "BTC",
    "USDT",
    amount_step=Decimal("0.01"),
    price_tick=Decimal("0.5"),
    min_amount=Decimal("0.05"),
    max_amount=Decimal(100),
    min_cost=Decimal(10),
)
_amounts = st.decimals(0, 10**15, places=12)


@pytest.mark.parametrize(
    ("quantity", "price", "rule"),
    [
        ("0", "100", "amount"),
        ("-1", "100", "amount"),
        ("NaN", "100", "amount"),
        ("sNaN", "100", "amount"),
        ("Infinity", "100", "amount"),
        ("1E+400", "100", "amount"),
        ("1E+18", "100", "amount"),
        ("1", "0", "price"),
        ("1", "-100", "price"),
        ("1", "NaN", "price"),
        ("1", "1E+400", "price"),
        ("1.001", "100", "amount_step"),
        ("0.04", "1000", "min_amount"),
        ("100.01", "100", "max_amount"),
        ("1", "100.25", "price_tick"),
        ("1", "1E-30", "price_tick"),
        ("0.09", "100", "min_cost"),
    ],
)
def test_each_rule_is_named(quantity: str, price: str, rule: str) -> None:
    with pytest.raises(OrderRefused, match="BTC/USDT: ") as refused:
        _MARKET.check(Decimal(quantity), Decimal(price))
    assert refused.value.rule == rule


@pytest.mark.parametrize(("quantity", "price"), [("0.05", "200"), ("100", "100.5"), ("0.1", "100")])
def test_what_just_fits_is_allowed(quantity: str, price: str) -> None:
    _MARKET.check(Decimal(quantity), Decimal(price))


def test_an_estimated_price_need_not_fit_the_tick() -> None:
    _MARKET.check(Decimal(1), Decimal("100.25"), is_own_price=False)


def test_nothing_is_to_be_had_for_free() -> None:
    market = Market.default("DOGE/BTC")
    with pytest.raises(OrderRefused) as refused:
        market.check(ASSET_STEP, Decimal("0.001"))
    assert refused.value.rule == "min_cost"


@given(_amounts)
def test_an_amount_is_rounded_down_to_a_step(amount: Decimal) -> None:
    rounded = _MARKET.quantize_amount(amount)
    assert rounded % Decimal("0.01") == 0
    assert 0 <= amount - rounded < Decimal("0.01")


@given(_amounts)
def test_a_price_is_rounded_to_the_nearest_tick(price: Decimal) -> None:
    rounded = _MARKET.quantize_price(price)
    assert rounded % Decimal("0.5") == 0
    assert abs(price - rounded) <= Decimal("0.25")


@given(_amounts, _amounts)
def test_a_cost_is_exact_before_it_is_rounded_down_whatever_the_context(quantity: Decimal, price: Decimal) -> None:
    with localcontext(Context(prec=6, traps=[Inexact])):
        cost = _MARKET.cost_of(quantity, price)
    with localcontext(Context(prec=100)):
        assert 0 <= quantity * price - cost < ASSET_STEP


def test_an_unknown_symbol_has_eight_decimals_and_no_minimum() -> None:
    market = Market.default("DOGE/BTC")
    assert (market.base, market.quote, market.amount_step, market.price_tick) == ("DOGE", "BTC", ASSET_STEP, ASSET_STEP)
    market.check(Decimal("0.1"), Decimal("0.00000123"))


def test_only_the_exchange_whose_rules_are_known_has_them() -> None:
    known = simulated_markets(["BTC/USDT", "DOGE/BTC"], "binance")
    assert known["BTC/USDT"].min_cost == 5
    assert known["DOGE/BTC"] == Market.default("DOGE/BTC")
    assert simulated_markets(["BTC/USDT"], "kraken") == {"BTC/USDT": Market.default("BTC/USDT")}


def test_the_tick_size_is_zero_where_nothing_is_known_of_it() -> None:
    assert Market.default("BTC/USDT").tick_size == 0.0
    assert Market("BTC/USDT", "BTC", "USDT", price_tick=Decimal("0.01")).tick_size == 0.01


@pytest.mark.parametrize(
    ("symbol", "size", "base", "amount"),
    [
        ("BTC/USDT", None, "2.5", "2.5"),
        ("BTC/USDT:USDT", "1", "2.5", "2.5"),
        ("BTC/USDT:USDT", "0.01", "2.5", "250"),
        ("BTC/USD:BTC", "100", "2.5", "5"),
    ],
)
def test_amounts_stand_for_base(symbol: str, size: str | None, base: str, amount: str) -> None:
    market, price = Market.default(symbol), Decimal(200)
    if size is not None:
        assert market.contract is not None
        market = replace(market, contract=replace(market.contract, size=Decimal(size)))
    assert market.amount_of(Decimal(base), price) == Decimal(amount)
    assert market.base_of(Decimal(amount), price) == Decimal(base)
