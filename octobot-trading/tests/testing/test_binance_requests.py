# SPDX-License-Identifier: Apache-2.0
"""Keys, signatures, times, limits and order fields, asked without ccxt, whose own checks would come first."""

from __future__ import annotations

from typing import Any

import pytest
from binance_world import World

pytest.importorskip("aiohttp", reason="pip install octobot-trading[ccxt]")

import aiohttp

from octobot_trading.testing.binance import ApiKey
from octobot_trading.testing.binance.keys import sign

_LIMIT = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "90"}


async def _ask(world: World, method: str, path: str, query: dict[str, Any], **changes: Any) -> tuple[int, Any, Any]:
    """Ask with everything in the query, signed; ``changes`` are a key, a secret, a time or a signature of its own."""
    sent = {"timestamp": round(world.clock.now() * 1000) + changes.get("later", 0), **query}
    text = "&".join(f"{name}={value}" for name, value in sent.items() if value is not None)
    text += f"&signature={changes.get('signature', sign(changes.get('secret', 'secret'), text))}"
    key = changes.get("key", "key")
    headers = {"X-MBX-APIKEY": key} if key else {}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{world.server.url}{path}?{text}", headers=headers) as response,
    ):
        return response.status, response.headers, await response.json()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"key": ""}, 401, -2014),
        ({"key": "other"}, 401, -2015),
        ({"secret": "other"}, 400, -1022),
        ({"later": 1000}, 400, -1021),
        ({"later": -5001}, 400, -1021),
        ({"later": 999}, 200, None),
        ({"later": -5000}, 200, None),
    ],
)
async def test_who_is_not_known_or_late_is_refused(
    world: World, changes: dict[str, Any], status: int, code: int | None
) -> None:
    answered, _, body = await _ask(world, "GET", "/api/v3/account", {}, **changes)
    assert (answered, body.get("code")) == (status, code)


async def test_a_jump_of_the_exchange_s_clock_makes_requests_late(world: World) -> None:
    world.server.venue.clock_error = 30
    assert (await _ask(world, "GET", "/api/v3/account", {}))[2]["code"] == -1021
    assert (await _ask(world, "GET", "/api/v3/account", {"recvWindow": 60000}))[0] == 200
    assert (await _ask(world, "GET", "/api/v3/account", {"recvWindow": 60001}))[2]["code"] == -1131


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"symbol": "NOPE"}, -1121, "Invalid symbol."),
        ({"side": "UP"}, -1117, "Invalid side."),
        ({"type": "OCO"}, -1116, "Invalid orderType."),
        ({"timeInForce": "GTX"}, -1115, "Invalid timeInForce."),
        ({"price": None}, -1102, "Mandatory parameter 'price'"),
        ({"quantity": "-1"}, -1100, "Illegal characters found in parameter 'quantity'"),
        ({"stopPrice": "80"}, -1106, "Parameter 'stopPrice' sent when not required."),
        ({"icebergQty": "0.5", "timeInForce": "IOC"}, -1106, "Parameter 'icebergQty'"),
        ({"trailingDelta": "100"}, -1106, "Parameter 'trailingDelta'"),
        ({"quantity": "0.000001"}, -1013, "Filter failure: LOT_SIZE"),
        ({"price": "90.001"}, -1013, "Filter failure: PRICE_FILTER"),
        ({"quantity": "0.01"}, -1013, "Filter failure: NOTIONAL"),
        ({"quantity": "8000"}, -2010, "Account has insufficient balance for requested action."),
    ],
)
async def test_orders_have_to_keep_the_rules(world: World, changes: dict[str, Any], code: int, message: str) -> None:
    world.trade(100)
    status, _, body = await _ask(world, "POST", "/api/v3/order", _LIMIT | changes)
    assert (status, body["code"]) == (400, code)
    assert body["msg"].startswith(message)


async def test_only_so_many_orders_may_be_open(world: World) -> None:
    world.server.venue.max_orders = 1
    assert (await _ask(world, "POST", "/api/v3/order", _LIMIT))[0] == 200
    assert (await _ask(world, "POST", "/api/v3/order", _LIMIT))[2]["msg"] == "Filter failure: MAX_NUM_ORDERS"


async def test_only_so_many_orders_may_come_in_ten_seconds(world: World) -> None:
    world.server.order_counts.limits[10.0] = 1
    _, headers, _ = await _ask(world, "POST", "/api/v3/order", _LIMIT | {"icebergQty": "0.5"})
    assert headers["X-MBX-ORDER-COUNT-10S"] == "1"
    status, _, body = await _ask(world, "POST", "/api/v3/order", _LIMIT)
    assert (status, body["code"]) == (429, -1015)
    world.clock.advance_to(world.clock.now() + 10)
    assert (await _ask(world, "POST", "/api/v3/order", _LIMIT))[0] == 200


async def test_a_key_has_its_rights(world: World) -> None:
    path = "/sapi/v1/account/apiRestrictions"
    assert (await _ask(world, "GET", path, {}))[2]["enableWithdrawals"] is False
    world.server.add_account(ApiKey("rich", "s", can_trade=False, can_withdraw=True), {})
    assert (await _ask(world, "GET", path, {}, key="rich", secret="s"))[2]["enableWithdrawals"] is True
    assert (await _ask(world, "POST", "/api/v3/order", _LIMIT, key="rich", secret="s"))[2]["code"] == -2015


async def test_a_trial_order_changes_nothing(world: World) -> None:
    assert (await _ask(world, "POST", "/api/v3/order/test", _LIMIT))[2] == {}
    assert (await _ask(world, "GET", "/api/v3/openOrders", {}))[2] == []


async def test_a_client_order_id_is_free_again_once_its_order_has_ended(world: World) -> None:
    order = _LIMIT | {"newClientOrderId": "mine"}
    assert (await _ask(world, "POST", "/api/v3/order", order))[0] == 200
    assert (await _ask(world, "POST", "/api/v3/order", order))[2]["msg"] == "Duplicate order sent."
    await _ask(world, "DELETE", "/api/v3/openOrders", {"symbol": "BTCUSDT"})
    assert (await _ask(world, "POST", "/api/v3/order", order))[2]["orderId"] == 2
