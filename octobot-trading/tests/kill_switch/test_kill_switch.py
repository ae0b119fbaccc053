# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from kill_switch_world import Crash, KillWorld, never
from trading_world import FREE, SYMBOL, order_request

from octobot_commons.errors import BugError, UserInputError
from octobot_trading.enums import OrderSide, OrderStatus, OrderType
from octobot_trading.errors import ProtectionRefused, TemporaryFault
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.contract_account import ContractAccount
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.kill_switch import KillSwitch, clearing

D = Decimal
Make = Callable[..., Awaitable[KillWorld]]
FLAT = {"USDT": D(13_000), "DOGE": D(5)}


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    """A started world with orders, ``**options`` are the exchange's."""
    async with AsyncExitStack() as stack:

        async def make(**options: Any) -> KillWorld:
            world = KillWorld(tmp_path / "kill_switch.json", **options)
            await world.start()
            stack.push_async_callback(lambda: world.manager.stop())
            await world.trade()
            return world

        yield make


async def test_the_bots_orders_go_and_no_other(make: Make) -> None:
    world = await make()
    report = await world.drive(world.switch.engage("enough"))
    assert await world.listed() == [world.foreign]
    (account,) = report.accounts
    assert (report.is_safe, account.ended_orders, account.foreign_orders) == (True, ["2", "3", "4", "5"], ["1"])
    orders = world.manager.orders_manager.all_orders()
    assert {(one.status, one.reason) for one in orders} == {(OrderStatus.CANCELED, "the kill switch is engaged")}
    # Nothing was sold, as nobody asked.
    assert (await world.holdings())["BTC"] == 2
    assert report.text() == (
        "everything is safe\nbinance: safe, 4 orders ended\n  not touched: 1 orders that are not the bot's"
    )


async def test_no_order_comes_through_exits_included(make: Make) -> None:
    world = await make()
    entry = order_request(
        "buy", OrderType.LIMIT, "1", "1000", chained=(order_request("sell", OrderType.STOP_LOSS, "1", "900"),)
    )
    parent = await world.manager.trader.create_order(entry)
    await world.drive(world.switch.engage("enough"))
    for request in (
        order_request("buy", OrderType.LIMIT, "1", "900"),
        order_request("sell", OrderType.MARKET, "1"),
        order_request("sell", OrderType.STOP_LOSS, "1", "900"),
    ):
        with pytest.raises(
            ProtectionRefused, match=r"^BTC/USDT: the kill switch is engaged since 2023-11-14 .*: enough$"
        ) as raised:
            await world.manager.trader.create_order(request)
        assert raised.value.rule == "kill-switch"
    assert not parent.is_open
    world.switch.release("all is well")
    await world.manager.trader.create_order(order_request("sell", OrderType.LIMIT, "1", "1500"))


async def test_what_is_chained_does_not_come_up_any_more(make: Make) -> None:
    world = await make()
    stop = order_request("sell", OrderType.STOP_LOSS, "1", "900")
    await world.manager.trader.create_order(order_request("buy", OrderType.LIMIT, "1", "990", chained=(stop,)))

    async def fill_meanwhile(name: str, is_done: bool) -> None:
        if name == "cancel" and not is_done:
            world.exchange.open_candle(SYMBOL, 985.0)

    world.exchange.step = fill_meanwhile
    report = await world.drive(world.switch.engage("enough"))
    assert (report.is_safe, await world.listed()) == (True, [world.foreign])
    assert (await world.holdings())["BTC"] == 3


async def test_everything_is_sold_where_that_is_asked(make: Make) -> None:
    world = await make()
    report = await world.drive(world.switch.engage("enough", flattens=True))
    assert report.is_safe
    # ETH goes through BTC; DOGE is of no followed symbol, and somebody else's order stays.
    assert await world.holdings() == FLAT
    assert await world.listed() == [world.foreign]


async def test_selling_can_be_asked_for_later(make: Make) -> None:
    world = await make()
    assert (await world.drive(world.switch.engage("enough"))).is_safe
    assert (await world.drive(world.switch.engage("sell, too", flattens=True))).is_safe
    assert await world.holdings() == FLAT
    assert world.switch.state.reason == "enough"


async def test_what_others_have_locked_is_left_and_told(make: Make) -> None:
    world = await make()
    await world.exchange.create_order(order_request("sell", OrderType.LIMIT, "0.25", "5000"))
    report = await world.drive(world.switch.engage("enough", flattens=True))
    assert (report.is_safe, report.accounts[0].left) == (True, {"BTC": D("0.25")})
    assert len(report.accounts[0].foreign_orders) == 2
    assert "  0.25000000 BTC are left" in report.text()


