# SPDX-License-Identifier: Apache-2.0
"""The mode in a whole backtest, with recorded signals."""

from __future__ import annotations

from typing import Any

import pytest

from octobot.testing import run_tentacles
from octobot_commons.errors import DataError
from octobot_commons.services import FeedEvent

NAME, FEED = "RemoteTradingSignalsTradingMode", "RemoteTradingSignalsServiceFeed"
SETTINGS = {NAME: {"trading_strategy": "trend"}}


def event(time: float, name: str, *actions: dict[str, Any]) -> FeedEvent:
    return FeedEvent(time, None, {"signal": name, "strategy": "trend", "actions": list(actions)})


def create(name: str, side: str, symbol: str, **fields: Any) -> dict[str, Any]:
    return {"action": "create", "id": name, "symbol": symbol, "side": side, **fields}


def test_recorded_signals_trade_once_each() -> None:
    exits = [
        {"id": "tp", "side": "sell", "type": "limit", "price": 30000, "group": "x"},
        {"id": "sl", "side": "sell", "type": "stop_loss", "stop_price": 15000, "group": "x"},
    ]
    entry = create("a", "buy", "BTC/USDT", type="limit", price=22000, account_percent=40, chained=exits)
    events = [
        event(1_678_000_000.0, "s1", entry),
        event(1_678_003_600.0, "s1", entry),
        event(1_679_000_000.0, "s2", create("b", "buy", "BTC/USDT", account_percent=20)),
        event(1_679_500_000.0, "s3", {"action": "cancel", "id": "sl"}, {"action": "cancel", "id": "tp"}),
        event(1_679_500_000.0, "s4", create("c", "sell", "BTC/USDT", holdings_percent=50)),
    ]
    result = run_tentacles(NAME, settings=SETTINGS, feeds={FEED: events})
    assert [str(fill.side) for fill in result.fills] == ["buy", "buy", "sell"]
    # half of what both bought, after fees
    bought = sum(fill.quantity - fill.fee for fill in result.fills[:2])
    assert 0 <= bought / 2 - result.fills[2].quantity < 10**-5
    assert sorted(str(order["status"]) for order in result.orders) == [
        "canceled",
        "canceled",
        "filled",
        "filled",
        "filled",
    ]
    assert {order["tag"] for order in result.orders} == {NAME}


def test_recorded_signals_trade_contracts() -> None:
    symbol = "BTC/USDT:USDT"
    cover = {"id": "sl", "side": "buy", "type": "stop_loss", "stop_price": 40000, "reduce_only": True}
    events = [
        event(1_678_000_000.0, "s1", create("a", "sell", symbol, account_percent=40, chained=[cover])),
        event(1_679_000_000.0, "s2", create("b", "buy", symbol, holdings_percent=100, reduce_only=True)),
    ]
    result = run_tentacles(NAME, settings=SETTINGS, feeds={FEED: events}, exchange_type="future")
    assert [str(fill.side) for fill in result.fills] == ["sell", "buy"]
    assert result.fills[0].quantity == result.fills[1].quantity


def test_without_recorded_signals_there_is_no_backtest(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path))
    with pytest.raises(DataError, match=FEED):
        run_tentacles(NAME, settings=SETTINGS)
