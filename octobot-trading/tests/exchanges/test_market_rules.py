# SPDX-License-Identifier: Apache-2.0
"""Each rule has an error of its own, and a refused order changes nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from trading_world import SYMBOL, order_request

from octobot_commons.clock import SimulatedClock
from octobot_trading import errors
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import AmountRules, ContractTerms, Limits, PercentPrice
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange

BUY, SELL = OrderSide.BUY, OrderSide.SELL
MARKET = Market(
    SYMBOL,
    "BTC",
    "USDT",
    amount_step=Decimal("0.01"),
    price_tick=Decimal("0.5"),
    min_amount=Decimal("0.05"),
    max_amount=Decimal(100),
    min_cost=Decimal(10),
    max_cost=Decimal(5000),
    prices=Limits(Decimal(2), Decimal(1000)),
    market_orders=AmountRules(Limits(Decimal("0.1"), Decimal(20)), Decimal("0.1")),
    percent_price=PercentPrice(
        Limits(Decimal("0.2"), Decimal("1.5")),
        Limits(Decimal("0.8"), Decimal(5)),
    ),
)
_REFUSED = [
    ("NaN", "100", errors.InvalidAmount, "amount"),
    ("sNaN", "100", errors.InvalidAmount, "amount"),
    ("-Infinity", "100", errors.InvalidAmount, "amount"),
    ("0", "100", errors.InvalidAmount, "amount"),
    ("-1", "100", errors.InvalidAmount, "amount"),
    ("1", "NaN", errors.InvalidPrice, "price"),
    ("1", "-1", errors.InvalidPrice, "price"),
    ("1.001", "100", errors.WrongPrecision, "amount_step"),
    ("1", "100.25", errors.WrongPrecision, "price_tick"),
    ("0.04", "1000", errors.BelowMinimum, "min_amount"),
    ("100.01", "10", errors.AboveMaximum, "max_amount"),
    ("20", "1.5", errors.BelowMinimum, "min_price"),
    ("1", "1000.5", errors.AboveMaximum, "max_price"),
    ("0.09", "100", errors.BelowMinimum, "min_cost"),
    ("50.01", "100", errors.AboveMaximum, "max_cost"),
]


@pytest.mark.parametrize(("quantity", "price", "error", "rule"), _REFUSED)
def test_each_rule_has_an_error_of_its_own(
    quantity: str, price: str, error: type[errors.OrderRefused], rule: str
) -> None:
    with pytest.raises(errors.OrderRefused, match="BTC/USDT: ") as refused:
        MARKET.check(Decimal(quantity), Decimal(price))
    assert type(refused.value) is error
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("quantity", "rule"), [("0.05", "amount_step"), ("0.15", "amount_step"), ("20.1", "max_amount")]
)
def test_market_orders_have_amounts_of_their_own(quantity: str, rule: str) -> None:
    MARKET.check(Decimal(quantity), Decimal(200))
    with pytest.raises(errors.OrderRefused) as refused:
        MARKET.check(Decimal(quantity), Decimal(200), is_own_price=False)
    assert refused.value.rule == rule


def test_an_estimated_price_keeps_to_no_rule_of_prices() -> None:
    MARKET.check(Decimal(10), Decimal("1.3"), is_own_price=False, side=BUY, reference_price=Decimal(100))


@pytest.mark.parametrize(
    ("side", "price", "error"),
    [
        (BUY, "20", None),
        (BUY, "19.5", errors.BelowMinimum),
        (BUY, "150", None),
        (BUY, "150.5", errors.AboveMaximum),
        (SELL, "79.5", errors.BelowMinimum),
        (SELL, "500", None),
        (SELL, "500.5", errors.AboveMaximum),
    ],
)
def test_how_far_from_the_reference_price(side: OrderSide, price: str, error: type[errors.OrderRefused] | None) -> None:
    MARKET.check(Decimal(1), Decimal(price), side=side)
    if error is None:
        MARKET.check(Decimal(1), Decimal(price), side=side, reference_price=Decimal(100))
        return
    with pytest.raises(error) as refused:
        MARKET.check(Decimal(1), Decimal(price), side=side, reference_price=Decimal(100))
    assert refused.value.rule == "percent_price"


def test_a_closed_market_takes_nothing() -> None:
    with pytest.raises(errors.MarketClosed, match="the market is closed") as refused:
        replace(MARKET, is_active=False).check(Decimal(1), Decimal(100))
    assert refused.value.rule == "market_closed"


async def test_a_refused_order_changes_nothing() -> None:
    closed = replace(Market.default("ETH/USDT"), is_active=False)
    exchange = SimulatedExchange(
        "binance", SimulatedClock(0.0), {SYMBOL: MARKET, "ETH/USDT": closed}, {"USDT": Decimal(1000)}
    )
    exchange.open_candle(SYMBOL, 100.0)
    before = await exchange.fetch_balance()
    refused = [(order_request("buy", OrderType.LIMIT, amount, price), error) for amount, price, error, _ in _REFUSED]
    refused += [
        (order_request("buy", OrderType.LIMIT, "1", "100", symbol="ETH/USDT"), errors.MarketClosed),
        (order_request("buy", OrderType.LIMIT, "1", "100", symbol="BTC/EUR"), errors.UnknownSymbol),
        (order_request("buy", OrderType.LIMIT, "11", "100"), errors.InsufficientFunds),
        (order_request("sell", OrderType.LIMIT, "1", "100"), errors.InsufficientFunds),
        (order_request("buy", OrderType.MARKET, "20.5", None), errors.AboveMaximum),
    ]
    for request, error in refused:
        with pytest.raises(error):
            await exchange.create_order(request)
        assert await exchange.fetch_balance() == before
    exchange.close_candle(SYMBOL, 0.0, 100.0, 1000.0, 1.0, 100.0, 1000.0)
    assert await exchange.fetch_balance() == before


def test_contracts_cost_their_size_times_or_over_the_price() -> None:
    linear = replace(Market.default("BTC/USDT:USDT"), contract=ContractTerms("USDT", Decimal("0.01")))
    assert linear.cost_of(Decimal(3), Decimal(50_000)) == Decimal(1500)
    assert (linear.settlement, linear.is_inverse) == ("USDT", False)
    inverse = replace(Market.default("BTC/USD:BTC"), contract=ContractTerms("BTC", Decimal(100), is_inverse=True))
    assert inverse.cost_of(Decimal(5), Decimal(40_000)) == Decimal("0.0125")
    assert inverse.cost_of(Decimal(1), Decimal(30_000)) == Decimal("0.00333333")
    assert (inverse.settlement, Market.default("BTC/USD:BTC").is_inverse) == ("BTC", True)
