# SPDX-License-Identifier: Apache-2.0
"""RemoteTradingSignalsTradingMode on a simulated exchange: signals in, exactly these orders out."""

from __future__ import annotations

import itertools
import logging
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration.paths import HOME_VARIABLE
from octobot_commons.errors import BugError
from octobot_tentacles.trading_modes.remote_signals import RemoteTradingSignalsTradingMode
from octobot_trading.enums import ExchangeTypes
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms

_BALANCED = {"group": "x", "group_kind": "balanced_take_profit_and_stop"}
SPOT, CONTRACT = "BTC/USDT", "BTC/USDT:USDT"
_numbers = itertools.count(1)


def signal(*actions: dict[str, Any], strategy: str = "trend", **changes: Any) -> dict[str, Any]:
    return {"signal": f"s{next(_numbers)}", "strategy": strategy, "actions": list(actions), **changes}


def create(name: str = "a", side: str = "buy", percent: Any = 10, symbol: str = SPOT, **fields: Any) -> dict[str, Any]:
    size = {} if "holdings_percent" in fields else {"account_percent": percent}
    return {"action": "create", "id": name, "symbol": symbol, "side": side, **size, **fields}


def edit(name: str = "a", **fields: Any) -> dict[str, Any]:
    return {"action": "edit", "id": name, **fields}


def cancel(name: str = "a") -> dict[str, Any]:
    return {"action": "cancel", "id": name}


@pytest.fixture
def make_desk(make_mode_desk: Any) -> Any:
    return partial(make_mode_desk, RemoteTradingSignalsTradingMode, trading_strategy="trend")


@pytest.fixture
def make_contracts(make_futures_desk: Any) -> Any:
    return partial(make_futures_desk, RemoteTradingSignalsTradingMode, trading_strategy="trend")


