# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SymbolError
from octobot_commons.symbols import Symbol, is_symbol, merge_currencies, parse_symbol

ASSETS = st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True)
SYMBOLS = st.one_of(
    st.builds(Symbol, ASSETS, ASSETS),
    st.builds(Symbol, ASSETS, ASSETS, ASSETS),
    st.builds(Symbol, ASSETS, ASSETS, ASSETS, st.just("231229")),
    st.builds(Symbol, ASSETS, ASSETS, ASSETS, st.just("231229"), st.just("30000.5"), st.sampled_from("CP")),
)


@given(SYMBOLS)
def test_text_and_symbol_are_the_same(symbol: Symbol) -> None:
    assert parse_symbol(str(symbol)) == symbol
    assert is_symbol(str(symbol))


def test_parts_of_an_option() -> None:
    symbol = parse_symbol("BTC/USDT:BTC-231229-30000-C")
    assert symbol.base_and_quote() == ("BTC", "USDT")
    parts = (symbol.settlement_asset, symbol.identifier, symbol.strike_price, symbol.option_type)
    assert parts == ("BTC", "231229", "30000", "C")
    assert symbol.is_option()
    assert not symbol.is_future()


@pytest.mark.parametrize(
    ("text", "spot", "future", "perpetual", "linear", "inverse"),
    [
        ("BTC/USDT", True, False, False, False, False),
        ("BTC/USDT:USDT", False, True, True, True, False),
        ("BTC/USD:BTC", False, True, True, False, True),
        ("BTC/USDT:USDT-231229", False, True, False, True, False),
    ],
)
def test_kinds(text: str, spot: bool, future: bool, perpetual: bool, linear: bool, inverse: bool) -> None:
    symbol = parse_symbol(text)
    assert symbol.is_spot() is spot
    assert symbol.is_future() is future
    assert symbol.is_perpetual_future() is perpetual
    assert symbol.is_linear() is linear
    assert symbol.is_inverse() is inverse
    assert not symbol.is_option()


def test_symbols_are_frozen_and_parsed_once() -> None:
    symbol = parse_symbol("BTC/USDT")
    assert parse_symbol("BTC/USDT") is symbol
    with pytest.raises(dataclasses.FrozenInstanceError):
        symbol.base = "ETH"


@pytest.mark.parametrize("text", ["", "BTC", "BTCUSDT", "BTC-USDT", "BTC/", "/USDT", "BTC/USDT:", "BTC /USDT", "A/B/C"])
def test_other_text_is_an_error(text: str) -> None:
    with pytest.raises(SymbolError) as caught:
        parse_symbol(text)
    assert str(caught.value) == f"{text!r} is no symbol (write it BASE/QUOTE, like BTC/USDT)"
    assert isinstance(caught.value, ValueError)
    assert not is_symbol(text)


def test_merging() -> None:
    assert merge_currencies("BTC", "USDT") == "BTC/USDT"
    assert merge_currencies("BTC", "USDT", "USDT") == "BTC/USDT:USDT"
    assert merge_currencies("BTC", "USDT", market_separator="") == "BTCUSDT"
    assert merge_currencies("BTC", "USDT", "BTC", settlement_separator="_") == "BTC/USDT_BTC"
