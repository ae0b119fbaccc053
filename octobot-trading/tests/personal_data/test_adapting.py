# SPDX-License-Identifier: Apache-2.0
"""Whatever somebody wants, what comes out is what the market takes, and never more than was wanted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import BugError
from octobot_trading.enums import FeeAsset, OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, Market
from octobot_trading.exchanges.market_limits import AmountRules, ContractTerms, Limits
from octobot_trading.personal_data.orders.adapting import (
    adapt_price,
    adapt_to_limits,
    is_tradable,
    max_affordable,
    split_amount,
    split_over_prices,
)

_steps = st.sampled_from([Decimal(step) for step in ("0.00000001", "0.001", "0.1", "1", "3")])
_amounts = st.decimals("0.00000001", 10**6, places=8)
_prices = st.decimals("0.01", 10**5, places=2)
_limits = st.builds(
    Limits, st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(6)]), st.sampled_from([None, Decimal(7), Decimal(90)])
)
_contracts = st.sampled_from(
    [None, ContractTerms("USDT", Decimal("0.01")), ContractTerms("BTC", Decimal(100), is_inverse=True)]
)


@st.composite
def _markets(draw: st.DrawFn) -> Market:
    limits = draw(_limits)
    return Market(
        "BTC/USDT",
        "BTC",
        "USDT",
        amount_step=draw(_steps),
        price_tick=draw(_steps),
        min_amount=limits.minimum,
        max_amount=limits.maximum,
        min_cost=draw(st.sampled_from([Decimal(0), Decimal(5)])),
        max_cost=draw(st.sampled_from([None, Decimal(100), Decimal(10**7)])),
        market_orders=draw(st.none() | st.builds(AmountRules, _limits, st.none() | _steps)),
        contract=draw(_contracts),
    )


@given(_markets(), _amounts, _prices, st.booleans())
def test_the_largest_tradable_amount(market: Market, quantity: Decimal, price: Decimal, is_own_price: bool) -> None:
    price = market.quantize_price(price)
    adapted = adapt_to_limits(market, quantity, price, is_own_price=is_own_price)
    _, step = market.amount_rules(is_market_order=not is_own_price)
    assert 0 <= adapted <= quantity
    if adapted:
        market.check(adapted, price, is_own_price=is_own_price)
    if adapted + step <= quantity and (adapted or price):
        assert not is_tradable(market, adapted + step, price, is_own_price=is_own_price) or _is_at_cost(
            market, adapted + step, price
        )


def _is_at_cost(market: Market, quantity: Decimal, price: Decimal) -> bool:
    """Whether only rounding the cost down lets this amount pass the maximum cost."""
    return market.max_cost is not None and market.max_cost - market.cost_of(quantity, price) < ASSET_STEP


@given(_markets(), _amounts, _prices, st.booleans())
def test_parts_are_tradable_and_what_is_left_is_not(
    market: Market, quantity: Decimal, price: Decimal, is_own_price: bool
) -> None:
    price = market.quantize_price(price)
    parts = list(split_amount(market, quantity, price, is_own_price=is_own_price))
    for part in parts:
        market.check(part, price, is_own_price=is_own_price)
    left = quantity - sum(parts)
    assert left >= 0
    assert parts == sorted(parts, reverse=True)
    if len(parts) < 20:
        assert adapt_to_limits(market, left, price, is_own_price=is_own_price) == 0


@given(_markets(), _amounts, st.lists(st.tuples(_prices, st.integers(1, 9).map(Decimal)), max_size=6))
def test_an_amount_over_prices(market: Market, quantity: Decimal, grid: list[tuple[Decimal, Decimal]]) -> None:
    prices = [market.quantize_price(price) for price, _ in grid]
    orders = split_over_prices(market, quantity, prices, [weight for _, weight in grid])
    for price, part in orders:
        market.check(part, price)
    left = quantity - sum((part for _, part in orders), Decimal(0))
    assert left >= 0
    taken = dict.fromkeys(prices, Decimal(0)) | dict(orders)
    for price in prices if len(set(prices)) == len(prices) else ():
        more = adapt_to_limits(market, taken[price] + left, price)
        assert more == taken[price], "what is left can be traded nowhere"
    remaining = iter(prices)
    assert all(price in remaining for price, _ in orders), "prices keep their order"


def test_large_amounts_in_parts() -> None:
    market = Market("BTC/USDT", "BTC", "USDT", amount_step=Decimal("0.1"), max_amount=Decimal(7), min_cost=Decimal(10))
    assert list(split_amount(market, Decimal("20.05"), Decimal(10))) == [7, 7, 6]
    assert list(split_amount(market, Decimal("14.9"), Decimal(10))) == [7, 7], "0.9 would cost less than the minimum"
    assert list(split_amount(market, Decimal(100), Decimal(10), max_orders=3)) == [7, 7, 7]
    dear = Market("BTC/USDT", "BTC", "USDT", amount_step=Decimal("0.1"), max_cost=Decimal(100))
    assert list(split_amount(dear, Decimal(5), Decimal(45))) == [Decimal("2.2"), Decimal("2.2"), Decimal("0.6")]
    inverse = Market(
        "BTC/USD:BTC", "BTC", "USD", amount_step=Decimal(1), max_cost=Decimal("0.5"),
        contract=ContractTerms("BTC", Decimal(100), is_inverse=True),
    )  # fmt: skip
    assert list(split_amount(inverse, Decimal(150), Decimal(20_000))) == [100, 50], "100 of 100 USD are 0.5 BTC"


def test_weights_and_what_a_price_cannot_trade_goes_on() -> None:
    market = Market("BTC/USDT", "BTC", "USDT", amount_step=Decimal("0.1"), min_cost=Decimal(10))
    assert split_over_prices(market, Decimal(1), [Decimal(100), Decimal(90)]) == [
        (Decimal(100), Decimal("0.5")),
        (Decimal(90), Decimal("0.5")),
    ]
    # 0.25 and 0.25 and 0.5: the half step goes from the first price to the second
    weights = [Decimal(1), Decimal(1), Decimal(2)]
    orders = split_over_prices(market, Decimal(1), [Decimal(100), Decimal(90), Decimal(80)], weights)
    assert [str(part) for _, part in orders] == ["0.2", "0.3", "0.5"]
    # at 5 each third costs less than 10: two together are enough, and the last one joins them
    assert split_over_prices(market, Decimal(3), [Decimal(5)] * 3) == [(Decimal(5), Decimal("3.0"))]
    # the last quarter goes to the nearest order before it
    weights = [Decimal(2), Decimal(1), Decimal(1)]
    orders = split_over_prices(market, Decimal("1.2"), [Decimal(40), Decimal(35), Decimal(30)], weights)
    assert [(str(price), str(part)) for price, part in orders] == [("40", "0.6"), ("35", "0.6")]


@pytest.mark.parametrize("weights", [[], [Decimal(1)], [Decimal(1), Decimal(0)], [Decimal(1), Decimal("NaN")]])
def test_weights_that_make_no_sense(weights: list[Decimal]) -> None:
    with pytest.raises(BugError, match="2 prices with the weights"):
        split_over_prices(Market.default("A/B"), Decimal(1), [Decimal(1), Decimal(2)], weights)


@given(_markets(), _prices)
def test_a_price_is_never_worse_for_its_side(market: Market, price: Decimal) -> None:
    buy, sell = adapt_price(market, price, OrderSide.BUY), adapt_price(market, price, OrderSide.SELL)
    assert buy <= price <= sell
    assert sell - buy in (0, market.price_tick)
    assert adapt_price(market, price) in (buy, sell)


_fees = st.builds(
    FeeModel,
    st.sampled_from([Decimal(0), Decimal("0.001"), Decimal("-0.001")]),
    st.sampled_from([Decimal(0), Decimal("0.002")]),
    st.sampled_from(FeeAsset),
)


@given(st.integers(1, 9999), st.integers(1, 10**6), _fees)
def test_all_that_can_be_paid_for_where_roundings_weigh_most(ticks: int, funds: int, fees: FeeModel) -> None:
    """A price and funds of few steps each."""
    market, price, available = Market.default("DOGE/BTC"), ticks * ASSET_STEP, funds * ASSET_STEP
    quantity = max_affordable(market, OrderSide.BUY, price, available, fees)
    assert _need(market, OrderSide.BUY, quantity, price, fees) <= available
    more = quantity + market.quantize_amount(3 * ASSET_STEP / price) + ASSET_STEP
    assert _need(market, OrderSide.BUY, more, price, fees) + ASSET_STEP > available


def test_room_is_left_for_a_fee_in_coarse_steps() -> None:
    """1,000 / 1.001 would cost 999.001 and a fee of 0.999, rounded up to 1.00: 0.001 too much."""
    market, fees = Market.default("BTC/USDT"), FeeModel(taker=Decimal("0.001"), charged_in=FeeAsset.QUOTE)
    exact = max_affordable(market, OrderSide.BUY, Decimal(100), Decimal(1000), fees)
    assert exact == Decimal("9.99000999")
    coarse = max_affordable(market, OrderSide.BUY, Decimal(100), Decimal(1000), replace(fees, step=Decimal("0.01")))
    assert 0 < exact - coarse < Decimal("0.00011"), "a hundredth buys 0.0001"
    in_base = FeeModel(taker=Decimal("0.001"), charged_in=FeeAsset.BASE, step=Decimal("0.01"))
    sold = max_affordable(market, OrderSide.SELL, Decimal(100), Decimal(1), in_base)
    assert sold == Decimal("0.98901097"), "(1 - 0.01 - 1E-8) / 1.001, as a fee of 0.01 has to stay"


@given(_markets(), st.sampled_from(OrderSide), _prices, _amounts, _fees)
def test_all_that_can_be_paid_for(
    market: Market, side: OrderSide, price: Decimal, available: Decimal, fees: FeeModel
) -> None:
    quantity = max_affordable(market, side, price, available, fees)
    assert quantity >= 0
    assert market.quantize_amount(quantity) == quantity
    assert _need(market, side, quantity, price, fees) <= available
    # one step more, and what three roundings hide, is too much
    more = quantity + market.amount_step
    assert _need(market, side, more, price, fees) + 3 * ASSET_STEP > available


def _need(market: Market, side: OrderSide, quantity: Decimal, price: Decimal, fees: FeeModel) -> Decimal:
    return fees.needs(market, side, quantity, market.cost_of(quantity, price))[1]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "0"])
def test_nothing_comes_of_nothing(value: str) -> None:
    market, one, bad = Market.default("BTC/USDT"), Decimal(1), Decimal(value)
    assert adapt_to_limits(market, bad, one) == adapt_to_limits(market, one, bad) == 0
    assert max_affordable(market, OrderSide.BUY, bad, one) == max_affordable(market, OrderSide.BUY, one, bad) == 0