# At a price of 100 and fees of 0.1 %; a cap of half the quote.
@pytest.mark.parametrize(
    ("portfolio", "settings", "data", "orders"),
    [
        pytest.param({"USDT": "1000"}, {}, signal(create()), ["buy market 1.000"], id="percent of the account"),
        pytest.param({"USDT": "500", "BTC": "5"}, {}, signal(create()), ["buy market 1.000"], id="all of its value"),
        pytest.param(
            {"USDT": "1000"}, {}, signal(create(percent="12.34", type="limit", price="98.764")),
            ["buy limit 1.249 at 98.76"], id="limit",
        ),
        pytest.param({"USDT": "1000"}, {}, signal(create(percent=80)), ["buy market 5.000"], id="capped"),
        pytest.param({"USDT": "1000"}, {"max_volume": 100}, signal(create(percent=80)), ["buy market 8.000"], id="cap"),
        pytest.param({"USDT": "1000"}, {"max_volume": 0}, signal(create()), [], id="a cap of nothing"),
        pytest.param({"BTC": "2"}, {}, signal(create(side="sell", percent=80)), ["sell market 1.600"], id="sale"),
        pytest.param({"BTC": "2"}, {}, signal(create(side="sell", percent=300)), ["sell market 2.000"], id="all of it"),
        pytest.param(
            {"BTC": "2"}, {}, signal(create(side="sell", holdings_percent=50)), ["sell market 1.000"], id="half of it"
        ),
        pytest.param({"USDT": "1000"}, {}, signal(create(holdings_percent=20)), ["buy market 2.000"], id="of quote"),
        pytest.param(
            {"BTC": "2"}, {},
            signal(
                create("a", "sell", 50, type="limit", price=110, group="x"),
                create("b", "sell", 50, type="stop_loss", stop_price=90, group="x"),
            ),
            ["sell limit 0.909 at 110.00", "sell stop_loss 1.111 at 90.00"], id="a group",
        ),
        pytest.param(
            {"BTC": "2"}, {},
            signal(
                create("a", "sell", holdings_percent=100, type="limit", price=110, group="x"),
                create("b", "sell", holdings_percent=100, type="stop_loss", stop_price=90, group="x"),
            ),
            ["sell limit 2.000 at 110.00", "sell stop_loss 2.000 at 90.00"], id="alternatives share what they sell",
        ),
        pytest.param(
            {"BTC": "2"}, {},
            signal(
                create("a", "sell", holdings_percent=50, type="limit", price=110, **_BALANCED),
                create("b", "sell", holdings_percent=100, type="stop_loss", stop_price=90, **_BALANCED),
                create("c", "sell", holdings_percent=100, type="limit", price=120, **_BALANCED),
            ),
            ["sell limit 1.000 at 110.00", "sell stop_loss 2.000 at 90.00", "sell limit 1.000 at 120.00"],
            id="take profits together sell as much as the stop",
        ),
        pytest.param(
            {"USDT": "1000"}, {"max_volume": 100},
            signal(
                create("a", percent=100, type="limit", price=90, group="x"),
                create("b", percent=100, type="stop_loss", stop_price=110, group="x"),
            ),
            ["buy limit 11.111 at 90.00", "buy stop_loss 9.090 at 110.00"], id="alternatives share what they spend",
        ),
        pytest.param({"BTC": "2", "USDT": "4"}, {}, signal(create(percent=1)), [], id="too little, and no more there"),
        pytest.param(
            {"USDT": "1000"}, {}, signal(create(percent="0.1")), ["buy market 0.050"], id="rounded up to the minimum"
        ),
        pytest.param(
            {"USDT": "1000"}, {}, signal(create(percent="0.1", type="limit", price="97.03")),
            ["buy limit 0.052 at 97.03"], id="rounded up to whole steps",
        ),
        pytest.param(
            {"USDT": "1000"}, {"round_to_minimal_size_if_necessary": False}, signal(create(percent="0.1")), [],
            id="not rounded up",
        ),
        pytest.param({"USDT": "8"}, {}, signal(create(percent=10)), [], id="the minimum is beyond the cap"),
        pytest.param({"BTC": "1"}, {}, signal(create()), [], id="no quote"),
        pytest.param({"USDT": "1000"}, {}, signal(create(side="sell")), [], id="nothing to sell"),
        pytest.param(
            {"USDT": "1000"}, {"max_volume": 100}, signal(create("a", percent=60), create("b", percent=60)),
            ["buy market 6.000", "buy market 4.000"], id="the second gets what the first has left",
        ),
        pytest.param({"USDT": "1000"}, {}, signal(create(), strategy="other"), [], id="another strategy"),
        pytest.param({"USDT": "1000"}, {}, signal(create(), exchange="kraken"), [], id="another exchange"),
        pytest.param({"USDT": "1000"}, {}, signal(create(), exchange="Binance"), ["buy market 1.000"], id="this one"),
        pytest.param(
            {"USDT": "1000"}, {}, signal(create(symbol="ETH/USDT"), create("b")), ["buy market 1.000"],
            id="an unknown symbol is left out",
        ),
        pytest.param(
            {"USDT": "1000"}, {}, signal(create(type="limit"), create("b")), ["buy market 1.000"],
            id="a limit order without a price is left out",
        ),
        pytest.param(
            {"USDT": "1000"}, {}, signal(create(type="limit", price="0.001"), create("b")), ["buy market 1.000"],
            id="a price below the tick is left out",
        ),
        pytest.param({"USDT": "1000"}, {}, signal(create(type="trailing_stop")), [], id="no distance can be told"),
        pytest.param(
            {"USDT": "1000"}, {}, signal(create(chained=[{"id": "b", "side": "sell", "type": "limit"}])), [],
            id="a chained order that cannot be comes with none",
        ),
        pytest.param(
            {"USDT": "1000"}, {},
            signal(create(percent="0.5", chained=[{"id": "b", "side": "sell", "parent_percent": "0.001"}])), [],
            id="a chained order of nothing",
        ),
        pytest.param({"USDT": "1000"}, {"trading_strategy": ""}, signal(create()), [], id="no strategy is followed"),
        pytest.param({"USDT": "1000"}, {}, {"signal": "s", "strategy": "trend"}, [], id="no actions"),
        pytest.param({"USDT": "1000"}, {}, "buy", [], id="no signal"),
    ],
)  # fmt: skip
async def test_spot_orders(
    make_desk: Any, hear: Any, portfolio: dict[str, str], settings: dict[str, Any], data: Any, orders: list[str]
) -> None:
    desk = await make_desk(portfolio, **settings)
    await hear(desk, data)
    assert desk.open_orders() == orders


@pytest.mark.parametrize(
    ("settings", "data", "orders"),
    [
        pytest.param({}, [create(symbol=CONTRACT)], ["buy market 1.000"], id="long"),
        pytest.param({}, [create("a", "sell", symbol=CONTRACT)], ["sell market 1.000"], id="short"),
        pytest.param({}, [create(symbol=CONTRACT, percent=80)], ["buy market 5.000"], id="capped"),
        pytest.param({}, [create("a", "sell", symbol=CONTRACT, percent=80)], ["sell market 5.000"], id="capped short"),
        pytest.param({"leverage": "3"}, [create(symbol=CONTRACT, percent=150)], ["buy market 15.000"], id="leverage"),
        pytest.param(
            {"leverage": "3"}, [create(symbol=CONTRACT, holdings_percent=10)], ["buy market 3.000"], id="of the margin"
        ),
        pytest.param({}, [create("a", "sell", symbol=CONTRACT, reduce_only=True)], [], id="nothing to reduce"),
    ],
)
async def test_contract_orders(
    make_contracts: Any, hear: Any, settings: dict[str, Any], data: list[dict[str, Any]], orders: list[str]
) -> None:
    desk = await make_contracts(**settings)
    await hear(desk, signal(*data))
    assert desk.open_orders() == orders


