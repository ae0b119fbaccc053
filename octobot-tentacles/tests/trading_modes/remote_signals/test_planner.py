# SPDX-License-Identifier: Apache-2.0
"""Whatever a signal asks for: orders within funds, cap and the market's rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.errors import SignalError
from octobot_tentacles.trading_modes.remote_signals.planner import (
    SignalSettings,
    Situation,
    client_order_id,
    order_of,
)
from octobot_tentacles.trading_modes.remote_signals.signal import Create
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms
from octobot_trading.modes.order_amounts import Holdings

_FEE = Decimal("0.001")
_amounts = st.decimals(min_value=0, max_value=1_000_000, places=8)
_prices = st.decimals(min_value="0.00000001", max_value=100_000, places=8)
_steps = st.sampled_from([Decimal(step) for step in ("0.00000001", "0.001", "0.1", "1", "3")])


@st.composite
def markets(draw: st.DrawFn, contract: bool) -> Market:
    terms = ContractTerms("USDT", size=draw(st.sampled_from([Decimal(1), Decimal("0.01")]))) if contract else None
    return Market(
        "BTC/USDT:USDT" if contract else "BTC/USDT",
        "BTC",
        "USDT",
        amount_step=draw(_steps),
        price_tick=draw(_steps),
        min_amount=draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(5)])),
        max_amount=draw(st.sampled_from([None, Decimal(6), Decimal(1000)])),
        min_cost=draw(st.sampled_from([Decimal(0), Decimal(5), Decimal(100)])),
        contract=terms,
    )


@st.composite
def creations(draw: st.DrawFn) -> Create:
    kind = draw(st.sampled_from([OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_LOSS]))
    percent = draw(st.decimals(min_value="0.001", max_value=1000, places=3))
    size: dict[str, Any] = {draw(st.sampled_from(["account_percent", "holdings_percent"])): percent}
    if kind is not OrderType.MARKET:
        size["price" if kind is OrderType.LIMIT else "stop_price"] = draw(_prices)
    side = draw(st.sampled_from(list(OrderSide)))
    return Create(id="a", symbol="x", side=side, type=kind, reduce_only=draw(st.booleans()), **size)


_settings = st.builds(
    SignalSettings,
    max_volume=st.sampled_from([Decimal(0), Decimal("0.3"), Decimal(1)]),
    rounds_up=st.booleans(),
)


@given(settings=_settings, create=creations(), market=markets(contract=False), price=_prices, base=_amounts,
       quote=_amounts, locked=_amounts)  # fmt: skip
def test_spot_orders_keep_within_funds_cap_and_rules(
    settings: SignalSettings, create: Create, market: Market, price: Decimal, base: Decimal, quote: Decimal,
    locked: Decimal,
) -> None:  # fmt: skip
    worth = quote + locked + base * price
    holdings = Holdings(price, base, quote, base, quote + locked, traded_assets_value=worth)
    try:
        request = order_of(settings, create, Situation(market=market, holdings=holdings, fees=FeeModel(_FEE, _FEE)))
    except SignalError:
        return
    if request is None:
        return
    at = request.own_price or price
    market.check(request.quantity, at, is_own_price=request.own_price is not None)
    if create.side is OrderSide.SELL:
        assert request.quantity <= base
    else:
        cost = request.quantity * at
        assert cost <= quote
        assert cost <= settings.max_volume * (quote + locked) * (1 + Decimal("1e-20"))


@given(settings=_settings, create=creations(), market=markets(contract=True), price=_prices, margin=_amounts,
       leverage=st.integers(1, 50), position=st.decimals(min_value=-1000, max_value=1000, places=3))  # fmt: skip
def test_contract_orders_keep_within_margin_and_rules(
    settings: SignalSettings, create: Create, market: Market, price: Decimal, margin: Decimal, leverage: int,
    position: Decimal,
) -> None:  # fmt: skip
    power = margin * leverage
    holdings = Holdings(
        price, power / price, power, power / price, power, position, traded_assets_value=margin, is_margin=True
    )
    now = Situation(market=market, holdings=holdings, fees=FeeModel(_FEE, _FEE), leverage=Decimal(leverage))
    try:
        request = order_of(settings, create, now)
    except SignalError:
        return
    if request is None:
        return
    at = request.own_price or price
    market.check(request.quantity, at, is_own_price=request.own_price is not None)
    base = market.base_of(request.quantity, at)
    closable = abs(position) if (position < 0) is (create.side is OrderSide.BUY) else Decimal(0)
    opened = max(Decimal(0), base - closable)
    assert not (create.reduce_only and opened)
    assert opened * at * (1 + _FEE * leverage) <= power * (1 + Decimal("1e-20"))
    assert opened * at <= settings.max_volume * power * (1 + Decimal("1e-20"))


def test_ids_for_exchanges_differ_and_are_short() -> None:
    names = {client_order_id(*one) for one in (("a", "b"), ("ab", ""), ("a", "c"), ("é" * 100, "b" * 100))}
    assert len(names) == 4
    assert all(len(name) <= 36 and name.isascii() for name in names)
    assert client_order_id("a", "b") in names
