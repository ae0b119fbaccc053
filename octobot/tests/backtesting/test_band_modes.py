# SPDX-License-Identifier: Apache-2.0
"""Trading modes of a band with random habits, live settings, own subscriptions and faults: each as if it were alone."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest

from async_channel import ChannelInstances
from octobot.backtesting import BacktestRequest, BacktestResult
from octobot.backtesting.plan import make_plan
from octobot.backtesting.run import run_plan
from octobot.report import compute_summary, format_summary
from octobot_commons.errors import DataError
from octobot_trading.enums import EvaluatorStates, FillRule, OrderSide, OrderType
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges import exchanges
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.history import CandleSeries
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

_COUNT = 200
_ORDERS = [tuple(FillRule), (FillRule.OPTIMISTIC, FillRule.PESSIMISTIC, FillRule.NEUTRAL)]


class WildProducer(AbstractTradingModeProducer):
    """Asks for something at every third note or so."""

    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        if self.exchange_manager.random.random() < 0.3:
            await self.submit_trading_evaluation(cryptocurrency, symbol, time_frame, Decimal(0), EvaluatorStates.LONG)


class WildConsumer(AbstractTradingModeConsumer):
    """Brackets of random width, sized by what the account is worth, and at times by what the mode has heard."""

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        manager, settings = self.exchange_manager, self.trading_mode.trading_config
        settings["asked"] = settings.get("asked", 0) + 1
        price = manager.get_symbol_data(symbol).last_price
        assert price is not None
        share = Decimal(manager.random.randint(1, 5) + (settings["asked"] + settings["heard"]) % 3) / 100
        quantity = (manager.portfolio_value() * share / price).quantize(Decimal("0.0001"))
        widths = [manager.random.randint(1, 9) for _ in range(2)]
        target, stop = ((price * width / 1000).quantize(Decimal("0.01")) for width in widths)
        group = f"{symbol} {settings['asked']}"
        buy, sell = OrderSide.BUY, OrderSide.SELL
        exits = (
            OrderRequest(symbol, sell, OrderType.LIMIT, quantity, price + target, group_id=group),
            OrderRequest(symbol, sell, OrderType.STOP_LOSS, quantity, stop_price=price - stop, group_id=group),
        )
        request = OrderRequest(symbol, buy, OrderType.MARKET, quantity, chained=exits)
        return [await manager.trader.create_order(request)]


class WildMode(AbstractTradingMode):
    """Listens by its exchange's id, and keeps counts in its settings."""

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        return [WildProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        return [WildConsumer]

    @property
    def fill_rule(self) -> FillRule:
        exchange = self.exchange_manager.exchange
        assert isinstance(exchange, SimulatedExchange)
        return exchange.fill_rule

    async def initialize(self) -> None:
        await super().initialize()
        self.trading_config["heard"] = 0
        for channel in ("OHLCV", "Kline", "Orders"):
            await get_chan(channel, self.exchange_manager.id).new_consumer(self._hear)

    async def _hear(self, **_: Any) -> None:
        self.trading_config["heard"] += 1


class FaultyConsumer(WildConsumer):
    """Raises at times, in the neutral account only."""

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        orders = await super().create_new_orders(symbol, final_note, state, **kwargs)
        mode = self.trading_mode
        assert isinstance(mode, WildMode)
        if mode.fill_rule is FillRule.NEUTRAL and mode.trading_config["asked"] % 10 == 0:
            raise RuntimeError("the neutral one has had enough")
        return orders


class FaultyMode(WildMode):
    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        return [FaultyConsumer]


class DrawingProducer(WildProducer):
    """Draws from everybody's stream."""

    async def set_final_eval(self, *args: Any, **kwargs: Any) -> None:
        random.random()
        await super().set_final_eval(*args, **kwargs)


class DrawingMode(WildMode):
    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        return [DrawingProducer]


class StillbornMode(WildMode):
    """Cannot start in the last account of a band, nor stop in the second."""

    stopped: ClassVar[list[FillRule]] = []

    async def initialize(self) -> None:
        await super().initialize()
        if self.fill_rule is FillRule.OPTIMISTIC:
            raise DataError("this mode cannot start")

    async def stop(self) -> None:
        await super().stop()
        self.stopped.append(self.fill_rule)
        if self.fill_rule is FillRule.NEUTRAL:
            raise RuntimeError("this mode cannot stop")


Run = Callable[..., BacktestResult]


@pytest.fixture
def run(hourly: CandleSeries, write_csv: Callable[[CandleSeries, str], Path]) -> Run:
    """Run a mode on two pairs that have little in common."""
    first, second = (hourly.slice(*(float(hourly.open_times[row]) for row in (at, at + _COUNT))) for at in (0, 30_000))
    files = (
        write_csv(first, "BTC_USDT-1h.csv"),
        write_csv(replace(second, open_times=first.open_times), "ETH_USDT-1h.csv"),
    )

    def run(mode: type[AbstractTradingMode], rules: tuple[FillRule, ...], seed: int = 3) -> BacktestResult:
        plan = make_plan(BacktestRequest("daily_trading", files, seed=seed, all_notes=True, fill_rules=rules))
        return asyncio.run(run_plan(replace(plan, tentacles=replace(plan.tentacles, trading_mode=mode))))

    return run


def _parts(result: BacktestResult) -> tuple[Any, ...]:
    return result.orders, [fill.to_dict() for fill in result.fills], result.final_portfolio


def _check_each_alone(run: Run, mode: type[AbstractTradingMode], *orders: tuple[FillRule, ...]) -> BacktestResult:
    """Run the rules in each of these orders, and each alone; returns the first result."""
    alone = {rule: run(mode, (rule,)) for rule in orders[0]}
    results = [run(mode, rules) for rules in orders]
    for together in results:
        for world in together.worlds:
            assert alone[world.fill_rule].worlds == [world]
            assert _parts(alone[world.fill_rule]) == _parts(together.of_world(world))
            assert alone[world.fill_rule].notes == together.notes
    return results[0]


def test_wild_modes_are_as_if_they_were_alone(run: Run) -> None:
    together = _check_each_alone(run, WildMode, *_ORDERS)
    assert not together.shares_random
    assert all(len(world.fills) > 60 for world in together.worlds)
    assert {fill.symbol for fill in together.fills} == {"BTC/USDT", "ETH/USDT"}
    fills = [[fill.to_dict() for fill in world.fills] for world in together.worlds]
    assert all(one != other for one, other in itertools.pairwise(fills))
    other_seed = run(WildMode, (FillRule.PESSIMISTIC,), 4)
    assert _parts(other_seed) != _parts(together)


def test_a_fault_in_one_account_is_told_and_no_other_accounts(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    _check_each_alone(run, FaultyMode, (FillRule.NEUTRAL, FillRule.OPTIMISTIC))
    told = [record for record in caplog.records if record.exc_info and "has had enough" in str(record.exc_info[1])]
    assert len(told) > 2
    assert len(told) % 2 == 0, "in the band as often as alone"


def test_drawing_from_everybodys_stream_is_told(run: Run) -> None:
    result = run(DrawingMode, tuple(FillRule))
    summary = compute_summary(result)
    assert summary.band is not None
    assert summary.band.shares_random
    assert "exchange_manager.random" in " ".join(format_summary(summary, result).split())
    assert not run(DrawingMode, (FillRule.NEUTRAL,)).shares_random


def test_what_cannot_start_or_stop_leaves_nothing_behind(run: Run) -> None:
    StillbornMode.stopped.clear()
    before = {name: dict(channels) for name, channels in ChannelInstances.instance().channels.items() if channels}
    with pytest.raises(RuntimeError, match="this mode cannot stop") as raised:
        run(StillbornMode, tuple(FillRule))
    cause = raised.value.__context__
    assert isinstance(cause, DataError)
    assert StillbornMode.stopped == [FillRule.NEUTRAL, FillRule.PESSIMISTIC]
    assert not exchanges._managers
    after = {name: dict(channels) for name, channels in ChannelInstances.instance().channels.items() if channels}
    assert after == before