async def test_a_position_is_reduced_and_turned_around(make_contracts: Any, hear: Any) -> None:
    desk = await make_contracts(max_volume=100)
    await hear(desk, signal(create("a", "sell", 50, CONTRACT)))
    await desk.candle(100, 100, 100, 100)
    assert desk.position == "-5.000"
    await hear(desk, signal(create("b", holdings_percent=40, symbol=CONTRACT, reduce_only=True)))
    await desk.candle(100, 100, 100, 100)
    assert desk.position == "-3.000"
    await hear(desk, signal(create("c", percent=90, symbol=CONTRACT, reduce_only=True)))
    await desk.candle(100, 100, 100, 100)
    assert desk.position == "0"
    await hear(
        desk,
        signal(create("d", "buy", 20, CONTRACT)),
    )
    await desk.candle(100, 100, 100, 100)
    await hear(desk, signal(create("e", "sell", 50, CONTRACT)))
    await desk.candle(100, 100, 100, 100)
    assert desk.position == "-2.996"


async def test_chained_orders_come_with_the_fill_and_cancel_each_other(make_desk: Any, hear: Any) -> None:
    desk = await make_desk()
    exits = [
        {"id": "tp", "side": "sell", "type": "limit", "price": 110, "group": "x"},
        {"id": "sl", "side": "sell", "type": "stop_loss", "stop_price": 90, "group": "x"},
    ]
    await hear(desk, signal(create(percent=20, chained=exits)))
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == ["sell limit 1.998 at 110.00", "sell stop_loss 1.998 at 90.00"]
    await hear(desk, signal(edit("sl", stop_price=95)))
    assert desk.open_orders() == ["sell limit 1.998 at 110.00", "sell stop_loss 1.998 at 95.00"]
    await desk.restart()
    await desk.candle(100, 100, 94, 94)
    assert desk.fills() == ["buy 2.000 at 100.00", "sell 1.998 at 95.00"]
    assert desk.open_orders() == []


async def test_parts_of_the_parent(make_contracts: Any, hear: Any) -> None:
    desk = await make_contracts()
    half = {"side": "sell", "type": "limit", "parent_percent": 50, "reduce_only": True}
    chained = [{**half, "id": "b", "price": 105}, {**half, "id": "c", "price": 110}]
    await hear(desk, signal(create(percent=20, symbol=CONTRACT, chained=chained)))
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == ["sell limit 1.000 at 105.00", "sell limit 1.000 at 110.00"]


async def test_cancels_free_what_creations_need(make_desk: Any, hear: Any) -> None:
    desk = await make_desk(max_volume=100)
    await hear(desk, signal(create(percent=100, type="limit", price=90)))
    assert desk.open_orders() == ["buy limit 11.111 at 90.00"]
    await hear(desk, signal(create("b", percent=100, type="limit", price=95), cancel("a")))
    assert desk.open_orders() == ["buy limit 10.526 at 95.00"]


async def test_edits(make_desk: Any, hear: Any) -> None:
    desk = await make_desk(max_volume=100)
    await hear(desk, signal(create(type="limit", price=90)))
    await hear(desk, signal(edit(price="91.238")))
    assert desk.open_orders() == ["buy limit 1.111 at 91.23"]
    await hear(desk, signal(edit(account_percent=20, price=80)))
    assert desk.open_orders() == ["buy limit 2.500 at 80.00"]
    sizes = edit(account_percent=1000), edit(account_percent="0.0001")
    for refused in (*sizes, edit(price="0.0001"), edit("b", price=1)):
        await hear(desk, signal(refused))
        assert desk.open_orders() == ["buy limit 2.500 at 80.00"]
    await desk.restart()
    await hear(desk, signal(cancel("b"), cancel("a")))
    assert desk.open_orders() == []


async def test_orders_of_other_strategies_are_left_alone(make_desk: Any, make_mode_desk: Any, hear: Any) -> None:
    desk = await make_desk()
    await hear(desk, signal(create(type="limit", price=90)))
    for mode in desk.modes:
        mode.trading_config["trading_strategy"] = "other"
        mode.load_config()
    await hear(desk, signal(cancel("a"), strategy="other"))
    assert desk.open_orders() == ["buy limit 1.111 at 90.00"]


