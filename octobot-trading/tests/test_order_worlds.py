# SPDX-License-Identifier: Apache-2.0
"""Every order type, group, edit and cancel on random candles under every rule, checked from the outside at each step.

Held: no balance below zero; locked is what the open orders need; cash and holdings are what the fills explain,
exactly; nothing fills outside of its candle before slippage, nor before its order had arrived; orders that cancel each
other never both fill; each order's events follow its life.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import FeeAsset, FillRule, GroupKind, OrderSide, OrderStatus, OrderType, TimeInForce
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.slippage import FixedSlippage
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_fields import PROTECTIONS, TRAILING
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill

_SYMBOL = "BTC/USDT"
_TICK = Decimal("0.1")
_MARKET = Market(_SYMBOL, "BTC", "USDT", Decimal("0.001"), _TICK, Decimal("0.001"), min_cost=Decimal(1))
_START = {"BTC": Decimal(5), "USDT": Decimal(5_000)}
_HOUR = 3600.0
_ids = itertools.count()

_WITH_STOP = {OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT}
_WITH_LIMIT = {OrderType.LIMIT, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT}


@dataclass(frozen=True)
class Models:
    """What the exchange believes."""

    rule: FillRule
    fees: FeeModel
    slippage: Decimal
    volume_share: Decimal | None
    latency: float


_models = st.builds(
    Models,
    st.sampled_from(FillRule),
    st.builds(FeeModel, st.just(Decimal("0.0007")), st.just(Decimal("0.001")), st.sampled_from(FeeAsset)),
    st.sampled_from([Decimal(0), Decimal(0), Decimal("0.001")]),
    st.sampled_from([None, None, Decimal("0.1")]),
    st.sampled_from([0.0, 0.0, 1.0, 1800.0, 5000.0]),
)


@st.composite
def _candles(draw: st.DrawFn) -> list[tuple[float, float, float, float, float]]:
    price, candles = 1_000, []
    for _ in range(draw(st.integers(2, 14))):
        start = max(300, price + draw(st.sampled_from([0, 0, 0, -40, 40, 3])))
        end = max(300, start + draw(st.integers(-40, 40)))
        high = max(start, end) + draw(st.integers(0, 25))
        low = max(200, min(start, end) - draw(st.integers(0, 25)))
        candles.append((start / 10, high / 10, low / 10, end / 10, float(draw(st.sampled_from([0, 5, 100])))))
        price = end
    return candles


_sides = st.sampled_from(OrderSide)
_amounts = st.integers(1, 6_000).map(lambda steps: steps * Decimal("0.001"))
_offsets = st.integers(-60, 60).map(lambda ticks: ticks * _TICK)
_distances = st.integers(1, 50).map(lambda ticks: ticks * _TICK)
_forces = st.sampled_from([TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTD])
_orders = st.tuples(
    st.sampled_from(OrderType), _sides, _amounts, _offsets, _offsets, _distances, st.booleans(), _forces, st.booleans()
)
_actions = st.one_of(
    st.tuples(st.just("order"), _orders),
    st.tuples(st.just("group"), st.tuples(st.sampled_from(GroupKind), st.lists(_orders, min_size=2, max_size=4))),
    st.tuples(st.just("bracket"), st.tuples(_orders, _distances, _distances, st.booleans())),
    st.tuples(st.just("cancel"), st.integers(0, 50)),
    st.tuples(st.just("edit"), st.tuples(st.integers(0, 50), _amounts, _offsets)),
)
_decisions = st.lists(st.lists(_actions, max_size=3), max_size=14)


class World:
    """One account, driven candle by candle."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.clock = SimulatedClock(0.0)
        self.exchange = SimulatedExchange(
            "simulated",
            self.clock,
            {_SYMBOL: _MARKET},
            _START,
            models.fees,
            models.rule,
            slippage=FixedSlippage(models.slippage) if models.slippage else None,
            volume_share=models.volume_share,
            latency_seconds=models.latency,
        )
        self.manager = ExchangeManager(
            f"worlds-{next(_ids)}",
            self.exchange,
            self.clock,
            {"Bitcoin": [_SYMBOL]},
            dispatcher=SynchronizedDispatcher(),
            is_backtesting=True,
        )
        self.price = Decimal(100)
        self.seen = 0
        #: The (open time, low, high) of closed candles.
        self.candles: list[tuple[float, float, float]] = []
        #: What each order was locked with: the price known when it was accepted or last edited.
        self.asked_at: dict[str, Decimal] = {}

    async def run(self, candles: list[tuple[float, ...]], decisions: list[list[tuple[str, Any]]]) -> None:
        await self.manager.initialize()
        try:
            for number, (opened, high, low, close, volume) in enumerate(candles):
                begin = number * _HOUR
                self.clock.advance_to(begin)
                self.exchange.open_candle(_SYMBOL, opened)
                self.check(opened, opened)
                self.clock.advance_to(begin + _HOUR)
                self.exchange.close_candle(_SYMBOL, begin, opened, high, low, close, volume)
                self.check(low, high)
                self.candles.append((begin, low, high))
                self.price = Decimal(repr(close))
                self.exchange.get_book(_SYMBOL).follow(close)
                for action in decisions[number] if number < len(decisions) else []:
                    await self.act(*action)
                    self.check(None, None)
        finally:
            await self.manager.stop()

    async def act(self, kind: str, what: Any) -> None:
        trader, orders = self.manager.trader, self.manager.orders_manager
        open_orders = orders.get_open_orders()
        before = self.balances(), len(orders.all_orders())
        try:
            if kind == "order":
                await trader.create_order(self.request(*what))
            elif kind == "group":
                group_kind, members = what
                name = f"group-{next(_ids)}"
                for member in members:
                    one = (member[0], members[0][1], *member[2:7], TimeInForce.GTC, False)
                    await trader.create_order(self.request(*one, group_id=name, group_kind=group_kind))
            elif kind == "bracket":
                entry, gain, loss, is_trailing = what
                await trader.create_order(self.bracket(entry, gain, loss, is_trailing))
            elif kind == "cancel" and open_orders:
                await trader.cancel_order(open_orders[what % len(open_orders)])
            elif kind == "edit" and open_orders:
                which, amount, offset = what
                order = open_orders[which % len(open_orders)]
                moved = self.at(offset)
                price = moved if order.request.price is not None else None
                stop = moved if order.request.stop_price is not None else None
                was = order.request, order.status
                try:
                    await trader.edit_order(order, amount, price, stop)
                except OrderRefused:
                    assert (order.request, order.status) == was
                    raise
        except OrderRefused:
            if kind != "group":  # the first of a group may have been accepted
                assert (self.balances(), len(orders.all_orders())) == before

    def at(self, offset: Decimal) -> Decimal:
        return max(_TICK, self.price + offset)

    def request(
        self, kind: OrderType, side: OrderSide, amount: Decimal, price: Decimal, stop: Decimal, distance: Decimal,
        in_percent: bool, force: TimeInForce, post_only: bool, **options: Any,
    ) -> OrderRequest:  # fmt: skip
        if force in (TimeInForce.IOC, TimeInForce.FOK) and kind not in (OrderType.LIMIT, OrderType.MARKET):
            force = TimeInForce.GTC
        trails = kind in TRAILING
        return OrderRequest(
            _SYMBOL, side, kind, amount,
            price=self.at(price) if kind in _WITH_LIMIT else None,
            stop_price=self.at(stop) if kind in _WITH_STOP else None,
            trailing_distance=distance if trails and not in_percent else None,
            trailing_percent=distance if trails and in_percent else None,
            limit_offset=distance if kind is OrderType.TRAILING_STOP_LIMIT else None,
            time_in_force=force,
            expiry_time=self.clock.now() + float(distance) * 4_000 if force is TimeInForce.GTD else None,
            post_only=post_only and kind is OrderType.LIMIT and force in (TimeInForce.GTC, TimeInForce.GTD),
            **options,
        )  # fmt: skip

    def bracket(self, entry: Any, gain: Decimal, loss: Decimal, is_trailing: bool) -> OrderRequest:
        request = self.request(*entry)
        back = OrderSide.SELL if request.side is OrderSide.BUY else OrderSide.BUY
        away = 1 if request.side is OrderSide.BUY else -1
        around = request.own_price or self.price
        common: dict[str, Any] = {"group_id": f"group-{next(_ids)}"}
        exits = [OrderRequest(_SYMBOL, back, OrderType.LIMIT, request.quantity,
                              price=max(_TICK, around + away * gain), **common)]  # fmt: skip
        if is_trailing:
            exits.append(OrderRequest(_SYMBOL, back, OrderType.TRAILING_STOP, request.quantity,
                                      trailing_distance=loss, **common))  # fmt: skip
        else:
            exits.append(OrderRequest(_SYMBOL, back, OrderType.STOP_LOSS, request.quantity,
                                      stop_price=max(_TICK, around - away * loss), **common))  # fmt: skip
        return self.request(*entry, chained=tuple(exits))

    def balances(self) -> dict[str, tuple[Decimal, Decimal]]:
        return {asset: tuple(self.manager.portfolio.balance(asset)) for asset in _START}  # type: ignore[misc]

    def check(self, low: float | None, high: float | None) -> None:
        fills = self.manager.trades_manager.fills
        self.check_fills(fills[self.seen :], low, high)
        self.seen = len(fills)
        totals = self.manager.portfolio.totals()
        assert {asset: totals[asset] for asset in _START} == _recomputed(fills)
        for asset in _START:
            balance = self.manager.portfolio.balance(asset)
            assert 0 <= balance.locked <= balance.total
        self.check_locks()
        self.check_groups()
        self.check_lives()

    def check_locks(self) -> None:
        """Where what an order needs is known from outside: limits and stops, which have a price of their own."""
        needed = dict.fromkeys(_START, Decimal(0))
        sides: dict[tuple[str, str, str], Decimal] = {}
        for order in self.manager.orders_manager.get_open_orders():
            asset, need = self.need(order)
            request = order.request
            leg = ""
            if request.group_kind is not GroupKind.ONE_CANCELS_THE_OTHER:
                leg = "stops" if request.order_type in PROTECTIONS else "rest"
            key = (request.group_id or order.order_id, asset, leg)
            sides[key] = sides.get(key, Decimal(0)) + need if leg else max(sides.get(key, Decimal(0)), need)
        groups: dict[tuple[str, str], Decimal] = {}
        for (owner, asset, _), need in sides.items():
            groups[owner, asset] = max(need, groups.get((owner, asset), Decimal(0)))
        for (_, asset), need in groups.items():
            needed[asset] += need
        assert {asset: self.manager.portfolio.balance(asset).locked for asset in _START} == needed

    def need(self, order: Order) -> tuple[str, Decimal]:
        request, fees = order.request, self.models.fees
        if request.side is OrderSide.SELL:
            extra = fees.charged_in is FeeAsset.BASE
            return "BTC", order.remaining_quantity + (_fee(order.remaining_quantity, fees) if extra else 0)
        # What an order is locked with was known when it came: to one that a fill has brought up, the fill's price.
        fills = [fill for fill in self.manager.trades_manager.fills if fill.order_id == order.parent_id]
        price = self.asked_at.setdefault(order.order_id, fills[-1].price if fills else self.price)
        if request.price is not None or request.stop_price is not None:
            price = request.own_price or price
        elif request.order_type in TRAILING:
            distance = request.trailing_distance
            if distance is None:
                assert request.trailing_percent is not None
                distance = price * request.trailing_percent / 100
            price = ((price + distance) / _TICK).to_integral_value(ROUND_CEILING) * _TICK
        cost = (order.remaining_quantity * price).quantize(Decimal("1E-8"), ROUND_DOWN)
        return "USDT", cost + (_fee(cost, fees) if fees.charged_in is FeeAsset.QUOTE else 0)

    def check_groups(self) -> None:
        by_group: dict[str, list[Order]] = {}
        for order in self.manager.orders_manager.all_orders():
            if order.request.group_id is not None:
                by_group.setdefault(order.request.group_id, []).append(order)
        for orders in by_group.values():
            if orders[0].request.group_kind is GroupKind.ONE_CANCELS_THE_OTHER:
                assert sum(bool(order.filled_quantity) for order in orders) <= 1

    def check_lives(self) -> None:
        for order in self.manager.orders_manager.all_orders():
            assert 0 <= order.filled_quantity <= order.request.quantity
            if order.status is OrderStatus.FILLED:
                assert order.filled_quantity == order.request.quantity or order.reason is not None
            if order.request.time_in_force is TimeInForce.FOK and order.reason is None:
                assert order.filled_quantity in (0, order.request.quantity)
            if order.is_open and order.request.expiry_time is not None:
                assert self.clock.now() < order.request.expiry_time + _HOUR

    def check_fills(self, fills: Iterable[Fill], low: float | None, high: float | None) -> None:
        now, slippage = self.clock.now(), self.models.slippage
        orders = {order.order_id: order for order in self.manager.orders_manager.all_orders()}
        for fill in fills:
            assert low is not None, "nothing fills when an order is only asked for"
            assert high is not None
            order = orders[fill.order_id]
            lowest, highest = Decimal(repr(low)), Decimal(repr(high))
            if slippage and fill.side is OrderSide.BUY:
                highest = highest * (1 + slippage) + _TICK
            elif slippage:
                lowest = lowest * (1 - slippage) - _TICK
            assert lowest <= fill.price <= highest or self.was_touched(order, fill)
            if order.request.price is not None:
                is_buy = fill.side is OrderSide.BUY
                assert fill.price <= order.request.price if is_buy else fill.price >= order.request.price
            assert fill.time == now
            arrived = order.creation_time + (self.models.latency if order.parent_id is None else 0)
            assert arrived <= fill.time

    def was_touched(self, order: Order, fill: Fill) -> bool:
        """Whether a pessimist sees a limit that was touched, and may have filled then, fill at a jump over it."""
        touching = (
            high if fill.side is OrderSide.SELL else low
            for begin, low, high in self.candles
            if order.creation_time < begin + _HOUR <= fill.time
        )
        return (
            self.models.rule is FillRule.PESSIMISTIC
            and order.request.price in (None, fill.price)
            and fill.taker_or_maker == "maker"
            and fill.price in [Decimal(repr(price)) for price in touching]
        )


