# SPDX-License-Identifier: Apache-2.0
"""The account, recomputed from the fills alone by code that does not know the portfolio.

cash = start + Σ sells - Σ buys - Σ quote fees, holdings = start + Σ bought - Σ sold - Σ base fees, exact.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import FeeAsset, OrderSide, OrderStatus, OrderType
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill

_SYMBOL = "BTC/USDT"
_MARKET = Market(
    _SYMBOL,
    "BTC",
    "USDT",
    amount_step=Decimal("0.00001"),
    price_tick=Decimal("0.01"),
    min_amount=Decimal("0.00001"),
    min_cost=Decimal(5),
)
_START = {"BTC": Decimal("0.7"), "USDT": Decimal(5000)}
_HOUR = 3600.0
_ids = itertools.count()


@dataclass(frozen=True)
class Candle:
    """Prices in ticks of 0.01."""

    open: float
    high: float
    low: float
    close: float


@st.composite
def _candles(draw: st.DrawFn) -> list[Candle]:
    """A path around 1,000.00 with gaps between candles now and then."""
    candles = []
    price = 100_000
    for _ in range(draw(st.integers(3, 25))):
        start = max(1_000, price + draw(st.sampled_from([0, 0, 0, -4_000, 4_000, 37])))
        end = max(1_000, start + draw(st.integers(-3_000, 3_000)))
        high = max(start, end) + draw(st.integers(0, 1_500))
        low = max(500, min(start, end) - draw(st.integers(0, 1_500)))
        candles.append(Candle(start / 100, high / 100, low / 100, end / 100))
        price = end
    return candles


_amounts = st.one_of(st.integers(1, 120_000), st.integers(400_000, 520_000)).map(
    lambda steps: steps * Decimal("0.00001")
)
_offsets = st.integers(-4_000, 4_000).map(lambda ticks: ticks * Decimal("0.01"))
_sides = st.sampled_from(OrderSide)
_single = st.tuples(st.sampled_from(OrderType), _sides, _amounts, _offsets)
_actions = st.one_of(
    st.tuples(st.just("order"), _single),
    st.tuples(st.just("group"), st.tuples(_sides, _amounts, _offsets, _offsets)),
    st.tuples(st.just("chained"), st.tuples(_single, _offsets, _offsets)),
    st.tuples(st.just("cancel"), st.integers(0, 50)),
    st.tuples(st.just("cancel all"), st.none()),
)
_decisions = st.lists(st.lists(_actions, max_size=3), max_size=25)
_fee_models = st.builds(
    FeeModel,
    maker=st.sampled_from([Decimal(0), Decimal("0.0007")]),
    taker=st.sampled_from([Decimal(0), Decimal("0.001")]),
    charged_in=st.sampled_from(FeeAsset),
)


class World:
    """One exchange account, driven candle by candle, that checks itself at every step."""

    def __init__(self, fee_model: FeeModel) -> None:
        self.clock = SimulatedClock(0.0)
        self.exchange = SimulatedExchange("simulated", self.clock, {_SYMBOL: _MARKET}, _START, fee_model)
        self.manager = ExchangeManager(
            f"accounting-{next(_ids)}",
            self.exchange,
            self.clock,
            {"Bitcoin": [_SYMBOL]},
            dispatcher=SynchronizedDispatcher(),
            is_backtesting=True,
        )
        self.price = Decimal(1000)
        self.seen = 0

    async def run(self, candles: list[Candle], decisions: list[list[tuple[str, Any]]]) -> None:
        await self.manager.initialize()
        try:
            for number, candle in enumerate(candles):
                self.clock.advance_to(number * _HOUR)
                self.exchange.open_candle(_SYMBOL, candle.open)
                await self.manager.trader.submit_chained_orders()
                self.check(candle.open, candle.open)
                self.clock.advance_to((number + 1) * _HOUR)
                self.exchange.close_candle(
                    _SYMBOL, number * _HOUR, candle.open, candle.high, candle.low, candle.close, 1000.0
                )
                await self.manager.trader.submit_chained_orders()
                self.check(candle.low, candle.high)
                self.price = Decimal(repr(candle.close))
                for action in decisions[number] if number < len(decisions) else []:
                    await self.act(*action)
                    self.check(None, None)
        finally:
            await self.manager.stop()

    async def act(self, kind: str, what: Any) -> None:
        trader = self.manager.trader
        before = (self.manager.portfolio.totals(), self.locked(), len(self.manager.orders_manager.all_orders()))
        try:
            if kind == "order":
                await trader.create_order(self.request(*what))
            elif kind == "group":
                side, amount, first, second = what
                group = f"group-{next(_ids)}"
                for order_type, offset in ((OrderType.LIMIT, first), (OrderType.STOP_LOSS, second)):
                    await trader.create_order(self.request(order_type, side, amount, offset, group_id=group))
            elif kind == "chained":
                single, first, second = what
                order_type, side, amount, offset = single
                back = OrderSide.SELL if side is OrderSide.BUY else OrderSide.BUY
                group = f"group-{next(_ids)}"
                exits = (
                    self.request(OrderType.LIMIT, back, amount, first, group_id=group),
                    self.request(OrderType.STOP_LOSS, back, amount, second, group_id=group),
                )
                await trader.create_order(self.request(order_type, side, amount, offset, chained=exits))
            elif kind == "cancel":
                open_orders = self.manager.orders_manager.get_open_orders()
                if open_orders:
                    order = open_orders[what % len(open_orders)]
                    assert await trader.cancel_order(order)
                    assert not await trader.cancel_order(order)
            else:
                await trader.cancel_open_orders(_SYMBOL)
                assert self.locked() == {"BTC": 0, "USDT": 0}
        except OrderRefused:
            if kind != "group":  # the first of a group may have been accepted
                after = (self.manager.portfolio.totals(), self.locked(), len(self.manager.orders_manager.all_orders()))
                assert after == before

    def request(
        self, order_type: OrderType, side: OrderSide, amount: Decimal, offset: Decimal, **options: Any
    ) -> OrderRequest:
        price = max(Decimal("0.01"), self.price + offset)
        return OrderRequest(
            _SYMBOL,
            side,
            order_type,
            amount,
            price=price if order_type is OrderType.LIMIT else None,
            stop_price=price if order_type is OrderType.STOP_LOSS else None,
            **options,
        )

    def locked(self) -> dict[str, Decimal]:
        return {asset: self.manager.portfolio.balance(asset).locked for asset in _START}

    def check(self, low: float | None, high: float | None) -> None:
        fills = self.manager.trades_manager.fills
        totals = self.manager.portfolio.totals()
        assert {asset: totals[asset] for asset in _START} == _recomputed(fills)
        for asset in _START:
            balance = self.manager.portfolio.balance(asset)
            assert 0 <= balance.locked <= balance.total
        assert self.locked() == self.needed()
        self.check_fills(fills[self.seen :], low, high)
        self.seen = len(fills)

    def needed(self) -> dict[str, Decimal]:
        """What the open orders need, the orders of a group sharing it."""
        needs: dict[tuple[str, str], Decimal] = {}
        for order in self.manager.orders_manager.get_open_orders():
            request = order.request
            fees = self.exchange.fee_model
            asset, amount = "BTC", request.quantity
            if fees.charged_in is FeeAsset.BASE:
                amount += (request.quantity * max(fees.maker, fees.taker)).quantize(Decimal("1E-8"), "ROUND_CEILING")
            if request.side is OrderSide.BUY:
                price = request.price or request.stop_price or self.asked_at[order.order_id]
                cost = _quantized(request.quantity * price)
                asset, amount = "USDT", cost + self.exchange.fee_model.reserve(request.side, cost)
            key = (request.group_id or order.order_id, asset)
            needs[key] = max(needs.get(key, Decimal(0)), amount)
        totals = {"BTC": Decimal(0), "USDT": Decimal(0)}
        for (_, asset), amount in needs.items():
            totals[asset] += amount
        return totals

    @property
    def asked_at(self) -> dict[str, Decimal]:
        """The price that a waiting market order's funds were estimated with: the one known when it came."""
        return dict.fromkeys(self.market_ids(), self.price)

    def market_ids(self) -> Iterable[str]:
        return [
            order.order_id
            for order in self.manager.orders_manager.get_open_orders()
            if order.request.order_type is OrderType.MARKET
        ]

    def check_fills(self, fills: list[Fill], low: float | None, high: float | None) -> None:
        now = self.clock.now()
        orders = {order.order_id: order for order in self.manager.orders_manager.all_orders()}
        for fill in fills:
            assert low is not None, "nothing fills when an order is only asked for"
            assert high is not None
            assert Decimal(repr(low)) <= fill.price <= Decimal(repr(high))
            assert fill.time == now
            order = orders[fill.order_id]
            assert order.creation_time <= fill.time
            assert order.status is OrderStatus.FILLED
            group = order.request.group_id
            if group is not None:
                others = [other for other in orders.values() if other.request.group_id == group and other is not order]
                assert all(other.status in (OrderStatus.CANCELED, OrderStatus.REJECTED) for other in others)