async def test_a_signal_is_executed_once(make_desk: Any, hear: Any) -> None:
    desk = await make_desk()
    desk.manager.explanations = []
    data = signal(create(type="limit", price=90))
    await hear(desk, data)
    await hear(desk, data)
    assert desk.open_orders() == ["buy limit 1.111 at 90.00"]
    assert "was executed before" in desk.manager.explanations[-1].text


async def test_a_signal_is_executed_once_across_a_restart(make_desk: Any, hear: Any) -> None:
    desk = await make_desk()
    data = signal(create())
    await hear(desk, data)
    await desk.candle(100, 100, 100, 100)
    await desk.restart()
    await hear(desk, data)
    assert desk.open_orders() == []


async def test_edits_and_cancels_are_remembered_live(
    make_desk: Any, hear: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    desk = await make_desk()
    desk.manager.is_backtesting = False
    await desk.restart()
    first, second = edit(price=80), edit(price=70)
    await hear(desk, signal(create(type="limit", price=90)))
    older = signal(first)
    await hear(desk, older)
    await hear(desk, signal(second))
    await desk.restart()
    await hear(desk, older)
    assert desk.open_orders() == ["buy limit 1.111 at 70.00"]
    assert len(list((tmp_path / "remote_signals").iterdir())) == 1


async def test_an_order_id_that_was_used_is_refused_by_the_exchange(make_desk: Any, hear: Any) -> None:
    desk = await make_desk()
    await hear(desk, signal(create()))
    await desk.candle(100, 100, 100, 100)
    await hear(desk, signal(create()))
    assert desk.open_orders() == []
    assert desk.mode.consumers[0].refused_orders == 1


async def test_refusals_end_in_nothing(make_desk: Any, hear: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await make_desk()

    async def refuse(request: Any) -> str:
        raise OrderRefused("the market is closed", rule="closed")

    monkeypatch.setattr(desk.exchange, "create_order", refuse)
    await hear(desk, signal(create(), create("b")))
    await desk.candle(100, 100, 100, 100)
    assert desk.open_orders() == []
    assert desk.mode.consumers[0].refused_orders == 2


async def test_without_a_price_nothing_is_done(make_desk: Any, hear: Any) -> None:
    desk = await make_desk(price=None)
    desk.manager.explanations = []
    await hear(desk, signal(create()))
    assert desk.open_orders() == []
    assert "no price is known yet" in desk.manager.explanations[-1].text


async def test_what_cannot_be_used_is_told_of(make_desk: Any, hear: Any, caplog: pytest.LogCaptureFixture) -> None:
    desk = await make_desk()
    desk.manager.explanations = []
    with caplog.at_level(logging.WARNING):
        await hear(desk, signal({**create(), "side": "short"}))
    assert "a signal cannot be used" in caplog.text
    assert "short" in desk.manager.explanations[-1].text


async def test_a_mode_that_follows_nobody_says_so(make_mode_desk: Any, hear: Any) -> None:
    desk = await make_mode_desk(RemoteTradingSignalsTradingMode)
    assert any("trading_strategy" in remark for remark in desk.mode.remarks)


async def test_orders_know_their_signal(make_desk: Any, hear: Any) -> None:
    desk = await make_desk()
    await hear(desk, signal(create(), signal="s-42"))
    (order,) = desk.manager.orders_manager.get_open_orders()
    assert order.request.cause["signal"] == "s-42"
    assert order.request.tag == "RemoteTradingSignalsTradingMode"
    assert order.decision is not None
    assert len(order.request.client_order_id) <= 36


async def test_stopping_ends_the_subscription(make_desk: Any, hear: Any) -> None:
    desk = await make_desk()
    await desk.mode.stop()
    desk.manager.trading_modes.clear()
    with pytest.raises(ValueError, match="unpack"):
        await hear(desk, signal(create()))


async def test_a_mode_without_a_bot_says_so(make_desk: Any, hear: Any) -> None:
    desk = await make_desk()
    desk.mode.bot_id = None
    with pytest.raises(BugError, match="without a bot"):
        await desk.mode.producers[0].subscribe()


async def test_a_large_minimum_of_contracts(make_contracts: Any, hear: Any) -> None:
    terms = ContractTerms("USDT", size=Decimal("0.1"))
    market = Market(CONTRACT, "BTC", "USDT", amount_step=Decimal(1), min_amount=Decimal(3), contract=terms)
    desk = await make_contracts(markets=[market])
    await hear(desk, signal(create(symbol=CONTRACT, percent=1)))
    assert desk.open_orders() == ["buy market 3"]


def test_markets() -> None:
    supported = RemoteTradingSignalsTradingMode.get_supported_exchange_types()
    assert supported == [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]
