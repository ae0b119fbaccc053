# SPDX-License-Identifier: Apache-2.0
"""The contract of an exchange, through unmodified ccxt, on a local Binance."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")
pytest.importorskip("cryptography", reason="pip install octobot-trading[ccxt]")

from octobot_commons.clock import SimulatedClock
from octobot_commons.secrets import Secret
from octobot_commons.storage_writer import StorageWriter
from octobot_trading.enums import OrderSide, OrderStatus, OrderType
from octobot_trading.errors import (
    InsufficientFunds,
    InvalidOrder,
    NotTaken,
    OrderRefused,
    OutcomeUnknown,
    TemporaryFault,
    UnknownSymbol,
)
from octobot_trading.exchanges.ccxt.account import CcxtAccount
from octobot_trading.exchanges.ccxt.connection import CcxtConnection
from octobot_trading.exchanges.ccxt.exchange import CcxtExchange
from octobot_trading.exchanges.ccxt.settings import ConnectionSettings
from octobot_trading.exchanges.credentials import Credentials
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.personal_data.orders.intents.sender import OrderSender
from octobot_trading.personal_data.orders.intents.store import IntentStore
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.testing.binance import ApiKey, BinanceServer, RequestFault
from octobot_trading.testing.binance.markets import usual_market
from octobot_trading.testing.hurried_clock import HurriedClock
from octobot_trading.testing.loopback import LocalAuthority, loopback_session

_NOW = 1_735_689_600.0
_PAIR = "BTC/USDT"
_ids = itertools.count()
_AUTHORITY = LocalAuthority()


class World:
    """A bot's account on a local Binance."""

    def __init__(self, server: Any, account: Any, manager: ExchangeManager, exchange: CcxtExchange) -> None:
        self.server, self.account, self.manager, self.exchange = server, account, manager, exchange
        self.clock: SimulatedClock = exchange.connection.clock  # type: ignore[assignment]  # as it was made
        self.watch = CcxtAccount(exchange)

    def trade(self, price: Any, quantity: Any = 10) -> None:
        self.server.venue.trade(_PAIR, Decimal(str(price)), Decimal(str(quantity)))

    def on_exchange(self) -> list[Any]:
        """Every order that the exchange has ever taken."""
        return list(self.account.orders.values())


@asynccontextmanager
async def _world(folder: Path) -> AsyncIterator[World]:
    clock = HurriedClock(_NOW)
    async with BinanceServer([], clock, markets=[usual_market("BTC", "USDT")], authority=_AUTHORITY) as server:
        account = server.add_account(ApiKey("key", "secret"), {"BTC": 10, "USDT": 100_000})
        settings = ConnectionSettings(
            exchange_name="binance",
            credentials=Credentials(Secret("key"), Secret("secret")),
            make_session=lambda: loopback_session(server),
        )
        exchange = CcxtExchange(CcxtConnection(settings, clock), [_PAIR])
        server.venue.trade(_PAIR, Decimal(50_000), Decimal(1))
        await exchange.open()
        manager = ExchangeManager(f"ccxt-{next(_ids)}", exchange, clock, {"Bitcoin": [_PAIR]})
        await manager.initialize()
        writer = StorageWriter()
        store = await IntentStore.open(folder / "intents.sqlite", writer)
        manager.trader.sender = OrderSender(exchange, clock, store)
        try:
            yield World(server, account, manager, exchange)
        finally:
            await manager.stop()
            await exchange.close()
            await store.close()
            await writer.close()


def _limit(price: int = 49_000, quantity: str = "1", side: OrderSide = OrderSide.BUY) -> OrderRequest:
    return OrderRequest(_PAIR, side, OrderType.LIMIT, Decimal(quantity), price=Decimal(price))


