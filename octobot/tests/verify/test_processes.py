# SPDX-License-Identifier: Apache-2.0
"""What a process of a verification refuses is said plainly."""

from __future__ import annotations

import asyncio

import pytest

from octobot.backtesting import BacktestRequest
from octobot.backtesting.plan import make_plan
from octobot.verify.processes import run_tasks
from octobot.verify.tasks import task_of
from octobot.verify.warmup import WarmupOptions, _choose_starts
from octobot_commons.errors import UserInputError


def test_a_refusal_comes_through_as_what_it_is() -> None:
    task = task_of(BacktestRequest("daily_trading", start_time=2_000_000_000.0))
    with pytest.raises(UserInputError, match=r"does not run on none data: .*no candle of BTC/USDT"):
        asyncio.run(run_tasks([task, task]))


def test_starts_are_chosen_after_the_first_day_to_trade() -> None:
    first = 1_672_531_200.0
    plan = make_plan(BacktestRequest("daily_trading", start_time=first))
    starts = _choose_starts(plan, WarmupOptions(starts=50))
    assert len(starts) == 50
    assert min(starts) > first