def _quantized(cost: Decimal) -> Decimal:
    return cost.quantize(Decimal("1E-8"), rounding="ROUND_DOWN")


def _recomputed(fills: list[Fill]) -> dict[str, Decimal]:
    with localcontext(Context(prec=40, traps=[Inexact])):
        cash, holdings = _START["USDT"], _START["BTC"]
        for fill in fills:
            sign = 1 if fill.side is OrderSide.BUY else -1
            holdings += sign * fill.quantity
            cash -= sign * fill.cost
            if fill.fee_asset == "BTC":
                holdings -= fill.fee
            else:
                assert fill.fee_asset == "USDT"
                cash -= fill.fee
        return {"BTC": holdings, "USDT": cash}


# A market order for nearly all the cash, and then the price jumps: what random draws seldom meet.
_JUMP = [Candle(1000.0, 1000.0, 1000.0, 1000.0), Candle(1100.0, 1150.0, 1090.0, 1120.0)]
_ALL_IN = [[("order", (OrderType.MARKET, OrderSide.BUY, Decimal("4.9"), Decimal(0)))]]


def _check(candles: list[Candle], decisions: list[list[tuple[str, Any]]], fee_model: FeeModel) -> None:
    asyncio.run(World(fee_model).run(candles, decisions))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_candles(), _decisions, _fee_models)
@example(_JUMP, _ALL_IN, FeeModel(taker=Decimal("0.001"), charged_in=FeeAsset.QUOTE))
@example(_JUMP, _ALL_IN, FeeModel(taker=Decimal("0.001"), charged_in=FeeAsset.RECEIVED))
def test_the_account_is_what_its_fills_explain(
    candles: list[Candle], decisions: list[list[tuple[str, Any]]], fee_model: FeeModel
) -> None:
    _check(candles, decisions, fee_model)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_candles(), _decisions, _fee_models)
def test_the_account_is_what_its_fills_explain_in_many_worlds(
    candles: list[Candle], decisions: list[list[tuple[str, Any]]], fee_model: FeeModel
) -> None:
    _check(candles, decisions, fee_model)
