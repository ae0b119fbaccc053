# SPDX-License-Identifier: Apache-2.0
"""IndexTradingMode on a simulated exchange: when it rebalances, with which orders, and what is left after a restart."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_tentacles.trading_modes.index import IndexTradingMode
from octobot_tentacles.trading_modes.index.rebalancing import (
    Asset,
    Portfolio,
    buys,
    reason_to_rebalance,
    sells,
)
from octobot_tentacles.trading_modes.index.settings import IndexSettings, shares_of
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order_request import OrderRequest

DAY = 86_400.0
FEES = FeeModel(Decimal("0.001"), Decimal("0.001"))


def market(base: str) -> Market:
    return Market(
        f"{base}/USDT",
        base,
        "USDT",
        Decimal("0.001"),
        Decimal("0.01"),
        min_amount=Decimal("0.001"),
        min_cost=Decimal(5),
    )


@pytest.fixture
def make_desk(make_mode_desk: Any) -> Any:
    return partial(make_mode_desk, IndexTradingMode, markets=(market("BTC"), market("ETH")))


def content(**weights: float) -> dict[str, Any]:
    return {"index_content": [{"name": name, "value": weight} for name, weight in weights.items()]}


async def pass_candle(desk: Any, **prices: float) -> None:
    for symbol in desk.manager.symbols:
        price = prices.get(symbol.partition("/")[0], 100.0)
        await desk.candle(price, price, price, price, symbol)


# All at a price of 100.
SCENARIOS: list[Any] = [
    pytest.param({"USDT": "1000"}, {}, [], ["buy 5.000", "buy 5.000"], id="everything alike"),
    pytest.param(
        {"USDT": "1000"}, content(BTC=3, ETH=1), [], ["buy 7.500", "buy 2.500"], id="by weight"
    ),
    pytest.param(
        {"USDT": "1000"}, {"reference_market_ratio": 0.5}, [], ["buy 2.500", "buy 2.500"], id="half idle"
    ),
    pytest.param({"BTC": "8", "ETH": "2"}, {}, ["sell market 3.000"], ["sell 3.000", "buy 2.997"], id="sells first"),
    pytest.param({"BTC": "5.2", "ETH": "4.8"}, {}, [], [], id="not far enough away"),
    pytest.param({"BTC": "5.2", "ETH": "4.8", "USDT": "60"}, {}, [], [], id="little idle"),
    pytest.param(
        {"BTC": "4.5", "ETH": "4.5", "USDT": "100"}, {}, [], ["buy 0.500", "buy 0.500"], id="idle funds"
    ),
    pytest.param(
        {"BTC": "5.2", "ETH": "4.8"}, {"rebalance_trigger_min_percent": 1}, ["sell market 0.200"],
        ["sell 0.200", "buy 0.199"], id="a closer trigger",
    ),
    pytest.param(
        {"BTC": "5.2", "ETH": "4.8"},
        {"rebalance_trigger_profiles": [{"name": "close", "min_percent": 1}],
         "selected_rebalance_trigger_profile": "close"},
        ["sell market 0.200"], ["sell 0.200", "buy 0.199"], id="a trigger of the profiles",
    ),
    pytest.param(
        {"BTC": "9", "ETH": "1"}, content(BTC=1), ["sell market 1.000"], ["sell 1.000", "buy 0.999"],
        id="an asset that is in the index no more",
    ),
    pytest.param(
        {"BTC": "9.9", "ETH": "0.1"},
        content(BTC=1) | {"synchronization_policy": "sell removed index assets on auto rebalance"}, [], [],
        id="which may wait",
    ),
    pytest.param({"USDT": "4"}, {}, [], [], id="below the minimums"),
    pytest.param({"USDT": "10.3"}, {}, [], ["buy 0.051"] * 2, id="just above them"),
    pytest.param({"USDT": "10.1"}, {}, [], [], id="within the margin of the minimums"),
    pytest.param({}, {}, [], [], id="nothing at all"),
]  # fmt: skip


@pytest.mark.parametrize(("portfolio", "settings", "sold", "filled"), SCENARIOS)
async def test_rebalancing(
    make_desk: Any, portfolio: dict[str, str], settings: dict[str, Any], sold: list[str], filled: list[str]
) -> None:
    desk = await make_desk(portfolio or {"USDT": "0"}, **settings)
    if sold:
        assert desk.open_orders() == sold
    for _ in range(2):
        await pass_candle(desk)
    assert [f"{fill.side} {fill.quantity}" for fill in desk.manager.trades_manager.fills] == filled
    assert desk.open_orders() == []


async def test_looks_again_at_each_interval(make_desk: Any) -> None:
    desk = await make_desk(refresh_interval=1)
    await pass_candle(desk)
    await pass_candle(desk, BTC=200)
    assert desk.open_orders() == []
    await desk.pass_time(DAY)
    # 999 + 499.5 = 1,498.5: half of it is 749.25, 249.75 too much in BTC
    assert desk.open_orders() == ["sell market 1.248"]
    await pass_candle(desk, BTC=200)
    await pass_candle(desk, BTC=200)
    totals = desk.manager.portfolio
    assert totals.total("BTC") * 200 == pytest.approx(totals.total("ETH") * 100, rel=Decimal("0.002"))


async def test_nothing_is_done_before_every_price_is_known(make_desk: Any) -> None:
    desk = await make_desk(price=None)
    await desk.candle(100, 100, 100, 100, "BTC/USDT")
    assert desk.open_orders() == []
    await desk.candle(100, 100, 100, 100, "ETH/USDT")
    assert desk.open_orders() == ["buy market 5.000"] * 2


async def test_a_restart_between_sells_and_buys_goes_on(make_desk: Any) -> None:
    desk = await make_desk({"BTC": "10"})
    assert desk.open_orders() == ["sell market 5.000"]
    await desk.restart()
    assert desk.open_orders() == ["sell market 5.000"]
    await desk.candle(100, 100, 100, 100, "BTC/USDT")
    # 500 less fees of 0.1 %
    assert desk.open_orders() == ["buy market 4.995"]
    await desk.restart()
    await pass_candle(desk)
    await pass_candle(desk)
    assert desk.open_orders() == []
    assert desk.fills("ETH/USDT") == ["buy 4.995 at 100.00"]


async def test_one_asset_that_is_too_small_stops_it_unless_told_otherwise(make_mode_desk: Any) -> None:
    settings = content(BTC=94, ETH=6)
    large = replace(market("ETH"), min_cost=Decimal(500))
    desk = await make_mode_desk(IndexTradingMode, markets=(market("BTC"), large), **settings)
    assert desk.open_orders() == []


async def test_one_asset_that_is_too_small_is_skipped_when_told_so(make_mode_desk: Any) -> None:
    settings = content(BTC=94, ETH=6) | {"allow_skip_asset": True}
    large = replace(market("ETH"), min_cost=Decimal(500))
    desk = await make_mode_desk(IndexTradingMode, markets=(market("BTC"), large), **settings)
    assert desk.open_orders() == ["buy market 9.400"]


async def test_where_every_sell_is_refused_it_buys_with_what_there_is(make_desk: Any) -> None:
    desk = await make_desk({"BTC": "8", "USDT": "200"}, price=None)
    trader, create_order = desk.manager.trader, desk.manager.trader.create_order

    async def refuse_sells(request: OrderRequest) -> Any:
        return await create_order(
            replace(request, quantity=Decimal(500)) if request.side is OrderSide.SELL else request
        )

    trader.create_order = refuse_sells
    await pass_candle(desk)
    assert desk.open_orders() == ["buy market 2.000"]
    assert desk.mode.consumers[0].refused_orders == 1


async def test_orders_of_others_are_left_alone(make_desk: Any) -> None:
    desk = await make_desk({"USDT": "1000"}, price=None)
    mine = OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.LIMIT, Decimal(1), price=Decimal(50), tag="mine")
    await desk.manager.trader.create_order(mine)
    await pass_candle(desk)
    assert desk.open_orders() == ["buy limit 1 at 50.00", "buy market 4.750", "buy market 4.750"]


async def test_assets_that_are_not_traded_are_told_of(make_desk: Any) -> None:
    desk = await make_desk(**content(BTC=1, DOGE=1))
    assert desk.open_orders() == ["buy market 10.000"]
    assert desk.mode.remarks == ["DOGE of the index is left out, as the profile does not trade it"]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (content(BTC=0), "index_content"),
        ({"index_content": [{"name": "BTC", "value": 1}, {"name": "btc", "value": 1}]}, r"index_content\[1\].name"),
        ({"refresh_interval": 0}, "refresh_interval"),
        ({"reference_market_ratio": 1}, "reference_market_ratio"),
        ({"selected_rebalance_trigger_profile": "x"}, "selected_rebalance_trigger_profile"),
        ({"synchronization_policy": "x"}, "synchronization_policy"),
    ],
)
async def test_unusable_settings_are_refused(make_desk: Any, settings: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingError, match=named):
        await make_desk(**settings)


_amounts, _prices = st.decimals(0, 100, places=3), st.decimals("1", 1000, places=2)


@given(
    holdings=st.lists(st.tuples(_amounts, _prices, st.integers(0, 5)), min_size=1, max_size=5),
    quote=st.decimals(0, 10_000, places=2),
    idle=st.decimals(0, "0.5", places=2),
)
def test_a_rebalancing_ends_near_its_targets_and_spends_no_more_than_there_is(
    holdings: list[tuple[Decimal, Decimal, int]], quote: Decimal, idle: Decimal
) -> None:
    """Sells, then buys, each filled at the price it was planned at."""
    names = [f"A{number}" for number in range(len(holdings))]
    weights = {name: Decimal(weight) for name, (_, _, weight) in zip(names, holdings, strict=True)}
    if not any(weights.values()):
        return
    settings = IndexSettings(content=weights, quote_share=idle, minimum_margin=Decimal(0))
    shares = shares_of(weights, names, idle)
    free = {name: replace(market(name), min_cost=Decimal(0), min_amount=Decimal(0)) for name in names}
    prices = {name: price for name, (_, price, _) in zip(names, holdings, strict=True)}
    totals = {name: amount for name, (amount, _, _) in zip(names, holdings, strict=True)}

    def portfolio() -> Portfolio:
        assets = {
            name: Asset(free[name], prices[name], totals[name], totals[name], shares.get(name, Decimal(0)))
            for name in names
        }
        return Portfolio(assets, quote, quote, FEES)

    for request in sells(settings, portfolio()):
        name = request.symbol.partition("/")[0]
        totals[name] -= request.quantity
        quote += request.quantity * prices[name] * Decimal("0.999")
        assert totals[name] >= 0
    for request in buys(settings, portfolio()):
        name = request.symbol.partition("/")[0]
        totals[name] += request.quantity * Decimal("0.999")
        quote -= request.quantity * prices[name]
    assert quote >= 0
    now = portfolio()
    value = now.value
    for name, asset in now.assets.items():
        # within a step, rounding of costs, and what fees of 0.1 % on all that was traded may cost
        tolerance = prices[name] * Decimal("0.002") + value * Decimal("0.004") + 1
        assert abs(asset.value - shares.get(name, 0) * value) <= tolerance
    if value > 2000:
        assert reason_to_rebalance(settings, now) is None
