# SPDX-License-Identifier: Apache-2.0
"""A bot on recorded candles does what a backtest of them does, and what it is asked to."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot.backtesting import BacktestRequest, BacktestResult
from octobot.backtesting.plan import make_plan
from octobot.backtesting.run import run_plan
from octobot.bot.pacing import Pacing
from octobot.bot.replay_bot import ReplayBot
from octobot_commons.clock import SimulatedClock

_START, _END = 1_577_836_800.0, 1_585_699_200.0
_REQUEST = BacktestRequest("daily_trading", start_time=_START, end_time=_END)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path))


async def _run(
    at_step: Callable[[ReplayBot, int], Awaitable[None] | None] | None = None, **changes: Any
) -> tuple[BacktestResult, ReplayBot]:
    plan, clock = make_plan(replace(_REQUEST, **changes)), SimulatedClock(0.0)
    pacing = Pacing(clock, math.inf)
    bot, steps = ReplayBot(plan, clock, pacing), 0
    wait = bot.wait

    async def counted(time: float) -> None:
        nonlocal steps
        if at_step is not None:
            at_step(bot, steps)
        steps += 1
        await wait(time)

    bot.wait = counted  # type: ignore[method-assign]
    assert bot.status()["state"] == "starting"
    return await run_plan(plan, conductor=bot), bot


def _same(result: BacktestResult) -> tuple[Any, ...]:
    return result.orders, result.fills, result.final_portfolio, result.notes, result.candles.keys()


async def test_it_does_what_a_backtest_does() -> None:
    result, bot = await _run()
    assert _same(result) == _same(await run_plan(make_plan(_REQUEST)))
    assert len(result.fills) > 20
    status = bot.status()
    assert status["state"] == "running"
    assert status["candles"] == result.timings["candles"]
    assert status["accounts"][0]["fills"] == len(result.fills)


async def test_a_paused_bot_opens_nothing_and_goes_on_when_it_is_told_to() -> None:
    fills: dict[int, int] = {}

    def at_step(bot: ReplayBot, step: int) -> None:
        if step == 300:
            bot.pause()
            assert bot.status()["state"] == "paused"
        if step == 1500:
            bot.resume()
        if step in (300, 1500):
            fills[step] = len(bot._pipeline.exchange_manager.trades_manager.fills)  # type: ignore[union-attr]

    result, bot = await _run(at_step)
    account = bot.status()["accounts"][0]
    assert account["refused"]["bot"] > 3
    paused = [one for one in result.orders if _START + 301 * 3600 < one["creation_time"] < _START + 1499 * 3600]
    assert [one for one in paused if one["side"] == "buy"] == []
    assert fills[300] < len(result.fills)
    assert any(one["side"] == "buy" and one["creation_time"] > _START + 1500 * 3600 for one in result.orders)


async def test_stopping_leaves_orders_open_and_ends_at_once() -> None:
    def at_step(bot: ReplayBot, step: int) -> None:
        if step >= 700 and bot.status()["accounts"][0]["open_orders"]:
            stopped.append(step)
            assert json.loads(json.dumps(bot.status()))["accounts"][0]["open_orders"][0]["symbol"] == "BTC/USDT"
            bot.stop()

    stopped: list[int] = []
    result, bot = await _run(at_step)
    assert len(stopped) == 1, "it went on after it was stopped"
    assert bot.status()["state"] == "stopping"
    assert any(order["status"] == "open" for order in result.orders)
    assert abs(len(result.candles["BTC/USDT"]) - stopped[0]) <= 1


async def test_stopping_can_cancel_what_is_open() -> None:
    result, bot = await _run(lambda bot, step: bot.stop(cancel=True) if step == 700 else None)
    assert {order["status"] for order in result.orders} <= {"filled", "canceled"}
    assert result.final_portfolio.get("BTC", Decimal(0)) > 0
    assert bot.obstacles == []


async def test_stopping_can_sell_everything() -> None:
    result, bot = await _run(lambda bot, step: bot.stop(flatten=True) if step == 700 else None)
    assert {order["status"] for order in result.orders} <= {"filled", "canceled"}
    assert result.final_portfolio.get("BTC", Decimal(0)) < Decimal("0.00001")
    assert result.final_portfolio["USDT"] > 100
    assert bot.obstacles == []


async def test_a_bot_that_is_stopped_before_it_has_started_does_nothing() -> None:
    plan, clock = make_plan(_REQUEST), SimulatedClock(0.0)
    bot = ReplayBot(plan, clock, Pacing(clock))
    bot.stop()
    result = await run_plan(plan, conductor=bot)
    assert result.fills == []
