# SPDX-License-Identifier: Apache-2.0
"""What a profile's protections do in a backtest."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot.cli.backtest import json_result
from octobot.report import compute_summary, format_summary
from octobot_commons.configuration import find_profile
from octobot_trading.enums import FillRule

START, END = 1672531200.0, 1688169600.0  # 2023-01-01 to 2023-07-01
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the daily trading profile over half a year with these protections."""

    async def run(protections: dict[str, Any], **options: Any) -> BacktestResult:
        folder = tmp_path / "protected"
        shutil.copytree(find_profile("daily_trading"), folder, dirs_exist_ok=True)
        content = json.loads((folder / "profile.json").read_text())
        content["config"]["trading"]["protections"] = protections
        (folder / "profile.json").write_text(json.dumps(content))
        return await run_backtest(BacktestRequest(str(folder), start_time=START, end_time=END, **options))

    return run


def _entries(result: BacktestResult) -> list[float]:
    return [order["creation_time"] for order in result.orders if order["side"] == "buy"]


async def test_protections_that_never_hold_change_nothing(run: Run) -> None:
    free = await run({})
    held = await run(
        {
            "max-drawdown": {"percent": 100},
            "daily-loss": {"percent": 100},
            "stop-loss-guard": {"stops": 1000, "window-hours": 1, "pause-hours": 1},
            "cooldown": {"minutes": 0.001},
            "order-rate": {"orders": 100_000, "seconds": 1},
        }
    )
    assert (held.orders, held.fills, held.refusals) == (free.orders, free.fills, {})
    assert "Refused" not in format_summary(compute_summary(free), free)


async def test_refusals_are_counted_explained_and_shown(run: Run) -> None:
    free = await run({})
    result = await run({"order-rate": {"orders": 1, "seconds": 86_400 * 30}}, explains=True)
    times = _entries(result)
    assert 0 < len(times) < len(_entries(free))
    assert all(later - earlier >= 86_400 * 30 for earlier, later in itertools.pairwise(times))
    refused = result.refusals["order-rate"]
    assert refused == sum("orders were handed in since" in one.text for one in result.explanations)
    assert f"Refused         {refused:,} by protections  ({refused:,} by order-rate)" in format_summary(
        compute_summary(result), result
    )
    assert json_result(result, compute_summary(result))["refusals"] == {"order-rate": refused}


async def test_entries_pause_after_an_exit_and_exits_do_not(run: Run) -> None:
    result = await run({"cooldown": {"minutes": 60 * 24 * 7}})
    assert result.refusals["cooldown"] > 0
    exits = [fill.time for fill in result.fills if fill.side == "sell"]
    assert exits
    for entry in _entries(result):
        assert not any(time <= entry < time + 86_400 * 7 for time in exits)


async def test_a_lasting_drawdown_ends_all_entries(run: Run) -> None:
    result = await run({"max-drawdown": {"percent": 1}})
    free = await run({})
    assert result.refusals["max-drawdown"] > 0
    assert len(_entries(result)) < len(_entries(free))


async def test_each_account_of_a_band_has_protections_of_its_own(run: Run) -> None:
    rules = (FillRule.PESSIMISTIC, FillRule.OPTIMISTIC)
    protections = {"cooldown": {"minutes": 600}, "daily-loss": {"percent": 1}}
    both = await run(protections, fill_rules=rules)
    for rule, world in zip(rules, both.worlds, strict=True):
        alone = await run(protections, fill_rules=(rule,))
        assert (world.orders, world.refusals) == (alone.orders, alone.refusals)
        assert both.of_world(world).refusals == world.refusals
