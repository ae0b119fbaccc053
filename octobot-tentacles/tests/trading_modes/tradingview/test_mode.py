# SPDX-License-Identifier: Apache-2.0
"""TradingViewSignalsTradingMode on a simulated exchange: alerts in, exactly these orders out."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from octobot_tentacles.service_feeds.tradingview import TradingViewServiceFeed
from octobot_tentacles.trading_modes.tradingview import TradingViewSignalsTradingMode


def with_alerts(make: Any, hear: Any) -> Any:
    async def make_both(portfolio: dict[str, str] | None = None, **settings: Any) -> tuple[Any, Any]:
        desk = await make(TradingViewSignalsTradingMode, portfolio, **settings)

        async def alert(text: Any) -> None:
            await hear(desk, text if isinstance(text, dict) else {"text": text})

        return desk, alert

    return make_both


@pytest.fixture
def make_desk(make_mode_desk: Any, hear: Any) -> Any:
    """``desk, alert = await make_desk(portfolio, **settings)``; ``await alert(text)`` lets an alert come."""
    return with_alerts(make_mode_desk, hear)


@pytest.fixture
def make_futures(make_futures_desk: Any, hear: Any) -> Any:
    """The same on a linear contract."""
    return with_alerts(make_futures_desk, hear)


BUY, SELL = "SIGNAL=BUY;SYMBOL=BTCUSDT", "SIGNAL=SELL;SYMBOL=BTCUSDT"


# At a price of 100 and a risk of 0.5.
@pytest.mark.parametrize(
    ("portfolio", "settings", "text", "orders"),
    [
        pytest.param({"USDT": "1000"}, {}, BUY, ["buy market 5.000"], id="as much as the risk says"),
        pytest.param({"BTC": "2"}, {}, SELL, ["sell market 1.000"], id="sell as much"),
        pytest.param({"USDT": "1000"}, {"use_maximum_size_orders": True}, BUY, ["buy market 10.000"], id="everything"),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};VOLUME=50q", ["buy market 0.500"], id="a volume"),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};VOLUME=50", ["buy market 10.000"], id="no more than there is"),
        pytest.param({"USDT": "1000"}, {"use_market_orders": False}, BUY, ["buy limit 5.102 at 98.00"], id="limit buy"),
        pytest.param({"BTC": "2"}, {"use_market_orders": False}, SELL, ["sell limit 1.000 at 102.00"], id="limit sell"),
        pytest.param(
            {"USDT": "1000"}, {"use_market_orders": False, "close_to_current_price_difference": 0.1}, BUY,
            ["buy limit 5.555 at 90.00"], id="further away",
        ),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};PRICE=-5e%", ["buy limit 5.263 at 95.00"], id="a relative price"),
        pytest.param({"BTC": "2"}, {}, f"{SELL};PRICE=123.456", ["sell limit 1.000 at 123.46"], id="a price"),
        pytest.param(
            {"USDT": "1000"}, {}, f"{BUY};PRICE=95;ORDER_TYPE=MARKET", ["buy market 5.000"], id="the type counts"
        ),
        pytest.param(
            {"BTC": "2"}, {}, f"{SELL};ORDER_TYPE=STOP;STOP_PRICE=90;VOLUME=1", ["sell stop_loss 1.000 at 90.00"],
            id="a stop",
        ),
        pytest.param({"USDT": "4"}, {}, BUY, [], id="below the minimum"),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};LEVERAGE=1", ["buy market 5.000"], id="no leverage"),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};LEVERAGE=2", [], id="a leverage on a spot market"),
        pytest.param({"BTC": "1"}, {}, BUY, [], id="no quote"),
        pytest.param({"USDT": "1000"}, {}, SELL, [], id="nothing to sell"),
        pytest.param({"USDT": "1000"}, {}, "SIGNAL=BUY;SYMBOL=ETHUSDT", [], id="another symbol"),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};EXCHANGE=kraken", [], id="another exchange"),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};EXCHANGE=Binance", ["buy market 5.000"], id="this exchange"),
        pytest.param({"USDT": "1000"}, {}, "BUY!", [], id="no alert"),
        pytest.param({"USDT": "1000"}, {}, {"txt": BUY}, [], id="no text"),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};ORDER_TYPE=STOP", [], id="a stop without a price"),
        pytest.param({"BTC": "1"}, {}, f"{SELL};TAKE_PROFIT_PRICE=120", [], id="a sell with a target"),
        pytest.param({"USDT": "1000"}, {}, f"{BUY};PRICE=-100e%", [], id="a price of nothing"),
    ],
)  # fmt: skip
async def test_orders(
    make_desk: Any, portfolio: dict[str, str], settings: dict[str, Any], text: Any, orders: list[str]
) -> None:
    desk, alert = await make_desk(portfolio, **settings)
    await alert(text)
    assert desk.open_orders() == orders


async def test_targets_and_stop_come_with_the_fill(make_desk: Any) -> None:
    desk, alert = await make_desk()
    await alert(
        f"{BUY};VOLUME=4;STOP_PRICE=-10e%;TAKE_PROFIT_PRICE_1=5e%;TAKE_PROFIT_PRICE_2=10e%;TAKE_PROFIT_VOLUME_RATIO_2=3"
    )
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == [
        "sell limit 1.000 at 105.00", "sell limit 2.996 at 110.00", "sell stop_loss 3.996 at 90.00",
    ]  # fmt: skip
    await desk.restart()
    assert len(desk.open_orders()) == 3
    await desk.candle(100, 106, 100, 105)
    assert desk.open_orders() == ["sell limit 2.996 at 110.00", "sell stop_loss 2.996 at 90.00"]


async def test_a_buy_cancels_older_buys_and_a_sell_what_stands_in_its_way(make_desk: Any) -> None:
    desk, alert = await make_desk()
    await alert(f"{BUY};VOLUME=4;TAKE_PROFIT_PRICE=120")
    await desk.candle(100, 100, 100, 100)
    await alert(f"{BUY};VOLUME=1;PRICE=90")
    await alert(f"{BUY};VOLUME=1;PRICE=80")
    assert desk.open_orders() == ["sell limit 3.996 at 120.00", "buy limit 1.000 at 80.00"]
    await alert(f"{SELL};VOLUME=100%")
    assert desk.open_orders() == ["sell market 3.996"]


async def test_older_orders_stay_when_told_so(make_desk: Any) -> None:
    desk, alert = await make_desk(cancel_previous_orders=False)
    await alert(f"{BUY};VOLUME=1;PRICE=90")
    await alert(f"{BUY};VOLUME=1;PRICE=80")
    assert desk.open_orders() == ["buy limit 1.000 at 90.00", "buy limit 1.000 at 80.00"]


async def test_cancel_takes_all_or_those_of_a_tag(make_desk: Any) -> None:
    desk, alert = await make_desk(cancel_previous_orders=False)
    await alert(f"{BUY};VOLUME=1;PRICE=90;TAG=a")
    await alert(f"{BUY};VOLUME=1;PRICE=80;TAG=b")
    await alert("SIGNAL=CANCEL;SYMBOL=BTCUSDT;TAG=a")
    assert desk.open_orders() == ["buy limit 1.000 at 80.00"]
    await desk.restart()
    await alert("SIGNAL=CANCEL;SYMBOL=BTCUSDT")
    assert desk.open_orders() == []


async def test_what_cannot_be_used_is_told_of(make_desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    desk, alert = await make_desk()
    desk.manager.explanations = []
    with caplog.at_level(logging.WARNING):
        await alert("SIGNAL=HOLD;SYMBOL=BTCUSDT")
    assert "an alert cannot be used: SIGNAL is 'HOLD'" in caplog.text
    assert "SIGNAL is 'HOLD'" in desk.manager.explanations[0].text


async def test_a_refusal_is_counted(make_desk: Any) -> None:
    desk, alert = await make_desk()
    trader, create_order = desk.manager.trader, desk.manager.trader.create_order

    async def refuse(request: Any) -> Any:
        desk.manager.portfolio.set("USDT", desk.manager.portfolio.balance("USDT"))
        return await create_order(
            type(request)(request.symbol, request.side, request.order_type, request.quantity * 99)
        )

    trader.create_order = refuse
    await alert(BUY)
    assert desk.open_orders() == []
    assert desk.mode.consumers[0].refused_orders == 1


async def test_stopping_ends_the_subscription(make_desk: Any) -> None:
    desk, alert = await make_desk()
    await desk.mode.stop()
    desk.manager.trading_modes.clear()
    with pytest.raises(ValueError, match="unpack"):
        await alert(BUY)


def test_the_feed_is_named() -> None:
    assert (TradingViewServiceFeed,) == TradingViewSignalsTradingMode.SERVICE_FEED_CLASSES


LONG, SHORT = "SIGNAL=BUY;SYMBOL=BTCUSDT.P", "SIGNAL=SELL;SYMBOL=BTCUSDT.P"


# On a contract, with 1,000 USDT of margin, a leverage of 1 and a risk of 0.5.
@pytest.mark.parametrize(
    ("texts", "position", "last"),
    [
        pytest.param([f"{LONG};VOLUME=2"], "2.000", "buy 2.000 at 100.00", id="a long"),
        pytest.param([f"{SHORT};VOLUME=2"], "-2.000", "sell 2.000 at 100.00", id="a short"),
        pytest.param([f"{LONG};VOLUME=2", f"{SHORT};VOLUME=3"], "-1.000", "sell 3.000 at 100.00", id="turned around"),
        pytest.param([f"{LONG};VOLUME=2", f"{SHORT};VOLUME=3;REDUCE_ONLY=true"], "0", "sell 2.000 at 100.00",
                     id="closed and no more"),
        pytest.param([f"{LONG};VOLUME=2", f"{SHORT};VOLUME=50p%;REDUCE_ONLY=1"], "1.000", "sell 1.000 at 100.00",
                     id="half of it"),
        pytest.param([f"{LONG};VOLUME=2", f"{LONG};VOLUME=1;REDUCE_ONLY=1"], "2.000", "buy 2.000 at 100.00",
                     id="nothing to reduce"),
        pytest.param([f"{LONG};VOLUME=99"], "9.990", "buy 9.990 at 100.00", id="no more than the margin opens"),
        pytest.param([f"{LONG};VOLUME=99;LEVERAGE=5"], "49.751", "buy 49.751 at 100.00", id="a leverage"),
        pytest.param([f"{LONG};VOLUME=1;LEVERAGE=5", f"{LONG};VOLUME=10"], "11.000", "buy 10.000 at 100.00",
                     id="a leverage stays"),
        pytest.param([f"{LONG};VOLUME=1;LEVERAGE=1000"], "0", None, id="a leverage that nobody gives"),
        pytest.param([f"{BUY};VOLUME=2"], "0", None, id="the spot pair is another one"),
    ],
)  # fmt: skip
async def test_contracts(make_futures: Any, texts: list[str], position: str, last: str | None) -> None:
    desk, alert = await make_futures()
    for text in texts:
        await alert(text)
        await desk.candle(100, 100, 100, 100)
    assert desk.position == position
    assert (desk.fills() or [None])[-1] == last


async def test_a_leverage_that_is_refused_changes_nothing(make_futures: Any, caplog: pytest.LogCaptureFixture) -> None:
    desk, alert = await make_futures()
    await alert(f"{LONG};VOLUME=1;PRICE=90")
    await alert(f"{LONG};VOLUME=1;PRICE=80;LEVERAGE=1000")
    assert desk.open_orders() == ["buy limit 1.000 at 90.00"]
    assert desk.manager.exchange.leverage_of(desk.symbol) == 1
    assert "LEVERAGE: BTC/USDT:USDT: a leverage of 1000 (give one from 1 to 125)" in caplog.text


async def test_exits_of_a_short_only_reduce(make_futures: Any) -> None:
    desk, alert = await make_futures()
    await alert(f"{SHORT};VOLUME=2;TAKE_PROFIT_PRICE=-10e%;STOP_PRICE=10e%")
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == ["buy limit 2.000 at 90.00", "buy stop_loss 2.000 at 110.00"]
    assert all(order.request.reduce_only for order in desk.manager.orders_manager.get_open_orders())
    await desk.candle(100, 100, 89, 90)
    assert (desk.position, desk.open_orders()) == ("0", [])
