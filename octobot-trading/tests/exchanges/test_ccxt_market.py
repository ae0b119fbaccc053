# SPDX-License-Identifier: Apache-2.0
"""Rules from ccxt's market structures: recorded ones of Binance futures, written ones of spot, Bybit and old modes."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.errors import DataError
from octobot_trading.exchanges.ccxt_market import PrecisionMode
from octobot_trading.exchanges.market import ASSET_STEP, Market
from octobot_trading.exchanges.market_limits import AmountRules, ContractTerms, Limits, PercentPrice

_PARENTS = Path(__file__).resolve().parents
_PAYLOADS = _PARENTS[min(4, len(_PARENTS) - 1)] / "shared" / "data" / "api" / "jkorf-binance.zip"
_NO_LIMIT = {"min": None, "max": None}


def _spot(**changes: Any) -> dict[str, Any]:
    """As ccxt's manual documents it, with Binance's filters in ``info``."""
    filters = [
        {"filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": "113.95", "stepSize": "0.00000000"},
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": "5",
            "bidMultiplierDown": "0.2",
            "askMultiplierUp": "4",
            "askMultiplierDown": "0.1",
        },
    ]
    return {
        "symbol": "BTC/USDT",
        "base": "BTC",
        "quote": "USDT",
        "active": True,
        "spot": True,
        "contract": False,
        "precision": {"amount": 1e-05, "price": 0.01},
        "limits": {
            "amount": {"min": 1e-05, "max": 9000.0},
            "price": {"min": 0.01, "max": 1000000.0},
            "cost": {"min": 5.0, "max": 9000000.0},
            "market": {"min": 0.0, "max": 113.95},
            "leverage": _NO_LIMIT,
        },
        "info": {"filters": filters},
        **changes,
    }


def test_a_spot_market_with_every_rule() -> None:
    assert Market.from_ccxt(_spot()) == Market(
        "BTC/USDT",
        "BTC",
        "USDT",
        amount_step=Decimal("0.00001"),
        price_tick=Decimal("0.01"),
        min_amount=Decimal("0.00001"),
        max_amount=Decimal(9000),
        min_cost=Decimal(5),
        max_cost=Decimal(9000000),
        prices=Limits(Decimal("0.01"), Decimal(1000000)),
        market_orders=AmountRules(Limits(Decimal("0.00001"), Decimal("113.95"))),
        percent_price=PercentPrice(Limits(Decimal("0.2"), Decimal(5)), Limits(Decimal("0.1"), Decimal(4))),
    )


def test_what_is_not_told_is_not_limited() -> None:
    bare = Market.from_ccxt({"symbol": "A/B", "base": "A", "quote": "B", "limits": {"amount": None}})
    assert bare == Market("A/B", "A", "B")
    assert bare.amount_step == ASSET_STEP
    assert bare.is_active
    assert not Market.from_ccxt(_spot(active=False)).is_active


def test_steps_told_as_decimal_places() -> None:
    market = Market.from_ccxt(_spot(precision={"amount": -2, "price": 3}), PrecisionMode.DECIMAL_PLACES)
    assert (market.amount_step, market.price_tick) == (Decimal(100), Decimal("0.001"))
    market = Market.from_ccxt(_spot(precision={"amount": 0, "price": None}), PrecisionMode.DECIMAL_PLACES)
    assert (market.amount_step, market.price_tick) == (Decimal(1), ASSET_STEP)


def _recorded(kind: str) -> Market:
    ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed")
    if not _PAYLOADS.exists():
        pytest.skip(f"the recorded payloads are not here: {_PAYLOADS.name}")
    with zipfile.ZipFile(_PAYLOADS) as archive:
        text = archive.read(f"Binance.Net.UnitTests/Endpoints/{kind}/ExchangeData/GetExchangeInfo.txt").decode()
    symbol = json.loads(text[text.index("{") :])["symbols"][0]
    exchange = ccxt.binance()
    return Market.from_ccxt(exchange.parse_market(symbol), exchange.precisionMode)


def test_a_recorded_linear_contract() -> None:
    factors = Limits(Decimal("0.8500"), Decimal("1.1500"))
    assert _recorded("UsdFutures") == Market(
        "BLZ/USDT:USDT",
        "BLZ",
        "USDT",
        amount_step=Decimal(1),
        price_tick=Decimal("0.0001"),
        min_amount=Decimal(1),
        max_amount=Decimal(10_000_000),
        min_cost=Decimal(5),
        prices=Limits(Decimal("0.0001"), Decimal(300)),
        market_orders=AmountRules(Limits(Decimal(1), Decimal(590_119))),
        percent_price=PercentPrice(factors, factors),
        contract=ContractTerms("USDT"),
    )


def test_a_recorded_inverse_contract() -> None:
    market = _recorded("CoinFutures")
    assert market.symbol == "BTC/USD:BTC-200925"
    assert market.contract == ContractTerms("BTC", Decimal(100), is_inverse=True, expiry_time=1601020800.0)
    assert market.market_orders is None, "its rules are those of all orders"
    assert market.cost_of(Decimal(2), Decimal(10_000)) == Decimal("0.02")


def test_an_inverse_perpetual_of_bybit() -> None:
    structure = _spot(
        symbol="BTC/USD:BTC", quote="USD", contract=True, inverse=True, settle="BTC", contractSize=1.0, expiry=None,
        precision={"amount": 1.0, "price": 0.5}, info={},
        limits={"amount": {"min": 1.0, "max": 1e6}, "price": {"min": 1.0, "max": 1e6}, "cost": _NO_LIMIT},
    )  # fmt: skip
    assert Market.from_ccxt(structure) == Market(
        "BTC/USD:BTC",
        "BTC",
        "USD",
        Decimal(1),
        Decimal("0.5"),
        Decimal(1),
        Decimal(1000000),
        prices=Limits(Decimal(1), Decimal(1000000)),
        contract=ContractTerms("BTC", is_inverse=True),
    )


@pytest.mark.parametrize(
    ("changes", "mode", "field"),
    [
        ({"base": None}, 4, "base"),
        ({"symbol": ""}, 4, "symbol"),
        ({"limits": {"amount": {"min": "many"}}}, 4, "min"),
        ({"limits": {"cost": {"max": float("nan")}}}, 4, "max"),
        ({"limits": {"amount": {"min": -1}}}, 4, "min"),
        ({"precision": {"amount": 0.5}}, 2, "amount"),
        ({"contract": True, "settle": "USDT"}, 4, "contractSize"),
        ({"contract": True, "contractSize": 1}, 4, "settle"),
        ({}, 3, None),
    ],
)
def test_what_makes_no_sense_is_named(changes: dict[str, Any], mode: int, field: str | None) -> None:
    with pytest.raises(DataError) as refused:
        Market.from_ccxt(_spot(**changes), mode)
    assert refused.value.field == field