async def test_orders_that_wait_in_the_bot_are_forgotten(make: Make) -> None:
    world = await make(supported_order_types=(OrderType.MARKET, OrderType.LIMIT))
    (waiting,) = [one for one in world.manager.orders_manager.get_open_orders() if world.manager.trader.waits_here(one)]
    report = await world.drive(world.switch.engage("enough"))
    assert report.is_safe
    assert waiting.status is OrderStatus.CANCELED
    assert not any(order_id.startswith("self-") for order_id in world.switch.state.order_ids["binance"])


async def test_the_latch_is_written_before_the_exchange_is_asked(make: Make) -> None:
    world = await make()
    written: list[bool] = []

    async def look(name: str, is_done: bool) -> None:
        written.append(KillSwitch(world.latch, world.clock).is_engaged)

    world.exchange.step = look
    await world.drive(world.switch.engage("enough"))
    assert written
    assert all(written)


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ["list", "balance", "create", "cancel"])
@pytest.mark.parametrize("fault", ["fault", "silence", "bug"])
async def test_what_fails_is_asked_for_again(make: Make, name: str, is_done: bool, fault: str) -> None:
    world, left = await make(), 3

    async def fail(asked: str, done: bool) -> None:
        nonlocal left
        if asked == name and done is is_done and left:
            left -= 1
            if fault == "silence":
                await never()
            raise TemporaryFault("busy") if fault == "fault" else RuntimeError("a bug in a client")

    world.exchange.step = fail
    report = await world.drive(world.switch.engage("enough", flattens=True))
    assert left == 0
    assert report.is_safe
    assert (await world.holdings(), await world.listed()) == (FLAT, [world.foreign])


async def test_what_does_not_end_is_told(make: Make) -> None:
    world = await make()

    async def fail(name: str, is_done: bool) -> None:
        if name == "cancel":
            raise TemporaryFault("busy")

    world.exchange.step = fail
    began = world.clock.now()
    report = await world.drive(world.switch.engage("enough"))
    assert clearing.PATIENCE_SECONDS <= world.clock.now() - began <= clearing.PATIENCE_SECONDS + 11
    assert not report.is_safe
    assert report.accounts[0].open_orders == ["2", "3", "4", "5"]
    assert report.text().startswith(
        "NOT everything is safe\nbinance: NOT SAFE, 0 orders ended\n  order 2 is still open"
    )
    world.exchange.step = None
    assert (await world.drive(world.switch.make_safe())).is_safe


async def test_without_an_answer_nothing_is_safe(make: Make) -> None:
    world = await make()

    async def fail(name: str, is_done: bool) -> None:
        if name == "list":
            raise TemporaryFault("busy")

    world.exchange.step = fail
    report = await world.drive(world.switch.engage("enough"))
    assert not report.is_safe
    assert report.accounts[0].obstacles == ["not known: the open orders: TemporaryFault: busy (try again later)"]
    # Cancelled they are all the same.
    assert await world.listed() == [world.foreign]


async def test_an_order_that_was_under_way_is_cancelled_too(make: Make) -> None:
    world, arrives = await make(), asyncio.Event()

    async def hold(name: str, is_done: bool) -> None:
        if name == "create" and not is_done:
            await arrives.wait()

    world.exchange.step = hold
    late = asyncio.ensure_future(world.manager.trader.create_order(order_request("buy", OrderType.LIMIT, "1", "950")))
    await asyncio.sleep(0)
    killing = asyncio.ensure_future(world.switch.engage("enough"))
    for _ in range(3):
        for _ in range(40):
            await asyncio.sleep(0)
        assert not killing.done()
        world.clock.advance_to(world.clock.now() + 5)
    arrives.set()
    report = await world.drive(_result(killing))
    assert report.is_safe
    assert (await late).status is OrderStatus.CANCELED
    assert await world.listed() == [world.foreign]
    assert (await late).order_id in world.switch.state.order_ids["binance"]


async def _result(task: asyncio.Future[Any]) -> Any:
    return await task


async def test_fills_that_come_while_it_cancels_are_sold(make: Make) -> None:
    world, fills = await make(volume_share=D(1)), iter((0.4,))

    async def fill(name: str, is_done: bool) -> None:
        amount = next(fills, None) if name == "cancel" and not is_done else None
        if amount is not None:
            world.exchange.match_trade(SYMBOL, 899.0, amount)

    world.exchange.step = fill
    report = await world.drive(_with_volume(world))
    assert report.is_safe
    # 0.4 were bought at 899 before the entry was cancelled, and sold at 1,000 beside the rest.
    assert await world.holdings() == {"USDT": D("13040.4"), "DOGE": D(5)}


async def _with_volume(world: KillWorld) -> Any:
    task = asyncio.ensure_future(world.switch.engage("enough", flattens=True))
    while not task.done():
        await world.clock.sleep(1)
        for symbol, price in ((SYMBOL, 1000.0), ("ETH/BTC", 0.1)):
            world.exchange.match_trade(symbol, price, 100.0)
    return task.result()


