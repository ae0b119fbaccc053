# SPDX-License-Identifier: Apache-2.0
"""Orders over a connection that loses, delays and hides: at most one order for each intent, and both sides agree."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trading_world import PAIRS, SYMBOL, order_request

from octobot_commons.errors import DataError
from octobot_commons.storage_writer import StorageWriter
from octobot_trading.enums import GroupKind, OrderSide, OrderStatus, OrderType, TimeInForce
from octobot_trading.errors import DuplicateOrder, InsufficientFunds, NotTaken, OutcomeUnknown, TemporaryFault
from octobot_trading.exchanges.exchange import ListedOrder
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.cancel_policies import ChainedPrice, ExpirationTime
from octobot_trading.personal_data.orders.intents.intent import IntentStatus, decode_request, encode_request
from octobot_trading.personal_data.orders.intents.sender import OrderSender
from octobot_trading.personal_data.orders.intents.store import IntentFile, IntentStore
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.sub_portfolio import SubPortfolios
from octobot_trading.testing.hurried_clock import HurriedClock

many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
#: What may happen to a request to create an order.
FAULTS = ("none", "refused", "busy", "request lost", "reply lost", "late", "hidden")


class FaultyVenue(SimulatedExchange):
    """Each request to create an order meets the next of ``faults``; so many queries fail as ``silent_looks`` says."""

    def __init__(self, clock: HurriedClock, faults: Iterator[str], silent_looks: int = 0) -> None:
        markets = {symbol: Market.default(symbol) for symbols in PAIRS.values() for symbol in symbols}
        super().__init__("venue", clock, markets, {"USDT": Decimal(10_000)})
        self._venue_clock, self._faults, self._silent_looks = clock, faults, silent_looks
        self.created: list[str] = []
        self._hidden_until: dict[str, float] = {}
        self._late: list[tuple[float, OrderRequest]] = []

    async def create_order(self, request: OrderRequest) -> str:
        fault = next(self._faults, "none")
        if fault == "refused":
            raise InsufficientFunds("not enough")
        if fault == "busy":
            raise TemporaryFault("too many requests")
        if fault == "request lost":
            raise OutcomeUnknown("time-out")
        if fault == "late":
            self._late.append((self._venue_clock.now() + 9.0, request))
            raise OutcomeUnknown("time-out")
        order_id = await self._accept(request)
        if fault == "hidden":
            self._hidden_until[order_id] = self._venue_clock.now() + 5.0
        if fault in ("reply lost", "hidden"):
            raise OutcomeUnknown("connection reset")
        return order_id

    async def find_order(self, symbol: str, client_order_id: str) -> ListedOrder | None:
        now = self._venue_clock.now()
        for due, request in [one for one in self._late if one[0] <= now]:
            self._late.remove((due, request))
            await self._accept(request)
        if self._silent_looks:
            self._silent_looks -= 1
            raise TemporaryFault("maintenance", retry_after_seconds=3.0)
        found = await super().find_order(symbol, client_order_id)
        return None if found is None or self._hidden_until.get(found.order_id, 0.0) > now else found

    async def _accept(self, request: OrderRequest) -> str:
        order_id = await super().create_order(request)
        assert request.client_order_id is not None
        self.created.append(request.client_order_id)
        return order_id


class Bot:
    """An account that trades over a faulty connection."""

    def __init__(self, faults: list[str], silent_looks: int = 0, venue_class: type[FaultyVenue] = FaultyVenue) -> None:
        self.clock = HurriedClock(1_700_000_000.0)
        self.venue = venue_class(self.clock, iter(faults), silent_looks)
        self.manager = ExchangeManager(f"intents-{id(self)}", self.venue, self.clock, PAIRS, is_backtesting=False)
        self.writer = StorageWriter()

    async def start(self, path: Path) -> None:
        await self.manager.initialize()
        self.store = await IntentStore.open(path, self.writer)
        self.manager.trader.sender = OrderSender(self.venue, self.clock, self.store)

    async def stop(self) -> None:
        await self.store.close()
        await self.writer.close()
        await self.manager.stop()

    async def buy(self, price: int, **fields: Any) -> Any:
        request = order_request("buy", OrderType.LIMIT, "0.01", str(price), **fields)
        return await self.manager.trader.create_order(request)


MakeBot = Callable[..., Any]


@pytest.fixture
async def make_bot(tmp_path: Path) -> AsyncIterator[MakeBot]:
    bots: list[Bot] = []

    async def make(*faults: str, file: str = "intents.sqlite", **options: Any) -> Bot:
        bots.append(bot := Bot(list(faults), **options))
        await bot.start(tmp_path / file)
        return bot

    yield make
    for bot in bots:
        await bot.stop()


async def test_an_accepted_order_has_its_client_order_id(make_bot: MakeBot) -> None:
    bot = await make_bot()
    first, second = await bot.buy(900), await bot.buy(900)
    assert [first.request.client_order_id, second.request.client_order_id] == bot.venue.created
    assert first.request.client_order_id != second.request.client_order_id
    assert await bot.store.unsettled() == []


@pytest.mark.parametrize(
    ("fault", "error"), [("refused", InsufficientFunds), ("busy", TemporaryFault), ("request lost", NotTaken)]
)
async def test_what_was_not_taken_raises(make_bot: MakeBot, fault: str, error: type[Exception]) -> None:
    bot = await make_bot(fault)
    with pytest.raises(error):
        await bot.buy(900)
    assert bot.venue.created == []
    assert bot.manager.orders_manager.get_open_orders() == []
    assert await bot.store.unsettled() == []
    assert bot.manager.trader.requests_under_way == 0


async def test_a_lost_request_counts_as_lost_only_when_it_cannot_come_any_more(make_bot: MakeBot) -> None:
    bot = await make_bot("request lost")
    with pytest.raises(NotTaken):
        await bot.buy(900)
    assert sum(bot.clock.waits) >= bot.venue.request_lifetime_seconds


@pytest.mark.parametrize("fault", ["reply lost", "hidden", "late"])
@pytest.mark.parametrize("silent_looks", [0, 4])
async def test_an_order_whose_reply_is_lost_is_found(make_bot: MakeBot, fault: str, silent_looks: int) -> None:
    bot = await make_bot(fault, silent_looks=silent_looks)
    order = await bot.buy(900)
    assert bot.venue.created == [order.request.client_order_id]
    assert [one.order_id for one in await bot.venue.fetch_open_orders()] == [order.order_id]
    assert await bot.manager.trader.cancel_order(order)


async def test_a_silent_exchange_is_asked_until_it_answers_and_left_alone_as_it_asks(
    make_bot: MakeBot,
) -> None:
    bot = await make_bot("reply lost", silent_looks=12)
    await bot.buy(900)
    waits = bot.clock.waits[1:13]
    assert all(wait >= 3.0 for wait in waits)
    assert max(waits) == 60.0


async def test_a_client_order_id_of_the_owner_trades_once(make_bot: MakeBot) -> None:
    bot = await make_bot()
    order = await bot.buy(900, client_order_id="mine")
    assert order.request.client_order_id == "mine"
    with pytest.raises(DuplicateOrder):
        await bot.buy(900, client_order_id="mine")
    assert bot.venue.created == ["mine"]


async def test_two_bots_never_name_their_orders_alike(make_bot: MakeBot) -> None:
    first, second = await make_bot(file="one"), await make_bot(file="two")
    assert (await first.buy(900)).request.client_order_id != (await second.buy(900)).request.client_order_id


@many
@given(faults=st.lists(st.sampled_from(FAULTS), max_size=12), silent_looks=st.integers(0, 5), salt=st.uuids())
async def test_at_most_one_order_for_each_intent(
    tmp_path: Path, faults: list[str], silent_looks: int, salt: Any
) -> None:
    bot = Bot(faults, silent_looks)
    await bot.start(tmp_path / f"{salt}.sqlite")
    try:
        accepted = []
        for number in range(len(faults)):
            try:
                accepted.append(await bot.buy(800 + number))
            except (InsufficientFunds, TemporaryFault, NotTaken):
                continue
        assert bot.venue.created == [one.request.client_order_id for one in accepted]
        assert len(set(bot.venue.created)) == len(bot.venue.created)
        listed = {one.order_id for one in await bot.venue.fetch_open_orders()}
        assert listed == {one.order_id for one in bot.manager.orders_manager.get_open_orders()}
        lost = sum(fault in ("refused", "busy", "request lost") for fault in faults)
        assert len(accepted) == len(faults) - lost
        assert await bot.store.unsettled() == []
    finally:
        await bot.stop()


# What comes before the answer


class HastyVenue(FaultyVenue):
    """Fills orders before it answers the request, and tells of another bot's fill as well."""

    async def _accept(self, request: OrderRequest) -> str:
        await SimulatedExchange.create_order(self, order_request("buy", OrderType.LIMIT, "0.5", "900"))
        order_id = await super()._accept(request)
        self.open_candle(SYMBOL, 800.0)
        return order_id


