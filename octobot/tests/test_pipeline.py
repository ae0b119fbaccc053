# SPDX-License-Identifier: Apache-2.0
"""The pipeline connects the stages, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from async_channel import ChannelInstances
from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot.backtesting.plan import make_plan
from octobot.backtesting.run import run_plan
from octobot.cli.backtest import json_result
from octobot.report import compute_summary, format_summary
from octobot_commons.errors import UserInputError
from octobot_evaluators.errors import UnknownMatrixError
from octobot_evaluators.matrix import get_matrix
from octobot_tentacles.evaluators.ta.rsi_momentum import RSIMomentumEvaluator
from octobot_trading.enums import EvaluatorStates
from octobot_trading.exchanges import exchanges
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer
from octobot_trading.personal_data.orders.order import Order

_SPAN = {"start_time": 1609459200.0, "end_time": 1612137600.0}


async def test_orders_carry_what_caused_them() -> None:
    result = await run_backtest(BacktestRequest("daily_trading", **_SPAN))
    assert result.orders
    for order in result.orders:
        assert order["tag"] == "DailyTradingMode"
        assert order["cause"]["trading_mode"] == "DailyTradingMode"
        assert -1 <= float(order["cause"]["final_note"]) <= 1


async def test_a_finished_run_leaves_no_task_no_channel_no_matrix() -> None:
    before = {name: dict(channels) for name, channels in ChannelInstances.instance().channels.items()}
    tasks = asyncio.all_tasks()
    plan = make_plan(BacktestRequest("daily_trading", **_SPAN))
    await run_plan(plan)
    assert asyncio.all_tasks() == tasks
    after = {name: dict(channels) for name, channels in ChannelInstances.instance().channels.items()}
    assert {name: channels for name, channels in after.items() if channels} == {
        name: channels for name, channels in before.items() if channels
    }
    with pytest.raises(UnknownMatrixError):
        get_matrix("matrix-binance-backtest-1")
    assert not exchanges._managers


async def test_a_failed_run_leaves_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan(BacktestRequest("daily_trading", **_SPAN))

    def stop(count: int) -> None:
        raise RuntimeError("stopped by the test")

    with pytest.raises(RuntimeError, match="stopped by the test"):
        await run_plan(plan, stop)
    assert not exchanges._managers


async def test_runs_do_not_know_of_each_other() -> None:
    requests = [BacktestRequest("daily_trading", **_SPAN) for _ in range(2)]
    alone = await run_backtest(requests[0])
    together = await asyncio.gather(*(run_backtest(request) for request in requests))
    for result in together:
        assert result.orders == alone.orders
        assert result.final_portfolio == alone.final_portfolio


async def test_a_run_is_freed_when_it_is_over() -> None:
    plan = make_plan(BacktestRequest("daily_trading", **_SPAN))
    kinds = (plan.tentacles.trading_mode, *plan.tentacles.evaluators, *plan.tentacles.strategies)
    await run_plan(plan)
    del plan
    gc.collect()
    assert [type(one).__name__ for one in gc.get_objects() if isinstance(one, kinds)] == []


def test_a_start_after_the_end_is_refused() -> None:
    with pytest.raises(UserInputError, match="the start is not before the end"):
        BacktestRequest("daily_trading", start_time=2.0, end_time=1.0)


class MoodyEvaluator(RSIMomentumEvaluator):
    """Raises at every fifth candle of an hour, whatever the settings of the class it derives from."""

    ALLOW_SUPER_CLASS_CONFIG = True
    calls = 0

    async def ohlcv_callback(self, *args: Any) -> None:
        if args[4] == "1h":
            type(self).calls += 1
            if self.calls % 5 == 0:
                raise ZeroDivisionError("a bad mood")
        await super().ohlcv_callback(*args)


async def test_evaluations_that_fail_are_counted_and_shown_and_leave_no_note() -> None:
    plan = make_plan(BacktestRequest("daily_trading", **_SPAN, all_notes=True))
    MoodyEvaluator.calls = 0
    trend = [one for one in plan.tentacles.evaluators if one is not RSIMomentumEvaluator]
    result = await run_plan(replace(plan, tentacles=replace(plan.tentacles, evaluators=(MoodyEvaluator, *trend))))
    failed = MoodyEvaluator.calls // 5
    assert result.failures == {"MoodyEvaluator": failed}
    assert failed > 100
    by_frame = Counter(note["time_frame"] for note in result.notes["all"] if note["evaluator"] == "MoodyEvaluator")
    # The first call is for the last candle before the start: its note is there, and nobody is told.
    assert by_frame["1h"] == MoodyEvaluator.calls - failed - 1
    shown = format_summary(compute_summary(result), result)
    assert f"MoodyEvaluator failed {failed} times and did nothing then" in shown
    assert json_result(result, compute_summary(result))["failures"] == {"MoodyEvaluator": failed}
    # A strategy is not called for a cycle in which one of its evaluators has left no note.
    own = [note for note in result.notes["all"] if note["evaluator"] == "MoodyEvaluator"]
    noted = {note["time"] for note in own if note["time_frame"] == "1h"}
    honest = await run_backtest(BacktestRequest("daily_trading", **_SPAN, all_notes=True))
    assert _strategy_times(result) == [time for time in _strategy_times(honest) if time in noted]


def _strategy_times(result: BacktestResult) -> list[float]:
    return [note["time"] for note in result.notes["all"] if note["type"] == "STRATEGIES"]


class MoodyProducer(AbstractTradingModeProducer):
    """Fails when a strategy has noted something, at each day, and in what it has ordered."""

    async def subscribe(self) -> None:
        await self.wakes.every(86_400.0, self._look)

    async def _look(self) -> None:
        raise ZeroDivisionError("a bad day")

    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        await self.submit_trading_evaluation(cryptocurrency, symbol, time_frame, Decimal(0), EvaluatorStates.NEUTRAL)
        raise ZeroDivisionError("a bad note")


class MoodyConsumer(AbstractTradingModeConsumer):
    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        raise ZeroDivisionError("a bad order")


class MoodyTradingMode(AbstractTradingMode):
    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        return [MoodyProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        return [MoodyConsumer]


async def test_what_a_trading_mode_fails_at_is_counted_and_shown() -> None:
    plan = make_plan(BacktestRequest("daily_trading", **_SPAN, all_notes=True))
    result = await run_plan(replace(plan, tentacles=replace(plan.tentacles, trading_mode=MoodyTradingMode)))
    days = int((_SPAN["end_time"] - _SPAN["start_time"]) / 86_400.0)
    failed = 2 * len(_strategy_times(result)) + days
    assert result.failures == {"MoodyTradingMode": failed}
    assert f"MoodyTradingMode failed {failed:,} times and did nothing then" in format_summary(
        compute_summary(result), result
    )