async def test_two_who_engage_it_at_once_wait_for_each_other(make: Make) -> None:
    world = await make()

    async def both() -> Any:
        return await asyncio.gather(world.switch.engage("one", flattens=True), world.switch.engage("two"))

    first, second = await world.drive(both())
    assert first.is_safe
    assert second.is_safe
    assert await world.holdings() == FLAT
    assert world.switch.state.reason == "one"


async def test_a_disk_that_cannot_be_written_keeps_nothing_from_being_cancelled(make: Make, tmp_path: Path) -> None:
    world = await make()
    world.latch.mkdir()
    world.switch._latch.path = tmp_path / "kill_switch.json" / "in a file's place"
    world.latch.rmdir()
    world.latch.write_bytes(b"a file in a folder's place")
    report = await world.drive(world.switch.engage("enough"))
    assert await world.listed() == [world.foreign]
    assert not report.is_safe
    assert "the latch does not hold" in report.text()
    with pytest.raises(ProtectionRefused):
        await world.manager.trader.create_order(order_request("buy", OrderType.LIMIT, "1", "900"))
    world.latch.unlink()
    assert (await world.drive(world.switch.make_safe())).is_safe


async def test_misuse_is_told(make: Make) -> None:
    world = await make()
    with pytest.raises(BugError, match="not engaged"):
        await world.switch.make_safe()
    with pytest.raises(BugError, match="has an account binance already"):
        world.switch.attach(world.manager)
    with pytest.raises(UserInputError):
        world.switch.release("why not")


async def test_several_accounts_do_not_wait_for_each_other(make: Make, tmp_path: Path) -> None:
    slow = await make()
    other = KillWorld(slow.latch)
    other.clock = slow.clock
    await other.start()
    await other.trade()
    slow.switch.attach(other.manager, "other")

    async def silent(name: str, is_done: bool) -> None:
        await never()

    slow.exchange.step = silent
    report = await slow.drive(slow.switch.engage("enough"))
    assert [(one.name, one.is_safe) for one in report.accounts] == [("binance", False), ("other", True)]
    await other.manager.stop()


async def test_a_crash_at_any_step_is_gone_on_from(tmp_path: Path) -> None:
    """Each request, before and after it is done, is once the last thing that the process does."""
    for crash_at in range(1, 200):
        if not await _crash(KillWorld(tmp_path / f"latch-{crash_at}.json"), crash_at):
            assert crash_at > 20
            return
    raise AssertionError("it never ended")


async def _crash(world: KillWorld, crash_at: int) -> bool:
    """Whether it came to that step; everything is safe afterwards."""
    await world.start()
    await world.trade()
    steps, has_crashed = 0, False

    async def crash(name: str, is_done: bool) -> None:
        nonlocal steps
        steps += 1
        if steps == crash_at:
            raise Crash

    world.exchange.step = crash
    try:
        report = await world.drive(world.switch.engage("enough", flattens=True))
    except Crash:
        has_crashed = True
        await world.manager.stop()
        await world.start()  # knows no order of its own but those that the latch names
        assert world.switch.is_engaged
        with pytest.raises(ProtectionRefused):
            await world.manager.trader.create_order(order_request("buy", OrderType.LIMIT, "1", "900"))
        report = await world.drive(world.switch.make_safe())
    assert report.is_safe
    assert (await world.holdings(), await world.listed()) == (FLAT, [world.foreign])
    await world.manager.stop()
    return has_crashed


async def test_positions_are_closed_by_orders_that_only_reduce(tmp_path: Path) -> None:
    world = KillWorld(tmp_path / "kill_switch.json")
    symbol, pairs = "BTC/USDT:USDT", {"Bitcoin": ["BTC/USDT:USDT"]}
    account = ContractAccount({"USDT": D(10_000)}, FREE)
    exchange = SimulatedExchange("futures", world.clock, {symbol: Market.default(symbol)}, {}, FREE, account=account)
    manager = ExchangeManager("kill-futures", exchange, world.clock, pairs)
    await manager.initialize()
    world.switch = KillSwitch(world.latch, world.clock)
    world.switch.attach(manager)

    def tell() -> None:
        manager.get_symbol_data(symbol).price = 1000.0
        exchange.open_candle(symbol, 1000.0)

    world.tell = lambda price=1000.0: tell()  # type: ignore[method-assign]
    tell()
    await manager.trader.create_order(order_request("sell", OrderType.MARKET, "3", symbol=symbol))
    tell()
    assert manager.positions_manager.get_positions()[0].quantity == -3
    report = await world.drive(world.switch.engage("enough", flattens=True))
    assert report.is_safe
    assert manager.positions_manager.get_positions() == await exchange.fetch_positions() == []
    closing = manager.orders_manager.all_orders()[-1].request
    assert (closing.side, closing.quantity, closing.reduce_only) == (OrderSide.BUY, 3, True)
    await manager.stop()