@pytest.mark.parametrize("fault", ["none", "reply lost", "hidden"])
async def test_what_is_told_of_an_order_before_it_is_known_happens_to_it(make_bot: MakeBot, fault: str) -> None:
    bot = await make_bot(fault, venue_class=HastyVenue)
    order = await bot.buy(900)
    assert (order.status, order.filled_quantity) == (OrderStatus.FILLED, Decimal("0.01"))
    assert bot.manager.orders_manager.get_open_orders() == []
    trades = bot.manager.trades_manager.get_trades(SYMBOL)
    assert sorted(str(trade.quantity) for trade in trades) == ["0.01", "0.5"], "each is counted once"
    assert bot.manager.portfolio.total("BTC") == Decimal("0.51")


async def test_others_fills_are_told_when_ours_was_lost(make_bot: MakeBot) -> None:
    bot = await make_bot("request lost", venue_class=HastyVenue)

    async def somebody_trades() -> None:
        await SimulatedExchange.create_order(bot.venue, order_request("buy", OrderType.LIMIT, "0.5", "900"))
        bot.venue.open_candle(SYMBOL, 800.0)

    bot.clock.call_at(bot.clock.now() + 3.0, lambda: asyncio.ensure_future(somebody_trades()))
    with pytest.raises(NotTaken):
        await bot.buy(900)
    assert [str(trade.quantity) for trade in bot.manager.trades_manager.get_trades(SYMBOL)] == ["0.5"]


