# SPDX-License-Identifier: Apache-2.0
"""Unmodified ccxt trades on the local Binance by REST, at its real URLs."""

from __future__ import annotations

from typing import Any

import pytest
from binance_world import World

pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")

import ccxt

PAIR = "BTC/USDT"


async def test_markets_are_loaded_from_the_real_address(world: World) -> None:
    markets = await world.client.load_markets()
    assert sorted(markets) == ["BTC/USDT", "ETH/USDT"]
    limits = markets[PAIR]["limits"]
    assert (limits["cost"]["min"], limits["amount"]["min"], markets[PAIR]["precision"]["price"]) == (5, 0.00001, 0.01)


async def test_a_limit_order_fills_in_parts(world: World) -> None:
    world.trade(50_000)
    made = await world.client.create_order(PAIR, "limit", "buy", 1, 49_000, {"clientOrderId": "mine"})
    assert (made["status"], made["clientOrderId"], made["filled"]) == ("open", "mine", 0)
    world.trade(49_000, 0.4)
    found = await world.client.fetch_order(made["id"], PAIR)
    assert (found["status"], found["filled"], found["info"]["status"]) == ("open", 0.4, "PARTIALLY_FILLED")
    assert (await world.client.fetch_open_orders(PAIR))[0]["id"] == made["id"]
    world.trade(49_000, 5)
    found = await world.client.fetch_order(None, PAIR, {"origClientOrderId": "mine"})
    assert (found["status"], found["filled"], found["cost"]) == ("closed", 1, 49_000)
    trades = await world.client.fetch_my_trades(PAIR)
    assert [(one["amount"], one["takerOrMaker"], one["fee"]) for one in trades] == [
        (0.4, "maker", {"cost": 0.0004, "currency": "BTC"}),
        (0.6, "maker", {"cost": 0.0006, "currency": "BTC"}),
    ]
    balance = await world.client.fetch_balance()
    assert (balance["BTC"]["total"], balance["USDT"]["total"]) == (10.999, 51_000)
    public = await world.client.fetch_trades(PAIR, params={"fetchTradesMethod": "publicGetTrades"})
    assert [one["amount"] for one in public] == [10, 0.4, 0.6, 4.4]


async def test_orders_take_what_the_book_has(world: World) -> None:
    world.trade(100)
    world.book({99: 5}, {101: 1, 102: 2})
    made = await world.client.create_order(PAIR, "market", "buy", 2, None, {"newOrderRespType": "FULL"})
    assert (made["status"], made["filled"], made["cost"]) == ("closed", 2, 203)
    assert [(one["price"], one["amount"]) for one in made["trades"]] == [(101, 1), (102, 1)]
    book = await world.client.fetch_order_book(PAIR)
    assert (book["asks"], book["bids"]) == ([[102, 1]], [[99, 5]])
    made = await world.client.create_order(PAIR, "market", "buy", 3)
    assert (made["status"], made["filled"], made["info"]["status"]) == ("expired", 1, "EXPIRED")


@pytest.mark.parametrize(
    ("amount", "time_in_force", "status", "filled"),
    [(0.5, "IOC", "FILLED", 0.5), (2, "IOC", "EXPIRED", 1), (2, "FOK", "EXPIRED", 0), (1, "FOK", "FILLED", 1)],
)
async def test_what_must_fill_at_once_fills_or_ends(
    world: World, amount: float, time_in_force: str, status: str, filled: float
) -> None:
    world.trade(100)
    world.book({99: 1}, {101: 1})
    made = await world.client.create_order(PAIR, "limit", "buy", amount, 101, {"timeInForce": time_in_force})
    assert (made["info"]["status"], made["filled"]) == (status, filled)
    assert (await world.client.fetch_balance())["USDT"]["used"] == 0


async def test_a_market_order_can_say_what_it_spends(world: World) -> None:
    world.trade(100)
    made = await world.client.create_order(PAIR, "market", "buy", 0, None, {"cost": 250})
    assert (made["status"], made["filled"], made["cost"]) == ("closed", 2.5, 250)


@pytest.mark.parametrize(
    ("kind", "side", "price", "trigger", "prices", "average"),
    [
        ("STOP_LOSS", "sell", None, 90, [95, 89], 89),
        ("STOP_LOSS_LIMIT", "sell", 88, 90, [90, 89], 90),
        ("TAKE_PROFIT", "sell", None, 110, [111], 111),
        ("TAKE_PROFIT_LIMIT", "buy", 91, 90, [90], 90),
    ],
)
async def test_orders_wait_for_their_stop_price(
    world: World, kind: str, side: str, price: float | None, trigger: float, prices: list[float], average: float
) -> None:
    world.trade(100)
    made = await world.client.create_order(PAIR, kind, side, 1, price, {"stopPrice": trigger})
    found = await world.client.fetch_order(made["id"], PAIR)
    assert (found["status"], found["triggerPrice"], found["info"]["isWorking"]) == ("open", trigger, False)
    for one in prices:
        world.trade(one)
    found = await world.client.fetch_order(made["id"], PAIR)
    assert (found["status"], found["average"], found["info"]["isWorking"]) == ("closed", average, True)