async def test_the_account_is_read_at_the_start(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        assert world.manager.portfolio.balance("BTC").total == 10
        assert world.manager.get_market(_PAIR).min_cost == 5
        assert {OrderType.STOP_LOSS, OrderType.TAKE_PROFIT_LIMIT} <= world.exchange.supported_order_types
        assert OrderType.TRAILING_STOP not in world.exchange.supported_order_types
        with pytest.raises(UnknownSymbol):
            world.exchange.get_market("DOGE/USDT")


async def test_an_order_fills_in_parts_and_ends(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        order = await world.manager.trader.create_order(_limit())
        await world.watch.refresh()
        assert (order.status, world.manager.portfolio.balance("USDT").locked) == (OrderStatus.OPEN, 49_000)
        world.trade(49_000, "0.4")
        await world.watch.refresh()
        await world.watch.refresh()
        assert order.filled_quantity == Decimal("0.4")
        world.trade(49_000, 5)
        await world.watch.refresh()
        assert (order.status, order.filled_quantity) == (OrderStatus.FILLED, 1)
        fills = world.manager.trades_manager.fills
        assert [(fill.quantity, fill.fee, fill.fee_asset) for fill in fills] == [
            (Decimal("0.4"), Decimal("0.0004"), "BTC"), (Decimal("0.6"), Decimal("0.0006"), "BTC"),
        ]  # fmt: skip
        assert world.manager.portfolio.balance("BTC").total == Decimal("10.999")


async def test_a_market_order_fills_at_once(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        request = OrderRequest(_PAIR, OrderSide.SELL, OrderType.MARKET, Decimal("0.5"))
        order = await world.manager.trader.create_order(request)
        await world.watch.refresh()
        assert order.status is OrderStatus.FILLED
        assert world.manager.portfolio.balance("BTC").total == Decimal("9.5")


async def test_an_order_is_cancelled_once(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        order = await world.manager.trader.create_order(_limit())
        assert await world.manager.trader.cancel_order(order)
        await world.watch.refresh()
        assert order.status is OrderStatus.CANCELED
        assert not await world.exchange.cancel_order(order.order_id)
        assert not await world.exchange.cancel_order("12345")
        assert world.manager.portfolio.balance("USDT").locked == 0


async def test_a_stop_waits_on_the_exchange_and_sells_when_it_is_reached(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        stop = OrderRequest(_PAIR, OrderSide.SELL, OrderType.STOP_LOSS, Decimal(1), stop_price=Decimal(48_000))
        order = await world.manager.trader.create_order(stop)
        await world.watch.refresh()
        assert order.status is OrderStatus.OPEN
        world.trade(47_900)
        world.trade(47_900)
        await world.watch.refresh()
        assert order.status is OrderStatus.FILLED


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (_limit(quantity="3"), InsufficientFunds),
        (_limit(quantity="0.000001"), InvalidOrder),
        (OrderRequest("DOGE/USDT", OrderSide.BUY, OrderType.MARKET, Decimal(1)), UnknownSymbol),
    ],
)
async def test_a_refusal_says_why_and_leaves_nothing(
    tmp_path: Path, request_: OrderRequest, expected: type[OrderRefused]
) -> None:
    async with _world(tmp_path) as world:
        with pytest.raises(expected):
            await world.manager.trader.create_order(request_)
        assert world.on_exchange() == []
        assert world.manager.orders_manager.get_open_orders() == []


async def test_orders_of_others_are_listed_and_left_alone(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        theirs = await world.exchange.connection.api.create_order(_PAIR, "limit", "buy", "0.1", "40000")
        await world.watch.refresh()
        assert [order.order_id for order in await world.exchange.fetch_open_orders()] == [theirs["id"]]
        world.trade(39_000)
        await world.watch.refresh()
        assert world.manager.orders_manager.get_open_orders() == []
        assert world.manager.trades_manager.fills == []
        assert world.manager.portfolio.balance("BTC").total > 10


async def test_an_order_without_a_client_order_id_is_not_sent(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        with pytest.raises(InvalidOrder, match="client order id"):
            await world.exchange.create_order(_limit())
        assert world.on_exchange() == []


#: What happens to the request, and whether the order is there afterwards.
_FAULTS = {
    RequestFault.REQUEST_DROPPED: False,
    RequestFault.REPLY_DROPPED: True,
    RequestFault.UNAVAILABLE: False,
    RequestFault.TIMEOUT: False,
    RequestFault.TIMEOUT_DONE: True,
    RequestFault.UNEXPECTED: False,
    RequestFault.UNEXPECTED_DONE: True,
    RequestFault.BUSY: False,
    RequestFault.BANNED: False,
}


@pytest.mark.parametrize("hidden", [0, 2])
@pytest.mark.parametrize("fault", _FAULTS)
async def test_whatever_happens_to_a_request_there_is_one_order_at_most(
    tmp_path: Path, fault: RequestFault, hidden: int
) -> None:
    async with _world(tmp_path) as world:
        world.server.faults.next("POST /api/v3/order", fault)
        world.server.faults.next("GET /api/v3/order", RequestFault.NOT_VISIBLE, hidden)
        try:
            order = await world.manager.trader.create_order(_limit())
        except (NotTaken, TemporaryFault):  # never that nobody knows
            assert not _FAULTS[fault]
            assert world.on_exchange() == []
            assert world.manager.orders_manager.get_open_orders() == []
        else:
            assert _FAULTS[fault]
            assert [str(one.order_id) for one in world.on_exchange()] == [order.order_id]
        assert ("POST /api/v3/order", fault) in world.server.faults.done
        # Whoever was told to leave the exchange alone has done so for long enough.
        world.clock.advance_to(world.clock.now() + 600)
        await world.watch.refresh()
        open_ids = [order.order_id for order in world.manager.orders_manager.get_open_orders()]
        assert open_ids == [str(one.order_id) for one in world.account.open_orders()]


@pytest.mark.parametrize("fault", _FAULTS)
async def test_whatever_happens_to_a_cancel_the_order_ends(tmp_path: Path, fault: RequestFault) -> None:
    async with _world(tmp_path) as world:
        order = await world.manager.trader.create_order(_limit())
        world.server.faults.next("DELETE /api/v3/order", fault)
        told = await world.manager.trader.cancel_order(order)
        assert told is not _FAULTS[fault], "False: it was done by the request that got no answer"
        await world.watch.refresh()
        assert order.status is OrderStatus.CANCELED
        assert world.account.open_orders() == []
        assert len(world.on_exchange()) == 1


async def test_a_cancel_that_gets_no_answer_for_long_may_be_asked_again(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        order = await world.manager.trader.create_order(_limit())
        world.server.faults.next("DELETE /api/v3/order", RequestFault.UNAVAILABLE, 6)
        with pytest.raises(OutcomeUnknown):
            await world.manager.trader.cancel_order(order)
        assert order.status is OrderStatus.OPEN
        assert await world.manager.trader.cancel_order(order)
        await world.watch.refresh()
        assert order.status is OrderStatus.CANCELED


async def test_a_clock_that_jumps_is_measured_anew_and_the_order_sent_once(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        world.server.venue.clock_error = 30.0
        order = await world.manager.trader.create_order(_limit())
        assert [str(one.order_id) for one in world.on_exchange()] == [order.order_id]
        assert world.exchange.connection.skew_seconds == pytest.approx(30.0, abs=0.1)
