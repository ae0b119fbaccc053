# SPDX-License-Identifier: Apache-2.0
"""What an account has, as amounts count it: spot assets, and margin with its leverage."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from octobot_tentacles.trading_modes.blank import BlankTradingMode
from octobot_tentacles.trading_modes.funds import holdings_of, open_entries, openable
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms
from octobot_trading.modes.order_amounts import Holdings
from octobot_trading.personal_data.orders.order_request import OrderRequest

BUY, SELL = OrderSide.BUY, OrderSide.SELL
SIZED = Market("BTC/USDT:USDT", "BTC", "USDT", contract=ContractTerms("USDT", size=Decimal("0.1")))
INVERSE = Market("BTC/USD:BTC", "BTC", "USD", amount_step=Decimal(1), contract=ContractTerms("BTC", is_inverse=True))


async def order(desk: Any, side: OrderSide, quantity: str, **fields: Any) -> None:
    kind = OrderType.LIMIT if "price" in fields else OrderType.MARKET
    await desk.manager.trader.create_order(OrderRequest(desk.symbol, side, kind, Decimal(quantity), **fields))


def rounded(holdings: Holdings) -> dict[str, Any]:
    names = ("available_base", "available_quote", "total_base", "total_quote", "position", "traded_assets_value")
    values = {name: getattr(holdings, name) for name in names}
    return {name: None if value is None else f"{value:.2f}" for name, value in values.items()}


async def test_spot_counts_two_assets(make_mode_desk: Any) -> None:
    desk = await make_mode_desk(BlankTradingMode, {"USDT": "1000", "BTC": "2"})
    await order(desk, BUY, "4", price=Decimal(50))
    holdings = holdings_of(desk.manager, "BTC/USDT", Decimal(100))
    assert rounded(holdings) == {
        "available_base": "2.00",
        "available_quote": "800.00",
        "total_base": "2.00",
        "total_quote": "1000.00",
        "position": None,
        "traded_assets_value": "1200.00",
    }
    assert not holdings.is_margin


async def test_a_linear_contract_counts_margin_times_leverage(make_futures_desk: Any) -> None:
    desk = await make_futures_desk(BlankTradingMode, leverage="4")
    await order(desk, SELL, "10")
    await desk.candle(100, 100, 100, 100)
    await desk.candle(110, 110, 110, 110)
    # 1,000 - 1 of fee; 250 of margin and 100 of open loss are not available
    holdings = holdings_of(desk.manager, desk.symbol, Decimal(110))
    assert rounded(holdings) == {
        "available_base": "23.60",
        "available_quote": "2596.00",
        "total_base": "36.33",
        "total_quote": "3996.00",
        "position": "-10.00",
        "traded_assets_value": "899.00",
    }
    assert holdings.is_margin


async def test_contracts_of_another_size_are_counted_in_base(make_futures_desk: Any) -> None:
    desk = await make_futures_desk(BlankTradingMode, markets=[SIZED])
    await order(desk, BUY, "20")
    await desk.candle(100, 100, 100, 100)
    assert holdings_of(desk.manager, desk.symbol, Decimal(100)).position == 2


async def test_an_inverse_contract_is_counted_in_base_and_has_its_margin_there(make_futures_desk: Any) -> None:
    desk = await make_futures_desk(BlankTradingMode, {"BTC": "10"}, markets=[INVERSE], leverage="2")
    await order(desk, BUY, "400")
    await desk.candle(100, 100, 100, 100)
    holdings = holdings_of(desk.manager, desk.symbol, Decimal(100))
    # 9.996 BTC after the fee, of which 2 are margin
    assert rounded(holdings) == {
        "available_base": "15.99",
        "available_quote": "1599.20",
        "total_base": "19.99",
        "total_quote": "1999.20",
        "position": "4.00",
        "traded_assets_value": "999.60",
    }


async def test_orders_that_only_reduce_enter_nothing(make_futures_desk: Any) -> None:
    desk = await make_futures_desk(BlankTradingMode)
    await order(desk, BUY, "2")
    await desk.candle(100, 100, 100, 100)
    await order(desk, SELL, "2", price=Decimal(120), reduce_only=True)
    await order(desk, SELL, "1", price=Decimal(130))
    assert open_entries(desk.manager, desk.symbol, SELL, Decimal(100)) == 1
    assert open_entries(desk.manager, desk.symbol, BUY, Decimal(100)) == 0


@pytest.mark.parametrize("leverage", ["1", "3", "20"])
@pytest.mark.parametrize("price", ["100", "0.03", "64321.5"])
@pytest.mark.parametrize("side", [BUY, SELL])
async def test_what_is_openable_is_accepted_and_a_step_more_is_not(
    make_futures_desk: Any, leverage: str, price: str, side: OrderSide
) -> None:
    market = replace(SIZED, amount_step=Decimal("0.0001"), price_tick=Decimal("0.01"))
    desk = await make_futures_desk(BlankTradingMode, markets=[market], leverage=leverage, price=float(price))
    at = Decimal(price)
    most = openable(market, holdings_of(desk.manager, desk.symbol, at), at, Decimal(leverage), Decimal("0.001"))
    quantity = market.quantize_amount(market.amount_of(most, at))
    await order(desk, side, str(quantity), price=at)
    left = openable(market, holdings_of(desk.manager, desk.symbol, at), at, Decimal(leverage), Decimal("0.001"))
    assert market.amount_of(left, at) < 2 * market.amount_step


def test_nothing_is_openable_without_margin() -> None:
    nothing = Decimal(0)
    holdings = Holdings(Decimal(100), nothing, nothing, nothing, nothing, nothing, is_margin=True)
    assert openable(SIZED, holdings, Decimal(100), Decimal(5), Decimal("0.001")) == 0