async def test_a_maker_order_rests_or_is_refused(world: World) -> None:
    world.trade(100)
    world.book({99: 1}, {101: 1})
    made = await world.client.create_order(PAIR, "limit", "buy", 1, 100.5, {"postOnly": True})
    assert (made["status"], made["info"]["type"]) == ("open", "LIMIT_MAKER")
    with pytest.raises(ccxt.OrderImmediatelyFillable):
        await world.client.create_order(PAIR, "limit", "buy", 1, 101, {"postOnly": True})


async def test_an_order_is_replaced_and_cancelled(world: World) -> None:
    world.trade(100)
    made = await world.client.create_order(PAIR, "limit", "buy", 1, 90)
    edited = await world.client.edit_order(made["id"], PAIR, "limit", "buy", 2, 80)
    assert (edited["price"], edited["amount"], edited["status"]) == (80, 2, "open")
    assert (await world.client.fetch_order(made["id"], PAIR))["status"] == "canceled"
    cancelled = await world.client.cancel_order(edited["id"], PAIR)
    assert (cancelled["status"], cancelled["id"]) == ("canceled", edited["id"])
    with pytest.raises(ccxt.OrderNotFound):
        await world.client.cancel_order(edited["id"], PAIR)
    for price in (70, 71):
        await world.client.create_order(PAIR, "limit", "buy", 1, price)
    assert len(await world.client.cancel_all_orders(PAIR)) == 2
    assert (await world.client.fetch_balance())["USDT"]["free"] == 100_000
    assert [one["status"] for one in await world.client.fetch_orders(PAIR)] == ["canceled"] * 4


async def test_a_replacement_that_is_refused_says_what_was_done(world: World) -> None:
    world.trade(100)
    made = await world.client.create_order(PAIR, "limit", "buy", 1, 90)
    with pytest.raises(ccxt.BadResponse, match="-2021"):
        await world.client.edit_order(made["id"], PAIR, "limit", "buy", 1, 0.02)
    assert await world.client.fetch_open_orders(PAIR) == []


@pytest.mark.parametrize(
    ("arguments", "kind", "code"),
    [
        (("limit", "buy", 2000, 99), "InsufficientFunds", "-2010|insufficient balance"),
        (("limit", "sell", 11, 101), "InsufficientFunds", "insufficient balance"),
        (("limit", "buy", 0.01, 99), "BadRequest", "Filter failure: NOTIONAL"),
        (("limit", "buy", 9001, 99), "InvalidOrder", "lot size"),
        (("limit", "buy", 1, 1_000_001), "InvalidOrder", "order price is invalid"),
        (("STOP_LOSS", "sell", 1, None, {"stopPrice": 101}), "OrderImmediatelyFillable", "trigger immediately"),
        (("limit", "buy", 1, 99, {"clientOrderId": "there"}), "InvalidOrder", "Duplicate order sent"),
    ],
)
async def test_refusals_become_ccxt_s_errors(world: World, arguments: tuple[Any, ...], kind: str, code: str) -> None:
    world.trade(100)
    await world.client.create_order(PAIR, "limit", "buy", 1, 50, {"clientOrderId": "there"})
    with pytest.raises(ccxt.BaseError, match=code) as refused:
        await world.client.create_order(PAIR, *arguments)
    assert type(refused.value).__name__ == kind
    assert len(await world.client.fetch_open_orders()) == 1


async def test_an_unknown_order_is_not_found(world: World) -> None:
    with pytest.raises(ccxt.OrderNotFound, match="-2013"):
        await world.client.fetch_order("12345", PAIR)


async def test_the_market_is_told(world: World) -> None:
    world.trade(100, 1)
    world.clock.advance_to(world.clock.now() + 60)
    world.trade(110, 2)
    world.book({99: 1}, {101: 1})
    ticker = await world.client.fetch_ticker(PAIR)
    assert (ticker["last"], ticker["bid"], ticker["ask"], ticker["baseVolume"]) == (110, 99, 101, 3)
    assert (await world.client.fetch_bids_asks([PAIR]))[PAIR]["ask"] == 101
    candles = await world.client.fetch_ohlcv(PAIR, "1m")
    assert [row[1:] for row in candles] == [[100, 100, 100, 100, 1], [110, 110, 110, 110, 2]]
