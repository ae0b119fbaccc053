# SPDX-License-Identifier: Apache-2.0
"""Texts of alerts: what they ask for, or why they cannot be understood."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.errors import AlertError
from octobot_tentacles.trading_modes.tradingview.alert import (
    LONGEST_TEXT,
    Alert,
    AlertOrderType,
    Signal,
    TakeProfit,
    names_symbol,
    parse_alert,
)
from octobot_trading.modes.order_amounts import parse_amount, parse_price

BUY: dict[str, Any] = {"signal": Signal.BUY, "symbol": "BTCUSDT"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SIGNAL=BUY;SYMBOL=BTCUSDT", BUY),
        ("symbol = BTCUSDT\n signal = buy \n\n", BUY),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;EXCHANGE=binance;TAG=a b", BUY | {"exchange": "binance", "tag": "a b"}),
        ("SIGNAL=SELL;SYMBOL=BTC/USDT", {"signal": Signal.SELL, "symbol": "BTC/USDT"}),
        ("SIGNAL=CANCEL;SYMBOL=BTCUSDT", {"signal": Signal.CANCEL, "symbol": "BTCUSDT"}),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;VOLUME=12a%", BUY | {"volume": parse_amount("12a%")}),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;PRICE=250", BUY | {"price": parse_price("@250")}),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;PRICE=@250.5", BUY | {"price": parse_price("@250.5")}),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;PRICE=-2e%", BUY | {"price": parse_price("-2e%")}),
        (
            "SIGNAL=BUY;SYMBOL=BTCUSDT;ORDER_TYPE=stop;STOP_PRICE=300;REDUCE_ONLY=yes",
            BUY | {"order_type": AlertOrderType.STOP, "stop_price": parse_price("@300"), "reduce_only": True},
        ),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;LEVERAGE=2.5", BUY | {"leverage": Decimal("2.5")}),
        (
            "SIGNAL=BUY;SYMBOL=BTCUSDT;TAKE_PROFIT_PRICE=5e%",
            BUY | {"take_profits": (TakeProfit(price=parse_price("5e%")),)},
        ),
        (
            "SIGNAL=BUY;SYMBOL=BTCUSDT;TAKE_PROFIT_PRICE_2=20e%;TAKE_PROFIT_PRICE_1=10e%;TAKE_PROFIT_VOLUME_RATIO_2=3",
            BUY | {"take_profits": (TakeProfit(price=parse_price("10e%")),
                                    TakeProfit(price=parse_price("20e%"), ratio=Decimal(3)))},
        ),
    ],
)  # fmt: skip
def test_texts(text: str, expected: dict[str, Any]) -> None:
    assert parse_alert(text) == Alert(**expected)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "SIGNAL is missing"),
        ("SIGNAL=BUY", "SYMBOL is missing"),
        ("SYMBOL=BTCUSDT", "SIGNAL is missing"),
        ("hello", "'hello' is no KEY=value"),
        ("SIGNAL=;SYMBOL=BTCUSDT", "is no KEY=value"),
        ("SIGNAL=HOLD;SYMBOL=BTCUSDT", "SIGNAL is 'HOLD'"),
        ("SIGNAL=BUY;SIGNAL=SELL;SYMBOL=BTCUSDT", "SIGNAL stands there twice"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;VOLUM=1", "VOLUM is no key .did you mean VOLUME"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;VOLUME=much", "VOLUME: 'much' is no order amount"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;VOLUME=-1", "is not positive"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;PRICE=cheap", "PRICE: 'cheap' is no order price"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;ORDER_TYPE=ICEBERG", "ORDER_TYPE is 'ICEBERG'"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;REDUCE_ONLY=maybe", "REDUCE_ONLY is 'maybe'"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;TAKE_PROFIT_VOLUME_RATIO_1=1", "TAKE_PROFIT_PRICE_1 is missing"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;TAKE_PROFIT_PRICE_1=1;TAKE_PROFIT_VOLUME_RATIO_1=0", "RATIO_1 is '0'"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;TAKE_PROFIT_PRICE_1=1;TAKE_PROFIT_VOLUME_RATIO_1=nan", "RATIO_1 is 'nan'"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;LEVERAGE=0", "LEVERAGE is '0'"),
        ("SIGNAL=BUY;SYMBOL=BTCUSDT;LEVERAGE=much", "LEVERAGE is 'much'"),
        ("x" * (LONGEST_TEXT + 1), "4,097 characters"),
    ],
)
def test_texts_that_cannot_be_understood(text: str, why: str) -> None:
    with pytest.raises(AlertError, match=why):
        parse_alert(text)


_keys = st.sampled_from(["SIGNAL", "SYMBOL", "VOLUME", "PRICE", "STOP_PRICE", "TAKE_PROFIT_PRICE_1", "x", ""])
_values = st.sampled_from(
    ["BUY", "SELL", "BTCUSDT", "1", "1e%", "1E999999999", "-", "@", "%", "NaN", "\0", "=", "9" * 80]
)


@given(st.text(max_size=300) | st.lists(st.tuples(_keys, _values).map("=".join), max_size=8).map(";".join))
def test_any_text_is_an_alert_or_refused(text: str) -> None:
    with suppress(AlertError):
        assert parse_alert(text).symbol


@pytest.mark.parametrize(
    ("written", "symbol", "is_it"),
    [
        ("BTCUSDT", "BTC/USDT", True), ("btcusdt", "BTC/USDT", True), ("BTC/USDT", "BTC/USDT", True),
        ("BINANCE:BTCUSDT", "BTC/USDT", True), ("BTCUSDT.P", "BTC/USDT:USDT", True),
        ("BTCUSDT", "BTC/USDT:USDT", False),
        ("BTCUSDT.P", "BTC/USDT", False), ("BTC/USDT:USDT", "BTC/USDT:USDT", True), ("ETHUSDT", "BTC/USDT", False),
        ("BTCUSD", "BTC/USDT", False),
    ],
)  # fmt: skip
def test_symbols(written: str, symbol: str, is_it: bool) -> None:
    assert names_symbol(written, symbol) is is_it
