# SPDX-License-Identifier: Apache-2.0
"""Several accounts in one replay: whatever the others do, each ends as if it were alone.

Traders of random habits, one in each account, hear of the same candles in several pairs and of their own fills, and
size what they ask for by what their account is worth at that moment.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.backtesting.replay import Replay
from octobot_trading.enums import FillRule, GroupKind, OrderSide, OrderType
from octobot_trading.errors import OrderRefused
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeDiscount, FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.history import CandleSeries, series_from_arrays
from octobot_trading.personal_data.orders.order_request import OrderRequest

_PAIRS = {"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT"], "BNB": ["BNB/USDT"]}
_SYMBOLS = [symbol for pairs in _PAIRS.values() for symbol in pairs]
_FUNDS = {"USDT": Decimal(10_000), "BTC": Decimal(20), "ETH": Decimal(20), "BNB": Decimal(5)}
_FEES = FeeModel(Decimal("0.001"), Decimal("0.002"), discount=FeeDiscount("BNB", Decimal("0.25")))
_STEP = Decimal("0.001")
_ids = itertools.count()


@dataclass(frozen=True)
class Models:
    """What the exchanges of all accounts believe beside their fill rules."""

    volume_share: Decimal | None = None
    latency_seconds: float = 0.0


def _candles(seed: int, count: int) -> list[CandleSeries]:
    """Candles that open elsewhere than the one before closed; the pairs' time frames differ."""
    chance = np.random.default_rng(seed)
    series = []
    for symbol, time_frame, seconds in zip(_SYMBOLS, ("15m", "1h", "1h"), (900.0, 3600.0, 3600.0), strict=True):
        rows = count * int(3600 / seconds)
        close = np.round(100 + np.cumsum(chance.integers(-6, 7, rows)) % 40, 1)
        opened = np.concatenate([[100.0], close[:-1]]) + chance.integers(-2, 3, rows)
        high = np.maximum(opened, close) + chance.integers(0, 5, rows)
        low = np.minimum(opened, close) - chance.integers(0, 5, rows)
        series.append(
            series_from_arrays(
                seconds * np.arange(rows),
                opened,
                high,
                low,
                close,
                np.full(rows, 50.0),
                symbol=symbol,
                time_frame=time_frame,
            )
        )
    return series


class Habits:
    """One account's trader. What it asks for is drawn from a stream of its own."""

    def __init__(self, manager: ExchangeManager, seed: int, *, quiet: bool = False) -> None:
        self.manager = manager
        self.seen: list[Any] = []
        self._chance = random.Random(seed)
        self._quiet = quiet

    async def start(self) -> None:
        await get_chan("OHLCV", self.manager.id).new_consumer(self._see_candle)
        await get_chan("Trades", self.manager.id).new_consumer(self._see_trade)

    async def _see_candle(self, symbol: str, candle: list[float], **_: Any) -> None:
        if self._chance.random() < (0.02 if self._quiet else 0.3):
            await self._ask(symbol)
        if self._chance.random() < 0.05:
            await self.manager.trader.cancel_open_orders(symbol)

    async def _see_trade(self, **_: Any) -> None:
        self.seen.append((self.manager.clock.now(), self.manager.portfolio_value()))
        if self._chance.random() < 0.4:
            await self._ask(self._chance.choice(_SYMBOLS))

    async def _ask(self, symbol: str) -> None:
        price = self.manager.get_symbol_data(symbol).last_price
        if price is None:
            self.seen.append(f"{symbol} has no price yet")
            return
        share = Decimal(self._chance.randint(1, 20)) / 1000
        quantity = (self.manager.portfolio_value() * share / price).quantize(_STEP)
        try:
            await self._create(symbol, price, quantity)
        except OrderRefused as error:
            self.seen.append(str(error))

    async def _create(self, symbol: str, price: Decimal, quantity: Decimal) -> None:
        side, other = self._chance.sample([OrderSide.BUY, OrderSide.SELL], 2)
        kind = self._chance.choice(["market", "limit", "stop", "bracket", "bracket"])
        away = price * Decimal(self._chance.randint(-3, 3)) / 100
        if kind == "market":
            request = OrderRequest(symbol, side, OrderType.MARKET, quantity)
        elif kind == "limit":
            request = OrderRequest(symbol, side, OrderType.LIMIT, quantity, price + away)
        elif kind == "stop":
            sign = 1 if side is OrderSide.BUY else -1
            request = OrderRequest(symbol, side, OrderType.STOP_LOSS, quantity, stop_price=price + sign * abs(away))
        else:
            request = self._bracket(symbol, side, other, price, quantity)
        await self.manager.trader.create_order(request)

    def _bracket(
        self, symbol: str, side: OrderSide, other: OrderSide, price: Decimal, quantity: Decimal
    ) -> OrderRequest:
        sign = 1 if side is OrderSide.BUY else -1
        target, stop = (price * self._chance.randint(1, 4) / 100 for _ in range(2))
        group = {"group_id": f"group {len(self.seen)}", "group_kind": GroupKind.ONE_CANCELS_THE_OTHER}
        exits = (
            OrderRequest(symbol, other, OrderType.LIMIT, quantity, price + sign * target, **group),
            OrderRequest(symbol, other, OrderType.STOP_LOSS, quantity, stop_price=price - sign * stop, **group),
        )
        return OrderRequest(symbol, side, OrderType.MARKET, quantity, chained=exits)

    def result(self) -> dict[str, Any]:
        """All that came of it."""
        exchange = self.manager.exchange
        assert isinstance(exchange, SimulatedExchange)
        return {
            "seen": self.seen,
            "orders": [order.to_dict() for order in self.manager.orders_manager.all_orders()],
            "fills": [fill.to_dict() for fill in self.manager.trades_manager.fills],
            "totals": self.manager.portfolio.totals(),
            "ambiguous": exchange.ambiguous_candles,
            "gaps": exchange.gap_through_stops,
        }


