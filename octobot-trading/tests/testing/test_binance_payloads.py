# SPDX-License-Identifier: Apache-2.0
"""Answers and events have the fields of recorded ones, with values of the same types."""

from __future__ import annotations

import json
import re
import zipfile
from typing import Any

import pytest
from binance_world import World
from recorded_venues import PAYLOADS, recorded

pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")

from octobot_trading.testing.loopback import loopback_session

_NAUTILUS = "nautilus-binance.zip", "crates/adapters/binance/test_data/spot"
_JKORF = "jkorf-binance.zip", "Binance.Net.UnitTests"
#: What trade events had until 2023: the ids of the two orders.
_GONE = {"trade": {"a", "b"}}


def _answer(name: str) -> Any:
    archive, folder = _NAUTILUS
    return recorded(archive, f"{folder}/http_json/{name}.json")


def _endpoint(name: str) -> Any:
    archive, folder = _JKORF
    return recorded(archive, f"{folder}/Endpoints/Spot/{name}.txt")


def _event(name: str) -> Any:
    """The first event of a recorded subscription: what follows a line that begins with an equals sign."""
    archive, folder = _JKORF
    if not (PAYLOADS / archive).exists():
        pytest.skip(f"no recorded payloads: {archive} is not there")
    text = zipfile.ZipFile(PAYLOADS / archive).read(f"{folder}/Subscriptions/Spot/{name}.txt").decode()
    message = json.loads(re.split(r"^=", text, flags=re.MULTILINE)[1])
    return message.get("data", message.get("event"))


def _shape(value: Any) -> Any:
    """Keys and types; of lists that of the first item; an empty text is one of no number."""
    if isinstance(value, dict):
        return {key: _shape(one) for key, one in sorted(value.items())}
    if isinstance(value, list):
        return [_shape(one) for one in value[:1]]
    return type(value).__name__


def _compare(mine: Any, theirs: Any) -> None:
    if isinstance(theirs, list):
        mine, theirs = mine[0], theirs[0]
    if isinstance(theirs, dict):
        theirs = {key: value for key, value in theirs.items() if key not in _GONE.get(theirs.get("e", ""), ())}
    assert _shape(mine) == _shape(theirs)


async def _traded(world: World) -> None:
    """A book, an open order and one that has filled."""
    world.trade(100)
    world.book({99: 1}, {101: 5})
    await world.client.create_order("BTC/USDT", "limit", "buy", 1, 90)
    await world.client.create_order("BTC/USDT", "market", "buy", 1)


@pytest.mark.parametrize(
    ("call", "query", "name"),
    [
        ("public_get_depth", {}, "depth_response"),
        ("public_get_trades", {}, "trades_response"),
        ("public_get_ticker_24hr", {}, "ticker_24hr_response"),
        ("public_get_ticker_price", {}, "ticker_price_response"),
        ("public_get_ticker_bookticker", {}, "book_ticker_response"),
        ("public_get_klines", {"interval": "1m"}, "klines_response"),
        ("public_get_avgprice", {}, "Spot/ExchangeData/GetAvgPrice"),
        ("private_get_order", {"orderId": 1}, "order_response"),
        ("private_get_openorders", {}, "open_orders_response"),
        ("private_get_allorders", {}, "all_orders_response"),
        ("private_get_mytrades", {}, "account_trades_response"),
        ("private_get_account", {"symbol": None}, "account_response"),
        ("private_delete_order", {"orderId": 1}, "cancel_order_response"),
        ("sapi_get_account_apirestrictions", {"symbol": None}, "Spot/Account/GetAPIKeyPermissions"),
        ("sapi_get_capital_config_getall", {"symbol": None}, "Spot/Account/GetUserAssets"),
        ("private_get_ratelimit_order", {"symbol": None}, "Spot/Account/GetOrderRateLimitStatus"),
        ("private_post_order_test", {"computeCommissionRates": "true"}, "Spot/Trading/PlaceTestOrder"),
        ("private_post_order", {"newOrderRespType": "FULL"}, "new_order_full_response"),
    ],
)
async def test_answers(world: World, call: str, query: dict[str, Any], name: str) -> None:
    theirs = _endpoint(name.partition("/")[2]) if "/" in name else _answer(name)
    await _traded(world)
    if "post" in call:
        query = {"side": "BUY", "type": "MARKET", "quantity": "1", **query}
    sent = {"symbol": "BTCUSDT", **query}
    mine = await getattr(world.client, call)({key: value for key, value in sent.items() if value is not None})
    if "getall" in call:
        theirs[0]["networkList"] = theirs[0]["networkList"][1:]  # the first one says why it is suspended
    # A market order is told its time in force as well, and ccxt hands out numbers as they came.
    _compare(json.loads(world.client.last_http_response) or mine, theirs)