# Several at once


class SlowVenue(FaultyVenue):
    """Answers when ``may_answer`` is set."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.may_answer = asyncio.Event()

    async def create_order(self, request: OrderRequest) -> str:
        await self.may_answer.wait()
        return await super().create_order(request)


async def test_each_order_that_is_asked_for_locks_its_owners_funds(make_bot: MakeBot) -> None:
    bot = await make_bot("none", "refused", venue_class=SlowVenue)
    parts = bot.manager.sub_portfolios = SubPortfolios({"USDT": Decimal(10_000)})
    parts.assign("grid", {"USDT": Decimal(25)})
    orders = [asyncio.ensure_future(bot.buy(900, owner="grid")) for _ in range(2)]
    await until(lambda: bot.manager.trader.requests_under_way == 2)
    assert parts.balance("grid", "USDT").available == 25 - 2 * 9
    with pytest.raises(InsufficientFunds):
        await bot.buy(900, owner="grid")
    bot.venue.may_answer.set()
    accepted, refused = await asyncio.gather(*orders, return_exceptions=True)
    assert accepted.status is OrderStatus.OPEN
    assert isinstance(refused, InsufficientFunds)
    assert parts.balance("grid", "USDT").available == 25 - 9


# Stops that the bot manages


class VenueWithoutStops(FaultyVenue):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.supported_order_types = frozenset({OrderType.MARKET, OrderType.LIMIT})


async def stop_at_1100(bot: Bot) -> Any:
    bot.venue.open_candle(SYMBOL, 1000.0)
    bot.manager.get_symbol_data(SYMBOL).price = 1000.0
    return await bot.manager.trader.create_order(order_request("buy", OrderType.STOP_LOSS, "0.01", "1100"))


async def reach(bot: Bot, price: float) -> None:
    await bot.manager.market_updates.ticker(SYMBOL, {"symbol": SYMBOL, "last": price, "close": price})
    for _ in range(400):
        await asyncio.sleep(0)


@pytest.mark.parametrize("faults", [["busy"] * 9, ["request lost"], ["busy", "request lost", "reply lost"]])
async def test_a_triggered_stop_is_handed_in_until_it_is_taken(make_bot: MakeBot, faults: list[str]) -> None:
    bot = await make_bot(*faults, venue_class=VenueWithoutStops)
    order = await stop_at_1100(bot)
    await reach(bot, 1101.0)
    await until(lambda: len(bot.venue.created) == 1)
    await until(lambda: not bot.manager.trader.waits_here(order))
    assert order.order_id == "1"
    assert len(bot.venue.created) == 1
    assert max(bot.clock.waits, default=0.0) <= 30.0


async def test_a_triggered_stop_that_is_cancelled_is_handed_in_no_more(make_bot: MakeBot) -> None:
    bot = await make_bot(*["busy"] * 1000, venue_class=VenueWithoutStops)
    order = await stop_at_1100(bot)
    await reach(bot, 1101.0)
    await until(lambda: len(bot.clock.waits) > 3)
    assert bot.manager.trader.waits_here(order)
    assert await bot.manager.trader.cancel_order(order)
    assert order.status is OrderStatus.CANCELED
    await until(lambda: not bot.manager.trader.waits_here(order))
    assert bot.venue.created == []


async def test_a_triggered_stop_that_is_refused_is_rejected(make_bot: MakeBot) -> None:
    bot = await make_bot("busy", "refused", venue_class=VenueWithoutStops)
    order = await stop_at_1100(bot)
    await reach(bot, 1101.0)
    await until(lambda: not bot.manager.trader.waits_here(order))
    assert order.status is OrderStatus.REJECTED


async def until(is_done: Callable[[], bool]) -> None:
    """The loop goes round, a storage thread beside it."""
    async with asyncio.timeout(20):
        while not is_done():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)


# After a crash


async def test_what_a_crash_has_left_is_settled_at_the_next_start(tmp_path: Path) -> None:
    """One had been sent and taken, one had not been sent."""
    path = tmp_path / "intents.sqlite"
    bot = Bot([])
    await bot.start(path)
    sender = bot.manager.trader.sender
    assert sender is not None
    sent = await sender.intend(order_request("buy", OrderType.LIMIT, "0.01", "900"))
    await bot.venue.create_order(sent.request)
    unsent = await sender.intend(order_request("buy", OrderType.LIMIT, "0.02", "900"), parent_id="7")
    await bot.store.close()
    bot.store = await IntentStore.open(path, bot.writer)
    assert await bot.store.unsettled() == [sent, unsent]
    settled = await OrderSender(bot.venue, bot.clock, bot.store).reconcile()
    assert [(one.intent_id, one.status) for one in settled] == [
        (sent.intent_id, IntentStatus.ACCEPTED), (unsent.intent_id, IntentStatus.NOT_TAKEN),
    ]  # fmt: skip
    assert settled[0].order_id == "1"
    assert await bot.store.unsettled() == []
    await bot.stop()


_CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from trading_world import order_request
from octobot_trading.enums import OrderType
from octobot_trading.personal_data.orders.intents.store import IntentFile
file = IntentFile(Path(sys.argv[1]))
while True:
    intent = file.record(order_request("buy", OrderType.LIMIT, "0.01", "900"), 1.0, None, lambda intent_id: intent_id)
    print(intent.client_order_id, flush=True)
"""


