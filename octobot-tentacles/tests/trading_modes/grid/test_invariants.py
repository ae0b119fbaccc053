# SPDX-License-Identifier: Apache-2.0
"""What must be true of a grid at any time, along random walks with gaps, partial fills, refusals and restarts."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_tentacles.trading_modes.ladder.slots import SlotStatus
from octobot_trading.enums import OrderSide
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
FUNDS = {"USDT": "300", "BTC": "3"}
START = {asset: Decimal(amount) for asset, amount in FUNDS.items()}
FEES = FeeModel(Decimal("0.001"), Decimal("0.001"))

#: Candles as (open, high, low, close): each opens anywhere near the last close, gaps included.
Candle = tuple[float, float, float, float]


@st.composite
def walks(draw: st.DrawFn, *, start: int = 100, most: int = 14) -> list[Candle]:
    """Up to ``most`` candles whose prices have one decimal."""
    candles: list[Candle] = []
    last = start * 10
    for _ in range(draw(st.integers(1, most))):
        opening = max(300, last + draw(st.sampled_from([0, 0, 0, -35, 35, -120, 120])))
        close = max(300, opening + draw(st.integers(-90, 90)))
        high = max(opening, close) + draw(st.integers(0, 60))
        low = max(200, min(opening, close) - draw(st.integers(0, 60)))
        candles.append((opening / 10, high / 10, low / 10, close / 10))
        last = close
    return candles


def own_orders(desk: Any) -> list[Order]:
    name = desk.mode.get_name()
    return [order for order in desk.manager.orders_manager.get_open_orders() if order.request.tag == name]


def check_ladder(desk: Any, most_orders: int) -> None:
    """The invariants that hold whenever everybody has reacted."""
    orders = own_orders(desk)
    assert len(orders) <= most_orders
    levels = [(order.request.side, order.request.price) for order in orders if order.request.price is not None]
    assert len(levels) == len(set(levels))
    _check_slots(desk, orders)
    _check_locks(desk)


def check_conserved(desk: Any, start: dict[str, Decimal]) -> None:
    """Start, fills and fees make the end, to the last digit."""
    totals = dict(start)
    for fill in desk.manager.trades_manager.fills:
        for asset, amount in fill.exchanged("BTC", "USDT").items():
            totals[asset] = totals.get(asset, Decimal(0)) + amount
    assert {asset: total for asset, total in desk.manager.portfolio.totals().items() if total} == {
        asset: total for asset, total in totals.items() if total
    }


def check_round_trips(desk: Any) -> int:
    """Each order that follows a fill is its mirror: on the other side, a level's distance away, for what it brought in.

    Returns how many there were.
    """
    before: dict[Any, Order] = {}
    count = 0
    for order in desk.manager.orders_manager.all_orders():
        level = order.request.cause["ladder"]["center"], order.request.cause["level"]
        first = before.get(level)
        before[level] = order
        if first is None or order.request.side is first.request.side:
            continue
        count += 1
        _check_round_trip(first, order)
    return count


def _check_round_trip(first: Order, mirror: Order) -> None:
    buy, sell = (first, mirror) if first.request.side is OrderSide.BUY else (mirror, first)
    assert sell.request.price - buy.request.price == Decimal(2)
    assert first.filled_quantity
    if first is buy:
        received = buy.filled_quantity - buy.fees.get("BTC", Decimal(0))
        assert received - Decimal("0.001") < mirror.request.quantity <= received
    else:
        received = sell.cost - sell.fees.get("USDT", Decimal(0))
        assert mirror.request.quantity * mirror.request.price <= received


def _check_slots(desk: Any, orders: list[Order]) -> None:
    """Every level has its order, or says why it has none."""
    slots = list(desk.mode.producers[0].ladder)
    open_ids = {order.order_id for order in orders}
    assert {slot.order_id for slot in slots if slot.status is SlotStatus.OPEN} == open_ids
    for slot in slots:
        assert slot.status is not SlotStatus.ASKED
        assert slot.status is not SlotStatus.IDLE or slot.reason


def _check_locks(desk: Any) -> None:
    needs = {"BTC": Decimal(0), "USDT": Decimal(0)}
    for order in desk.manager.orders_manager.get_open_orders():
        market = desk.manager.get_market(order.symbol)
        price = order.request.price or desk.manager.get_symbol_data(order.symbol).last_price
        cost = market.cost_of(order.remaining_quantity, price)
        asset, amount = desk.exchange.fee_model.needs(market, order.request.side, order.remaining_quantity, cost)
        needs[asset] += amount
    for asset, needed in needs.items():
        assert desk.manager.portfolio.balance(asset).locked == needed


class Stubborn(SimulatedExchange):
    """Refuses the orders whose number is in ``refused``."""

    def __init__(self, *args: Any, refused: frozenset[int] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._refused, self._count = refused, 0

    async def create_order(self, request: OrderRequest) -> str:
        self._count += 1
        if self._count in self._refused:
            raise OrderRefused("not today", rule="mood")
        return await super().create_order(request)


async def walk(desk: Any, candles: list[Candle], restarts: set[int], most_orders: int = 6) -> None:
    for index, candle in enumerate(candles):
        await desk.candle(*candle)
        check_ladder(desk, most_orders)
        if index in restarts:
            before = desk.open_orders()
            await desk.restart()
            assert desk.open_orders() == before
            check_ladder(desk, most_orders)


restart_times = st.sets(st.integers(0, 13), max_size=4)


@many
@given(candles=walks(), restarts=restart_times, reinvests=st.booleans(), has_fees=st.booleans())
async def test_each_fill_brings_its_mirror_order(
    make_grid: Any, candles: list[Candle], restarts: set[int], reinvests: bool, has_fees: bool
) -> None:
    desk = await make_grid(FUNDS, {"fee_model": FEES if has_fees else FeeModel()}, reinvest_profits=reinvests)
    try:
        await walk(desk, candles, restarts)
        assert len(own_orders(desk)) == 6
        assert check_round_trips(desk) == len(desk.manager.trades_manager.fills)
        check_conserved(desk, START)
    finally:
        await desk.manager.stop()


@many
@given(candles=walks(), restarts=restart_times, share=st.sampled_from(["0.0001", "0.0005", "0.0011"]))
async def test_partial_fills(make_grid: Any, candles: list[Candle], restarts: set[int], share: str) -> None:
    make_exchange = partial(SimulatedExchange, volume_share=Decimal(share))
    desk = await make_grid(FUNDS, {"fee_model": FEES, "make_exchange": make_exchange})
    try:
        await walk(desk, candles, restarts)
        assert len(own_orders(desk)) == 6
        check_round_trips(desk)
        check_conserved(desk, START)
    finally:
        await desk.manager.stop()


@many
@given(candles=walks(), refused=st.frozensets(st.integers(1, 20), max_size=8))
async def test_refusals(make_grid: Any, candles: list[Candle], refused: frozenset[int]) -> None:
    desk = await make_grid(FUNDS, {"make_exchange": partial(Stubborn, refused=refused)})
    try:
        await walk(desk, candles, set())
        check_conserved(desk, START)
        slots = list(desk.mode.producers[0].ladder)
        assert sum(slot.status is SlotStatus.OPEN for slot in slots) == len(own_orders(desk))
        assert all(slot.attempts or slot.status is not SlotStatus.DUE for slot in slots)
    finally:
        await desk.manager.stop()


@many
@given(candles=walks(most=20), downtime=st.sets(st.integers(0, 18), max_size=8))
async def test_fills_during_downtime(make_grid: Any, candles: list[Candle], downtime: set[int]) -> None:
    """Candles of ``downtime`` pass while the bot is stopped; the first one after it finds every mirror order."""
    desk = await make_grid(FUNDS, {"fee_model": FEES})
    try:
        for index, candle in enumerate(candles):
            is_down, was_down = index in downtime, index - 1 in downtime
            if is_down and not was_down:
                for mode in desk.modes:
                    desk.manager.trading_modes.remove(mode)
                    await mode.stop()
            if was_down and not is_down:
                await desk.start()
            await desk.candle(*candle)
            if not is_down:
                check_ladder(desk, 6)
                assert len(own_orders(desk)) == 6
        check_round_trips(desk)
        check_conserved(desk, START)
    finally:
        await desk.manager.stop()


@many
@given(
    candles=walks(most=20),
    restarts=restart_times,
    one_by_one=st.booleans(),
    ways=st.sampled_from([(True, True), (True, False), (False, True)]),
    latency=st.sampled_from([0.0, 0.0, 90.0]),
)
async def test_trailing(
    make_grid: Any,
    candles: list[Candle],
    restarts: set[int],
    one_by_one: bool,
    ways: tuple[bool, bool],
    latency: float,
) -> None:
    trailing = {"enable_trailing_up": ways[0], "enable_trailing_down": ways[1], "order_by_order_trailing": one_by_one}
    make_exchange = partial(SimulatedExchange, latency_seconds=latency)
    desk = await make_grid(FUNDS, {"fee_model": FEES, "make_exchange": make_exchange}, **trailing)
    try:
        for index, candle in enumerate(candles):
            await desk.candle(*candle)
            check_trailing(desk)
            if index in restarts:
                before = desk.open_orders()
                await desk.restart()
                assert desk.open_orders() == before
                check_trailing(desk)
        check_conserved(desk, START)
        quiet = candles[-1][-1]
        for _ in range(12):  # whatever is under way comes to its end
            await desk.candle(quiet, quiet, quiet, quiet)
        assert len(own_orders(desk)) == 6
        check_ladder(desk, 6)
    finally:
        await desk.manager.stop()


def check_trailing(desk: Any) -> None:
    orders = own_orders(desk)
    assert len(orders) <= 6
    levels = [(order.request.side, order.request.price) for order in orders if order.request.price is not None]
    assert len(levels) == len(set(levels))
    slots = list(desk.mode.producers[0].ladder or ())
    assert all(slot.is_active or slot.reason for slot in slots)