async def _run(
    series: Sequence[CandleSeries], worlds: Sequence[tuple[FillRule, int]], models: Models, start_time: float | None
) -> list[dict[str, Any]]:
    """One replay with an account for each (fill rule, seed of its trader)."""
    clock = SimulatedClock(0.0 if start_time is None else start_time)
    exchanges = [_exchange(clock, rule, models) for rule, _ in worlds]
    primary = ExchangeManager(
        f"worlds-{next(_ids)}", exchanges[0], clock, _PAIRS, dispatcher=SynchronizedDispatcher(), is_backtesting=True
    )
    managers = [primary, *(ExchangeManager.beside(primary, f"worlds-{next(_ids)}", one) for one in exchanges[1:])]
    traders = [Habits(manager, seed, quiet=seed % 2 == 1) for manager, (_, seed) in zip(managers, worlds, strict=True)]
    for manager in managers:
        await manager.initialize()
    for trader in traders:
        await trader.start()
    await Replay({primary: series}, start_time).run()
    results = [trader.result() for trader in traders]
    for manager in reversed(managers):
        await manager.stop()
    return results


def _exchange(clock: SimulatedClock, rule: FillRule, models: Models) -> SimulatedExchange:
    markets = {symbol: Market.default(symbol) for symbol in _SYMBOLS}
    return SimulatedExchange(
        "binance", clock, markets, _FUNDS, _FEES, rule,
        volume_share=models.volume_share, latency_seconds=models.latency_seconds,
    )  # fmt: skip


def _check(seed: int, count: int) -> int:
    """Run a few accounts together, and each alone; returns how many fills there were."""
    chance = random.Random(seed)
    worlds = [(chance.choice(list(FillRule)), chance.randrange(100)) for _ in range(chance.randint(2, 4))]
    models = Models(chance.choice([None, None, Decimal("0.05")]), chance.choice([0.0, 0.0, 60.0, 2_000.0]))
    start = chance.choice([None, 36_000.0, 40_500.0])

    async def compare() -> int:
        series = _candles(seed, count)
        together = await _run(series, worlds, models, start)
        for world, result in zip(worlds, together, strict=True):
            (alone,) = await _run(series, [world], models, start)
            assert alone == result, (seed, world, models, start)
        return sum(len(result["fills"]) for result in together)

    return asyncio.run(compare())


@pytest.mark.parametrize("seed", range(12))
def test_each_account_is_as_if_it_were_alone(seed: int) -> None:
    assert _check(seed, 40) > 10


@pytest.mark.long
def test_each_account_is_as_if_it_were_alone_at_length() -> None:
    assert sum(_check(seed, 80) for seed in range(1_000, 1_300)) > 10_000