@pytest.mark.parametrize("count", [1, 7, 40])
def test_what_was_recorded_survives_kill_9(tmp_path: Path, count: int) -> None:
    path, tests = tmp_path / "intents.sqlite", str(Path(__file__).resolve().parents[2])
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(path), tests], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = [child.stdout.readline().strip() for _ in range(count)]
    os.kill(child.pid, signal.SIGKILL)
    told += [line for line in child.stdout.read().split("\n") if line.count("/") == 1]
    child.wait()
    child.stdout.close()
    with IntentFile(path) as file:
        kept = [one.client_order_id for one in file.unsettled()]
        assert kept[: len(told)] == told
        assert len(kept) - len(told) in (0, 1), "the last one may have been kept and not told of"
        following = file.record(order_request("buy", OrderType.LIMIT, "1", "1"), 2.0, None, lambda intent_id: intent_id)
        assert following.client_order_id not in kept


def test_a_file_that_holds_something_else(tmp_path: Path) -> None:
    path = tmp_path / "intents.sqlite"
    with IntentFile(path) as file:
        file.record(order_request("buy", OrderType.LIMIT, "1", "1"), 1.0, None, lambda intent_id: intent_id)
        file._connection.execute("UPDATE intents SET request = '{}'")
        with pytest.raises(DataError, match="store of intents is damaged: intent 1") as caught:
            file.unsettled()
    assert caught.value.file == str(path)
    path.write_bytes(b"not a database at all, but long enough to look at" * 30)
    with pytest.raises(DataError):
        IntentFile(path)


# Requests as texts

_money = st.decimals("0.00000001", 10**6, places=8)
_requests = st.builds(
    OrderRequest, st.just(SYMBOL), st.sampled_from(OrderSide), st.sampled_from(OrderType), _money,
    price=st.none() | _money, stop_price=st.none() | _money, tag=st.none() | st.text(), group_id=st.none() | st.text(),
    cause=st.none() | st.dictionaries(st.text(), st.integers(0, 9) | st.text()), reduce_only=st.booleans(),
    time_in_force=st.sampled_from(TimeInForce), expiry_time=st.none() | st.floats(0, 1e10),
    client_order_id=st.none() | st.text(), group_kind=st.sampled_from(GroupKind), owner=st.none() | st.text(),
    cancel_policy=st.sampled_from([None, ChainedPrice(), ExpirationTime(1_700_000_000.5)]),
    trail_to=st.lists(_money, max_size=3).map(tuple),
)  # fmt: skip


@given(_requests, st.lists(_requests, max_size=3).map(tuple))
def test_requests_come_back_as_they_were(request_: OrderRequest, chained: tuple[OrderRequest, ...]) -> None:
    whole = replace(request_, chained=chained)
    assert decode_request(encode_request(whole)) == whole


def test_a_policy_that_nobody_has_defined_any_more() -> None:
    text = encode_request(order_request("buy", OrderType.LIMIT, "1", "1", cancel_policy=ChainedPrice()))
    with pytest.raises(ValueError, match="the cancel policy Gone is not there"):
        decode_request(text.replace("ChainedPrice", "Gone"))
