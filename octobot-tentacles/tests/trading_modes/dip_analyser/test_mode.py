# SPDX-License-Identifier: Apache-2.0
"""DipAnalyserTradingMode on a simulated exchange: which orders a dip asks for, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_tentacles.trading_modes.dip_analyser import DipAnalyserTradingMode
from octobot_tentacles.trading_modes.dip_analyser.planner import Situation, buy_order, sell_prices
from octobot_tentacles.trading_modes.dip_analyser.settings import DipSettings
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order_request import OrderRequest

MARKET = Market(
    "BTC/USDT", "BTC", "USDT", Decimal("0.001"), Decimal("0.01"), min_amount=Decimal("0.001"), min_cost=Decimal(5)
)
FEES = FeeModel(Decimal("0.001"), Decimal("0.001"))


def dip(price: Any = 1, volume: Any = 1) -> dict[str, Any]:
    return {"price": price, "volume": volume}


@pytest.fixture
def make_desk(make_mode_desk: Any) -> Any:
    return partial(make_mode_desk, DipAnalyserTradingMode)


# At 100 and a risk of 0.5: half of 50, 70 or 100 % of the quote, by limit at 99.50.
@pytest.mark.parametrize(
    ("portfolio", "settings", "note", "orders"),
    [
        pytest.param({"USDT": "1000"}, {}, dip(volume=1), ["buy limit 2.512 at 99.50"], id="light"),
        pytest.param({"USDT": "1000"}, {}, dip(volume=2), ["buy limit 3.517 at 99.50"], id="medium"),
        pytest.param({"USDT": "1000"}, {}, dip(volume=3), ["buy limit 5.025 at 99.50"], id="heavy"),
        pytest.param({"USDT": "1000"}, {"use_buy_market_orders": True}, dip(), ["buy market 2.500"], id="market"),
        pytest.param(
            {"USDT": "1000"}, {"light_weight_volume_multiplier": 0.1}, dip(), ["buy limit 0.502 at 99.50"], id="less"
        ),
        pytest.param({"USDT": "19"}, {}, dip(), [], id="below the minimum cost"),
        pytest.param({"BTC": "1"}, {}, dip(), [], id="no funds"),
        *(pytest.param({"USDT": "1000"}, {}, note, [], id=str(note))
          for note in (dip(0), dip(4), dip(True), dip("1"), {}, {"price": 1}, -1.0, "0", None)),
    ],
)  # fmt: skip
async def test_buys(
    make_desk: Any, portfolio: dict[str, str], settings: dict[str, Any], note: Any, orders: list[str]
) -> None:
    desk = await make_desk(portfolio, **settings)
    await desk.note(note)
    assert desk.open_orders() == orders


async def test_what_was_bought_is_sold_in_stages(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(dip(price=3))
    await desk.candle(100, 100, 99, 100)
    # 2.512 less 0.1 %, in three parts, up to 1.1 times 99.50
    stages = ["sell limit 0.837 at 102.82", "sell limit 0.837 at 106.13", "sell limit 0.835 at 109.45"]
    assert desk.open_orders() == stages
    await desk.restart()
    assert desk.open_orders() == stages
    await desk.candle(100, 107, 100, 107)
    assert desk.open_orders() == stages[2:]
    assert desk.fills() == ["buy 2.512 at 99.50", "sell 0.837 at 102.82", "sell 0.837 at 106.13"]


async def test_the_next_dip_cancels_what_was_not_bought_and_no_sell(make_desk: Any) -> None:
    desk = await make_desk(sell_orders_count=1)
    await desk.note(dip())
    await desk.candle(100, 100, 99, 100)
    assert desk.open_orders() == ["sell limit 2.509 at 103.48"]
    await desk.note(dip())
    await desk.note(dip())
    assert desk.open_orders() == ["sell limit 2.509 at 103.48", "buy limit 1.884 at 99.50"]


async def test_a_stop_sells_what_the_stages_have_left(make_desk: Any) -> None:
    desk = await make_desk(stop_loss_multiplier=0.9, sell_orders_count=2)
    await desk.note(dip())
    await desk.candle(100, 100, 99, 100)
    assert desk.open_orders()[-1] == "sell stop_loss 2.509 at 89.55"
    await desk.candle(100, 102, 100, 101)
    assert desk.open_orders()[-1] == "sell stop_loss 1.253 at 89.55"
    await desk.candle(101, 101, 85, 86)
    assert desk.open_orders() == []
    assert desk.manager.portfolio.total("BTC") < Decimal("0.001")


async def test_a_refused_buy_is_counted(make_desk: Any) -> None:
    desk = await make_desk()
    trader, create_order = desk.manager.trader, desk.manager.trader.create_order

    async def create_too_large(request: OrderRequest) -> Any:
        return await create_order(replace(request, quantity=Decimal(500), chained=()))

    trader.create_order = create_too_large
    await desk.note(dip())
    assert desk.open_orders() == []
    assert desk.mode.consumers[0].refused_orders == 1
    trader.create_order = create_order
    await desk.note(dip())
    assert desk.open_orders() == ["buy limit 2.512 at 99.50"]


async def test_orders_of_others_are_left_alone(make_desk: Any) -> None:
    desk = await make_desk()
    mine = OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.LIMIT, Decimal(1), price=Decimal(50), tag="mine")
    await desk.manager.trader.create_order(mine)
    await desk.note(dip())
    await desk.note(dip())
    assert desk.open_orders() == ["buy limit 1 at 50.00", "buy limit 2.386 at 99.50"]


def situation(fee: str = "0.001", **changes: Any) -> Situation:
    fees = FeeModel(Decimal(fee), Decimal(fee))
    now = Situation(
        market=MARKET, price=Decimal(100), available_quote=Decimal(1000), risk=Decimal("0.5"), fees=fees,
        price_weight=1, volume_weight=1,
    )  # fmt: skip
    return replace(now, **changes)


def test_no_stage_loses_to_fees_unless_told_so() -> None:
    # 1 / 0.99 ** 2 = 1.0203...
    prices = sell_prices(DipSettings(sell_orders_count=4), situation("0.01"), Decimal(100))
    assert prices == [Decimal("102.04"), Decimal("102.04"), Decimal(103), Decimal(104)]
    prices = sell_prices(DipSettings(sell_orders_count=4, ignores_fees=True), situation("0.01"), Decimal(100))
    assert prices == [101, 102, 103, 104]


@given(
    quote=st.decimals(0, 5000, places=2),
    price=st.decimals("0.5", 5000, places=2),
    weights=st.tuples(*[st.integers(1, 3)] * 2),
    count=st.integers(1, 8), is_market=st.booleans(), stop=st.none() | st.decimals("0.1", "0.99", places=2),
    risk=st.decimals("0.01", 1, places=2),
)  # fmt: skip
def test_no_buy_spends_what_is_not_there_and_its_sells_earn(
    quote: Decimal, price: Decimal, weights: tuple[int, int], count: int, is_market: bool, stop: Decimal | None,
    risk: Decimal,
) -> None:  # fmt: skip
    settings = DipSettings(sell_orders_count=count, uses_market_orders=is_market, stop_multiplier=stop)
    now = situation(price=price, available_quote=quote, risk=risk, price_weight=weights[0], volume_weight=weights[1])
    request = buy_order(settings, now, lambda: "group")
    if request is None:
        return
    at = price if request.price is None else request.price
    MARKET.check(request.quantity, at, is_own_price=request.price is not None)
    assert FEES.needs(MARKET, OrderSide.BUY, request.quantity, MARKET.cost_of(request.quantity, at))[1] <= quote
    sells = [one for one in request.chained if one.order_type is OrderType.LIMIT]
    assert sum(one.quantity for one in sells) <= request.quantity
    for sell in sells:
        assert sell.price is not None
        assert sell.price * Decimal("0.999") ** 2 >= at - MARKET.price_tick


@pytest.mark.parametrize(
    "settings",
    [{"sell_orders_count": 0}, {"stop_loss_multiplier": 1}, {"light_weight_price_multiplier": 0.9},
     {"heavy_weight_volume_multiplier": 1.1}],
    ids=str,
)  # fmt: skip
async def test_unusable_settings_are_refused(make_desk: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        await make_desk(**settings)