def _fee(amount: Decimal, fees: FeeModel) -> Decimal:
    return (amount * max(fees.maker, fees.taker)).quantize(Decimal("1E-8"), ROUND_CEILING)


def _recomputed(fills: list[Fill]) -> dict[str, Decimal]:
    held = dict(_START)
    for fill in fills:
        sign = 1 if fill.side is OrderSide.BUY else -1
        held["BTC"] += sign * fill.quantity
        held["USDT"] -= sign * fill.cost
        held[fill.fee_asset] -= fill.fee
    return held


def _check(models: Models, candles: list[Any], decisions: list[Any]) -> None:
    asyncio.run(World(models).run(candles, decisions))


_TOUCHED = (OrderType.LIMIT, OrderSide.SELL, Decimal("0.010"), _TICK, _TICK, _TICK, False, TimeInForce.GTC, False)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_models, _candles(), _decisions)
@example(
    Models(FillRule.PESSIMISTIC, FeeModel(), Decimal(0), None, 0.0),
    [(100.0, 100.0, 100.0, 100.0, 0.0), (100.0, 100.1, 100.0, 100.0, 0.0), (104.0, 104.0, 104.0, 104.0, 0.0)],
    [[("order", _TOUCHED)]],
)
def test_every_order_leaves_the_account_in_order(models: Models, candles: list[Any], decisions: list[Any]) -> None:
    _check(models, candles, decisions)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_models, _candles(), _decisions)
def test_every_order_leaves_the_account_in_order_for_long(
    models: Models, candles: list[Any], decisions: list[Any]
) -> None:
    _check(models, candles, decisions)
