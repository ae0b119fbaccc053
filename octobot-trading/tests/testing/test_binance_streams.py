# SPDX-License-Identifier: Apache-2.0
"""Unmodified ccxt.pro watches the local Binance at its real addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from decimal import Decimal
from typing import Any

import pytest
from binance_world import World, client_of

pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")

import ccxt

from octobot_trading.testing.binance import ApiKey, RequestFault, StreamFault
from octobot_trading.testing.loopback import loopback_session

PAIR = "BTC/USDT"


async def _begun(watch: Coroutine[Any, Any, Any], listening: Coroutine[Any, Any, None]) -> asyncio.Task[Any]:
    """A watch that the server knows of."""
    task = asyncio.create_task(watch)
    await listening
    return task


async def _watched_trades(world: World) -> asyncio.Task[Any]:
    return await _begun(world.client.watch_trades(PAIR), world.server.streams.wait_for_stream("btcusdt@trade"))


async def _watched_orders(world: World) -> asyncio.Task[Any]:
    return await _begun(world.client.watch_orders(), world.server.streams.wait_for_account(world.account))


async def test_trades_are_watched(world: World) -> None:
    task = await _watched_trades(world)
    world.trade(100, 2)
    world.trade(99, 3)
    await task
    # Events that come together are told together: what was told is kept.
    while len(world.client.trades[PAIR]) < 2:
        await world.client.watch_trades(PAIR)
    assert [(one["price"], one["amount"], one["side"]) for one in world.client.trades[PAIR]] == [
        (100, 2, "buy"),
        (99, 3, "sell"),
    ]


async def test_candles_are_watched(world: World) -> None:
    listening = world.server.streams.wait_for_stream("btcusdt@kline_1m")
    task = await _begun(world.client.watch_ohlcv(PAIR, "1m"), listening)
    for price in (100, 104, 99, 101):
        world.trade(price, 1)
    world.clock.advance_to(world.clock.now() + 60)
    world.trade(102, 1)
    await task
    while len(world.client.ohlcvs[PAIR]["1m"]) < 2:
        await world.client.watch_ohlcv(PAIR, "1m")
    assert [row[1:] for row in world.client.ohlcvs[PAIR]["1m"]] == [[100, 104, 99, 101, 4], [102, 102, 102, 102, 1]]


async def _book_is(world: World, bids: list[list[float]], asks: list[list[float]]) -> None:
    book = world.client.orderbooks.get(PAIR)
    while book is None or (book["bids"], book["asks"]) != (bids, asks):
        book = await world.client.watch_order_book(PAIR)


async def test_the_order_book_is_watched(world: World) -> None:
    world.book({99: 1}, {101: 1})
    book = await world.client.watch_order_book(PAIR)
    assert (book["bids"], book["asks"]) == ([[99, 1]], [[101, 1]])
    world.book({99: 2, 98: 1}, {102: 1})
    await _book_is(world, [[99, 2], [98, 1]], [[102, 1]])


async def test_a_gap_in_the_order_book_is_noticed_and_mended(world: World) -> None:
    world.book({99: 1}, {101: 1})
    await world.client.watch_order_book(PAIR)
    world.book({99: 2}, {101: 1})
    await _book_is(world, [[99, 2]], [[101, 1]])
    world.server.faults.next("btcusdt@depth@100ms", StreamFault.DROPPED)
    world.book({99: 3}, {101: 1})
    world.book({99: 3}, {101: 4})
    with pytest.raises(ccxt.ChecksumError):
        await world.client.watch_order_book(PAIR)
    await _book_is(world, [[99, 3]], [[101, 4]])
    assert world.server.faults.done == [("btcusdt@depth@100ms", StreamFault.DROPPED)]
    assert world.server.requests["depth"] == 2


async def test_orders_and_balances_are_watched(world: World) -> None:
    world.trade(100)
    orders = await _watched_orders(world)
    balance = asyncio.create_task(world.client.watch_balance())
    made = await world.client.create_order(PAIR, "limit", "buy", 2, 90, {"clientOrderId": "mine"})
    placed = (await orders)[0]
    assert (placed["id"], placed["clientOrderId"], placed["status"]) == (made["id"], "mine", "open")
    assert (await balance)["USDT"]["used"] == 180
    orders, trades = (
        asyncio.create_task(watch()) for watch in (world.client.watch_orders, world.client.watch_my_trades)
    )
    await asyncio.sleep(0)
    world.trade(90, 0.5)
    filled = (await orders)[0]
    assert (filled["status"], filled["filled"], filled["fee"]) == ("open", 0.5, {"cost": 0.0005, "currency": "BTC"})
    assert [one["amount"] for one in await trades] == [0.5]
    orders = asyncio.create_task(world.client.watch_orders())
    await world.client.cancel_order(made["id"], PAIR)
    ended = (await orders)[0]
    assert (ended["status"], ended["filled"], ended["clientOrderId"]) == ("canceled", 0.5, "mine")


async def test_deposits_are_watched(world: World) -> None:
    orders = await _watched_orders(world)
    task = asyncio.create_task(world.client.watch_balance())
    await asyncio.sleep(0)
    world.account.deposit("USDT", 5)
    balance = await task
    while balance.get("USDT", {}).get("free") != 100_005:
        balance = await world.client.watch_balance()
    orders.cancel()


async def test_an_event_comes_twice_or_late_just_as_often_as_asked(world: World) -> None:
    faults = world.server.faults
    faults.next("executionReport", StreamFault.DUPLICATED)
    faults.next("executionReport", StreamFault.REORDERED)
    async with loopback_session(world.server) as session:
        key = await _listen_key(session)
        async with session.ws_connect(f"wss://stream.binance.com:9443/ws/{key}") as socket:
            await world.server.streams.wait_for_account(world.account)
            world.trade(100)
            await world.client.create_order(PAIR, "market", "buy", 1)
            events = [await socket.receive_json() for _ in range(5)]
    assert [(one["e"], one.get("x")) for one in events] == [
        ("executionReport", "NEW"),
        ("executionReport", "NEW"),
        ("outboundAccountPosition", None),
        ("outboundAccountPosition", None),
        ("executionReport", "TRADE"),
    ]
    assert [fault for _, fault in faults.done] == [StreamFault.DUPLICATED, StreamFault.REORDERED]
    assert faults.waiting == []


async def _listen_key(session: Any) -> str:
    async with session.post(
        "https://api.binance.com/api/v3/userDataStream", headers={"X-MBX-APIKEY": "key"}
    ) as response:
        return str((await response.json())["listenKey"])


async def test_a_stale_stream_answers_pings_and_tells_nothing(world: World) -> None:
    streams = world.server.streams
    task = await _watched_trades(world)
    streams.is_stale = True
    world.trade(100, 1)
    streams.ping()
    await streams.wait_for(lambda: streams.pongs == 1)
    assert not task.done()
    streams.is_stale = False
    world.trade(100, 2)
    assert [one["amount"] for one in await task] == [2]


async def test_a_closed_stream_is_connected_again(world: World) -> None:
    task = await _watched_trades(world)
    world.server.faults.next("btcusdt@trade", StreamFault.CLOSED)
    world.trade(100, 1)
    with pytest.raises(ccxt.NetworkError):
        await task
    await world.server.streams.wait_for(lambda: not world.server.streams.listeners)
    task = await _watched_trades(world)
    world.trade(100, 2)
    assert [one["amount"] for one in await task] == [2]


async def test_streams_are_combined_listed_and_left(world: World) -> None:
    async with loopback_session(world.server) as session:
        url = "wss://stream.binance.com:9443/stream?streams=btcusdt@bookTicker/btcusdt@depth5"
        async with session.ws_connect(url) as socket:

            async def ask(method: str, *names: str) -> Any:
                await socket.send_json({"method": method, "params": list(names), "id": 7})
                return await socket.receive_json()

            assert await ask("SUBSCRIBE", "btcusdt@miniTicker") == {"result": None, "id": 7}
            assert await ask("UNSUBSCRIBE", "btcusdt@bookTicker") == {"result": None, "id": 7}
            listed = await ask("LIST_SUBSCRIPTIONS")
            assert listed["result"] == ["btcusdt@depth5", "btcusdt@miniTicker"]
            assert (await ask("NONSENSE"))["error"]["code"] == 2
            world.book({99: 1}, {101: 1})
            world.trade(100)
            events = [await socket.receive_json() for _ in range(2)]
    assert [one["stream"] for one in events] == ["btcusdt@depth5", "btcusdt@miniTicker"]
    assert events[0]["data"]["bids"] == [["99.00000000", "1.00000000"]]


async def test_orders_are_made_by_the_websocket_api(world: World) -> None:
    world.trade(100)
    made = await world.client.create_order_ws(PAIR, "limit", "buy", 1, 90)
    assert (await world.client.fetch_order_ws(made["id"], PAIR))["status"] == "open"
    assert (await world.client.cancel_order_ws(made["id"], PAIR))["status"] == "canceled"
    with pytest.raises(ccxt.InsufficientFunds):
        await world.client.create_order_ws(PAIR, "limit", "buy", 5000, 90)


@pytest.mark.parametrize(
    ("fault", "kind", "is_done"),
    [
        (RequestFault.REQUEST_DROPPED, "ExchangeNotAvailable", False),
        (RequestFault.REPLY_DROPPED, "ExchangeNotAvailable", True),
        (RequestFault.UNAVAILABLE, "ExchangeNotAvailable", False),
        (RequestFault.TIMEOUT, "RequestTimeout", False),
        (RequestFault.TIMEOUT_DONE, "RequestTimeout", True),
        (RequestFault.UNEXPECTED, "OperationFailed", False),
        (RequestFault.UNEXPECTED_DONE, "OperationFailed", True),
        (RequestFault.BUSY, "DDoSProtection", False),
        (RequestFault.BANNED, "DDoSProtection", False),
    ],
)
async def test_a_request_fails_once_and_was_carried_out_or_not(
    world: World, fault: RequestFault, kind: str, is_done: bool
) -> None:
    await world.client.load_markets()
    world.server.faults.next("POST /api/v3/order", fault)
    with pytest.raises(ccxt.BaseError) as failed:
        await world.client.create_order(PAIR, "limit", "buy", 1, 90)
    assert type(failed.value).__name__ == kind
    assert len(await world.client.fetch_open_orders(PAIR)) == is_done
    assert world.server.faults.done == [("POST /api/v3/order", fault)]
    await world.client.create_order(PAIR, "limit", "buy", 1, 90)


@pytest.mark.parametrize("fault", [RequestFault.REQUEST_HELD, RequestFault.REPLY_HELD])
async def test_a_request_waits_before_or_after_it_is_carried_out(world: World, fault: RequestFault) -> None:
    await world.client.load_markets()
    world.server.faults.next("POST /api/v3/order", fault)
    task = asyncio.create_task(world.client.create_order(PAIR, "limit", "buy", 1, 90))
    await asyncio.to_thread(world.server.held.wait, 10)
    assert len(world.account.open_orders()) == (fault is RequestFault.REPLY_HELD)
    world.server.release()
    assert (await task)["status"] == "open"


async def test_an_order_is_not_visible_for_some_lookups(world: World) -> None:
    made = await world.client.create_order(PAIR, "limit", "buy", 1, 90)
    world.server.faults.next("GET /api/v3/order", RequestFault.NOT_VISIBLE, times=2)
    for _ in range(2):
        with pytest.raises(ccxt.OrderNotFound):
            await world.client.fetch_order(made["id"], PAIR)
    assert (await world.client.fetch_order(made["id"], PAIR))["status"] == "open"


async def test_a_cancellation_whose_reply_is_lost_is_repeated_by_aiohttp_itself(world: World) -> None:
    """On a connection that was used before, aiohttp repeats what HTTP calls idempotent: the second one is too late."""
    made = await world.client.create_order(PAIR, "limit", "buy", 1, 90)
    world.server.faults.next("DELETE /api/v3/order", RequestFault.REPLY_DROPPED)
    with pytest.raises(ccxt.OrderNotFound):
        await world.client.cancel_order(made["id"], PAIR)
    assert (await world.client.fetch_order(made["id"], PAIR))["status"] == "canceled"
    assert world.server.faults.done == [("DELETE /api/v3/order", RequestFault.REPLY_DROPPED)]


async def test_accounts_see_the_same_trades_and_only_their_own_orders(world: World) -> None:
    other = world.server.add_account(ApiKey("other", "secret"), {"USDT": 1000})
    await world.client.create_order(PAIR, "limit", "buy", 1, 90)
    async with client_of(world.server, world.clock, apiKey="other") as client:
        await client.create_order(PAIR, "limit", "buy", 1, 90)
        world.trade(90, 0.5)
        assert [one["filled"] for one in await client.fetch_open_orders(PAIR)] == [0.5]
    assert [one.executed for one in (*world.account.orders.values(), *other.orders.values())] == [Decimal("0.5")] * 2
    assert sum(one.quantity for one in world.server.venue.tapes["BTCUSDT"].trades) == 1
