# SPDX-License-Identifier: Apache-2.0
"""MarketMakingTradingMode on a simulated exchange: its book, how it follows the price, fills and restarts."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_tentacles.trading_modes.market_making import MarketMakingTradingMode
from octobot_tentacles.trading_modes.market_making.book import BookSettings, Funds, levels, missing, outdated
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

MARKET = Market(
    "BTC/USDT", "BTC", "USDT", Decimal("0.001"), Decimal("0.01"), min_amount=Decimal("0.001"), min_cost=Decimal(5)
)
BOTH = {"USDT": "900", "BTC": "9"}
FULL = [
    "buy limit 3.030 at 99.00", "buy limit 3.092 at 97.00", "buy limit 3.157 at 95.00",
    "sell limit 3.000 at 101.00", "sell limit 3.000 at 103.00", "sell limit 3.000 at 105.00",
]  # fmt: skip


@pytest.fixture
def make_desk(make_mode_desk: Any) -> Any:
    return partial(make_mode_desk, MarketMakingTradingMode)


@pytest.mark.parametrize(
    ("portfolio", "settings", "orders"),
    [
        pytest.param(BOTH, {}, FULL, id="both sides"),
        pytest.param(BOTH, {"bids_count": 1, "asks_count": 0}, ["buy limit 9.090 at 99.00"], id="one bid"),
        pytest.param(
            BOTH, {"min_spread": 4, "max_spread": 4, "bids_count": 1, "asks_count": 1},
            ["buy limit 9.183 at 98.00", "sell limit 9.000 at 102.00"], id="one spread",
        ),
        pytest.param({"USDT": "900"}, {}, FULL[:3], id="no base"),
        pytest.param({"BTC": "9"}, {}, FULL[3:], id="no quote"),
        pytest.param({"USDT": "14.9"}, {}, [], id="below the minimum cost"),
        pytest.param({"BTC": "0.0029"}, {}, [], id="below the minimum amount"),
    ],
)  # fmt: skip
async def test_books(make_desk: Any, portfolio: dict[str, str], settings: dict[str, Any], orders: list[str]) -> None:
    desk = await make_desk(portfolio, **settings)
    assert desk.open_orders() == orders
    await desk.prices(100.4, 99.6)
    assert desk.open_orders() == orders, "small moves change nothing"
    await desk.restart()
    await desk.prices(100)
    assert desk.open_orders() == orders


async def test_follows_the_price(make_desk: Any) -> None:
    desk = await make_desk(BOTH, bids_count=1, asks_count=1, max_spread=2)
    before = desk.open_orders()
    assert before == ["buy limit 9.090 at 99.00", "sell limit 9.000 at 101.00"]
    await desk.prices(100.8)
    assert desk.open_orders() == ["buy limit 9.018 at 99.79", "sell limit 9.000 at 101.81"]


async def test_a_fill_is_spread_over_the_levels_again(make_desk: Any) -> None:
    desk = await make_desk(BOTH, bids_count=1, asks_count=1, max_spread=2)
    await desk.candle(100, 101.5, 100, 100)
    assert desk.fills() == ["sell 9.000 at 101.00"]
    # the ask is gone; the bid still stands at its level
    assert desk.open_orders() == ["buy limit 9.090 at 99.00"]
    await desk.candle(100, 100, 98.5, 100)
    # 9.09 BTC less fees are offered, and what the first sale brought in is bid
    assert desk.open_orders() == ["buy limit 9.173 at 99.00", "sell limit 9.080 at 101.00"]


async def test_never_takes(make_desk: Any) -> None:
    desk = await make_desk(BOTH)
    assert all(order.request.post_only for order in desk.manager.orders_manager.get_open_orders())


async def test_orders_of_others_are_left_alone(make_desk: Any) -> None:
    desk = await make_desk(BOTH, price=None, bids_count=1, asks_count=0)
    mine = OrderRequest("BTC/USDT", OrderSide.SELL, OrderType.LIMIT, Decimal(1), price=Decimal(150), tag="mine")
    await desk.manager.trader.create_order(mine)
    await desk.prices(100, 101)
    assert desk.open_orders()[0] == "sell limit 1 at 150.00"
    assert len(desk.open_orders()) == 2


async def test_refusals_are_tried_again_with_the_next_price(make_desk: Any) -> None:
    desk = await make_desk(BOTH, price=None)
    trader, create_order = desk.manager.trader, desk.manager.trader.create_order

    async def refuse(request: OrderRequest) -> Any:
        return await create_order(
            OrderRequest("BTC/USDT", request.side, OrderType.LIMIT, Decimal(99), price=Decimal(99))
        )

    trader.create_order = refuse
    await desk.prices(100)
    assert desk.open_orders() == []
    assert desk.mode.consumers[0].refused_orders == 6
    trader.create_order = create_order
    await desk.prices(100)
    assert desk.open_orders() == FULL


async def test_stands_around_the_price_of_another_exchange(make_desk: Any, make_venue: Any) -> None:
    desk = await make_desk(BOTH, price=None, bids_count=1, asks_count=1, max_spread=2)
    await desk.prices(100)
    assert desk.open_orders() == ["buy limit 9.090 at 99.00", "sell limit 9.000 at 101.00"]
    venue = await make_venue(desk)
    desk._profile.tentacles_setup.get_config("MarketMakingTradingMode")["reference_exchange"] = "kraken"
    await desk.restart()
    await desk.prices(104)
    assert len(desk.open_orders()) == 1, "the own price does not matter, but the ask has filled"
    await desk.tell_price_of(venue, 103.0)
    assert [line.partition(" at ")[2] for line in desk.open_orders()] == ["101.97"]


async def test_an_unknown_exchange_is_refused(make_desk: Any) -> None:
    with pytest.raises(SettingError, match=r"reference_exchange: kraken is no exchange of this profile"):
        await make_desk(BOTH, reference_exchange="kraken")


async def test_nothing_is_ordered_where_the_price_comes_from(make_desk: Any) -> None:
    desk = await make_desk(BOTH, reference_exchange="binance")
    assert desk.open_orders() == []


@pytest.mark.parametrize(
    "settings", [{"min_spread": 0}, {"min_spread": 11}, {"bids_count": -1}, {"asks_count": 51}], ids=str
)
async def test_unusable_settings_are_refused(make_desk: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        await make_desk(BOTH, **settings)


_fractions = st.decimals("0.001", "0.5", places=3)


@given(
    spreads=st.tuples(_fractions, _fractions), counts=st.tuples(st.integers(0, 6), st.integers(0, 6)),
    references=st.lists(st.decimals("1", 1000, places=2), min_size=1, max_size=4),
    quote=st.decimals(0, 5000, places=2), base=st.decimals(0, 20, places=4),
)  # fmt: skip
def test_books_stay_within_counts_levels_and_funds(
    spreads: tuple[Decimal, Decimal], counts: tuple[int, int], references: list[Decimal], quote: Decimal, base: Decimal
) -> None:
    """Whatever the price does, without fills."""
    settings = BookSettings(
        min_spread=min(spreads), max_spread=max(spreads), bids_count=counts[0], asks_count=counts[1]
    )
    fees = FeeModel(Decimal("0.001"), Decimal("0.001"))
    orders: list[Order] = []
    for reference in references:
        for gone in outdated(settings, reference, MARKET, orders):
            orders.remove(gone)
        locked = {OrderSide.BUY: Decimal(0), OrderSide.SELL: Decimal(0)}
        for order in orders:
            is_buy = order.request.side is OrderSide.BUY
            locked[order.request.side] += order.request.quantity * ((order.request.price or 0) if is_buy else 1)
        funds = Funds(
            quote_total=quote, quote_available=quote - locked[OrderSide.BUY], base_total=base,
            base_available=base - locked[OrderSide.SELL], fees=fees,
        )  # fmt: skip
        assert funds.quote_available >= 0
        assert funds.base_available >= 0
        new = missing(settings, reference, MARKET, orders, funds)
        orders += [Order(str(number), one, 0.0) for number, one in enumerate(new)]
        for side, count in zip(OrderSide, counts, strict=True):
            prices = [order.request.price for order in orders if order.request.side is side]
            wanted = levels(count, side, settings, reference, MARKET)
            assert len(prices) <= len(wanted)
            for price in prices:
                assert price is not None
                assert min(abs(price - level) for level in wanted) <= settings.min_spread * reference
                assert (price < reference) == (side is OrderSide.BUY)