async def test_a_replacement(world: World) -> None:
    theirs = _endpoint("Trading/ReplaceOrder")["data"]
    await _traded(world)
    await world.client.edit_order("1", "BTC/USDT", "limit", "buy", 1, 80, {"newOrderRespType": "FULL"})
    mine = json.loads(world.client.last_http_response)
    for answer in ("cancelResponse", "newOrderResponse"):
        # Told since this was recorded, as in the other recordings.
        del mine[answer]["origQuoteOrderQty"]
    _compare(mine, theirs)


@pytest.mark.parametrize(
    ("stream", "name"),
    [
        ("trade", "Trades"),
        ("aggTrade", "AggregatedTrades"),
        ("kline_1m", "Klines"),
        ("miniTicker", "MiniTicker"),
        ("ticker", "Ticker"),
        ("bookTicker", "BookTicker"),
        ("depth5@100ms", "PartialBook"),
    ],
)
async def test_events_of_markets(world: World, stream: str, name: str) -> None:
    theirs = _event(f"ExchangeData/{name}")
    async with (
        loopback_session(world.server) as session,
        session.ws_connect(f"wss://stream.binance.com:9443/ws/btcusdt@{stream}") as socket,
    ):
        await world.server.streams.wait_for_stream(f"btcusdt@{stream}")
        world.trade(100)
        world.book({99: 1}, {101: 1})
        _compare(await socket.receive_json(), theirs)


async def test_depth_updates(world: World) -> None:
    archive, member = "basana-binance.zip", "tests/data/binance_depth_update.json"
    theirs = recorded(archive, member)
    async with (
        loopback_session(world.server) as session,
        session.ws_connect("wss://stream.binance.com:9443/ws/btcusdt@depth@100ms") as socket,
    ):
        await world.server.streams.wait_for_stream("btcusdt@depth@100ms")
        world.book({99: 1}, {101: 1})
        _compare(await socket.receive_json(), theirs.get("data", theirs))


async def test_events_of_accounts(world: World) -> None:
    names = ("Order", "AccountPosition", "Balance")
    theirs = {one["e"]: one for one in map(_event, (f"Account/{name}" for name in names))}
    archive, folder = _NAUTILUS
    filled = recorded(archive, f"{folder}/user_data_json/execution_report_trade.json")
    listen_key = (await world.client.public_post_userdatastream())["listenKey"]
    async with (
        loopback_session(world.server) as session,
        session.ws_connect(f"wss://stream.binance.com:9443/ws/{listen_key}") as socket,
    ):
        await world.server.streams.wait_for_account(world.account)
        world.trade(100)
        await world.client.create_order("BTC/USDT", "market", "buy", 1)
        world.account.deposit("BTC", 1)
        events = [await socket.receive_json() for _ in range(6)]
    assert {one["e"] for one in events} == set(theirs)
    for mine in events:
        if mine.get("x") == "TRADE":
            # That recording leaves out what this server tells of every report.
            mine = {key: value for key, value in mine.items() if key in filled}
            _compare(mine, filled)
        else:
            _compare(mine, theirs[mine["e"]])
