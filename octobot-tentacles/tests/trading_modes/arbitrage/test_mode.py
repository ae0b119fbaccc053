# SPDX-License-Identifier: Apache-2.0
"""ArbitrageTradingMode beside another exchange: prices in, exactly these orders out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.errors import SettingError
from octobot_tentacles.trading_modes.arbitrage import ArbitrageTradingMode
from octobot_tentacles.trading_modes.arbitrage.planner import ArbitrageSettings, Situation, entry, side_of
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order_request import OrderRequest

MARKET = Market(
    "BTC/USDT", "BTC", "USDT", Decimal("0.001"), Decimal("0.01"), min_amount=Decimal("0.001"), min_cost=Decimal(5)
)


@pytest.fixture
def make_pair(make_mode_desk: Any, make_venue: Any) -> Any:
    """``desk, venue = await make_pair(portfolio, **settings)``: both at a price of 100."""

    async def make(portfolio: dict[str, str] | None = None, **settings: Any) -> Any:
        desk = await partial(make_mode_desk, ArbitrageTradingMode)(portfolio, price=None, **settings)
        venue = await make_venue(desk)
        await desk.restart()
        await desk.candle(100, 100, 100, 100)
        await desk.tell_price_of(venue, 100.0)
        return desk, venue

    return make


# Fees of 0.1 % each way, so 0.25 % need a difference of 0.45 %.
@pytest.mark.parametrize(
    ("portfolio", "settings", "elsewhere", "orders"),
    [
        pytest.param({"USDT": "1000"}, {}, 100.44, [], id="too small a difference"),
        pytest.param({"USDT": "1000"}, {}, 100.45, ["buy limit 2.500 at 100.00"], id="a difference that pays"),
        pytest.param({"USDT": "1000"}, {}, 99.0, [], id="higher than elsewhere"),
        pytest.param({"BTC": "4"}, {}, 99.0, [], id="no shorts by default"),
        pytest.param({"BTC": "4"}, {"enable_shorts": True}, 99.0, ["sell limit 1.000 at 100.00"], id="a short"),
        pytest.param({"USDT": "1000"}, {"enable_longs": False}, 102.0, [], id="no longs"),
        pytest.param({"USDT": "1000"}, {"portfolio_percent_per_trade": 100}, 102.0, ["buy limit 10.000 at 100.00"],
                     id="everything"),
        pytest.param({"USDT": "1000"}, {"minimal_price_delta_percent": 5}, 102.0, [], id="another threshold"),
        pytest.param({"USDT": "19"}, {}, 102.0, [], id="below the minimum cost"),
        pytest.param({"BTC": "1"}, {}, 102.0, [], id="no funds"),
        pytest.param({"USDT": "1000"}, {"exchanges_to_trade_on": ["kraken"]}, 102.0, [], id="not on this exchange"),
        pytest.param({"USDT": "1000"}, {"exchanges_to_trade_on": ["Binance"]}, 102.0, ["buy limit 2.500 at 100.00"],
                     id="on this exchange"),
    ],
)  # fmt: skip
async def test_orders(
    make_pair: Any, portfolio: dict[str, str], settings: dict[str, Any], elsewhere: float, orders: list[str]
) -> None:
    desk, venue = await make_pair(portfolio, **settings)
    await desk.tell_price_of(venue, elsewhere)
    assert desk.open_orders() == orders
    await desk.tell_price_of(venue, elsewhere)
    assert desk.open_orders() == orders, "one trade at a time"
    await desk.restart()
    await desk.tell_price_of(venue, elsewhere)
    assert desk.open_orders() == orders, "also after a restart"


async def test_a_trade_ends_at_the_price_elsewhere(make_pair: Any) -> None:
    desk, venue = await make_pair()
    await desk.tell_price_of(venue, 102.0)
    await desk.candle(100, 100, 99.95, 100)
    assert desk.open_orders() == ["sell limit 2.497 at 102.00", "sell stop_loss 2.497 at 99.90"]
    await desk.restart()
    await desk.tell_price_of(venue, 103.0)
    assert len(desk.open_orders()) == 2
    await desk.candle(100, 102.5, 100, 102)
    assert desk.fills()[-1] == "sell 2.497 at 102.00"
    assert desk.open_orders() == ["buy limit 2.461 at 102.00"], "103 elsewhere: the next one"


async def test_a_stop_ends_it_too(make_pair: Any) -> None:
    desk, venue = await make_pair()
    await desk.tell_price_of(venue, 102.0)
    await desk.candle(100, 100, 99.95, 100)
    await desk.tell_price_of(venue, 100.0)
    await desk.candle(100, 100, 99, 99.9)
    assert desk.fills()[-1] == "sell 2.497 at 99.90"
    assert desk.open_orders() == []


async def test_a_short_is_bought_back(make_pair: Any) -> None:
    desk, venue = await make_pair({"BTC": "4"}, enable_shorts=True)
    await desk.tell_price_of(venue, 98.0)
    await desk.candle(100, 100.05, 100, 100)
    # what 99.90 USDT buy at the stop of 100.10, fees included
    assert desk.open_orders() == ["buy limit 0.997 at 98.00", "buy stop_loss 0.997 at 100.10"]
    await desk.candle(100, 100, 97, 98)
    assert desk.fills()[-1] == "buy 0.997 at 98.00"
    assert desk.manager.portfolio.total("USDT") > 2


async def test_an_entry_whose_difference_is_gone_is_cancelled(make_pair: Any) -> None:
    desk, venue = await make_pair()
    await desk.tell_price_of(venue, 102.0)
    assert desk.open_orders() == ["buy limit 2.500 at 100.00"]
    await desk.tell_price_of(venue, 100.1)
    assert desk.open_orders() == []


async def test_nothing_is_compared_before_every_price_is_known(make_mode_desk: Any, make_venue: Any) -> None:
    desk = await make_mode_desk(ArbitrageTradingMode, price=None)
    venue = await make_venue(desk)
    await desk.restart()
    await desk.tell_price_of(venue, 100.0)
    assert desk.open_orders() == []
    await desk.candle(90, 90, 90, 90)
    assert desk.open_orders() == ["buy limit 2.777 at 90.00"]


async def test_without_another_exchange_it_says_so(make_mode_desk: Any) -> None:
    desk = await make_mode_desk(ArbitrageTradingMode)
    assert desk.open_orders() == []
    assert desk.mode.remarks == ["no other exchange of the profile trades BTC/USDT, so nothing is compared"]
    assert ArbitrageTradingMode.compares_exchanges(TentaclesSetupConfig())


async def test_a_refusal_is_counted_and_tried_again(make_pair: Any) -> None:
    desk, venue = await make_pair()
    trader, create_order = desk.manager.trader, desk.manager.trader.create_order

    async def refuse(request: OrderRequest) -> Any:
        return await create_order(replace(request, quantity=Decimal(500), chained=()))

    trader.create_order = refuse
    await desk.tell_price_of(venue, 102.0)
    assert (desk.open_orders(), desk.mode.consumers[0].refused_orders) == ([], 1)
    trader.create_order = create_order
    await desk.tell_price_of(venue, 102.0)
    assert desk.open_orders() == ["buy limit 2.500 at 100.00"]


@pytest.mark.parametrize(
    "settings",
    [{"portfolio_percent_per_trade": 101}, {"minimal_price_delta_percent": -1}, {"stop_loss_delta_percent": 100}],
    ids=str,
)
async def test_unusable_settings_are_refused(make_pair: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        await make_pair(**settings)


@given(
    price=st.decimals("1", 5000, places=2), fair=st.decimals("1", 5000, places=2),
    quote=st.decimals(0, 5000, places=2), base=st.decimals(0, 20, places=4),
    share=st.decimals("0.01", 1, places=2), stop=st.decimals("0.001", "0.5", places=3),
)  # fmt: skip
def test_trades_earn_after_fees_where_they_reach_their_target_and_spend_what_is_there(
    price: Decimal, fair: Decimal, quote: Decimal, base: Decimal, share: Decimal, stop: Decimal
) -> None:
    settings = ArbitrageSettings(share_per_trade=share, stop_delta=stop, enable_shorts=True)
    fee = Decimal("0.001")
    now = Situation(
        market=MARKET, price=price, fair=fair, quote_total=quote, quote_available=quote, base_total=base,
        base_available=base, fees=FeeModel(fee, fee),
    )  # fmt: skip
    side = side_of(settings, now)
    request = None if side is None else entry(settings, now, side, lambda: "group")
    if request is None:
        return
    assert request.price is not None
    MARKET.check(request.quantity, request.price)
    target, stop_order = request.chained
    assert target.price is not None
    assert stop_order.stop_price is not None
    if side is OrderSide.BUY:
        assert request.quantity * request.price <= quote * share + Decimal("1E-8")
        assert (1 - fee) * (1 - fee) * (target.price + MARKET.price_tick) > request.price
    else:
        assert request.quantity <= base * share
        proceeds = request.quantity * request.price * (1 - fee)
        assert target.quantity * (stop_order.stop_price - MARKET.price_tick) <= proceeds
