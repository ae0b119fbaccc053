# SPDX-License-Identifier: Apache-2.0
"""Every profile that is shipped: it is valid, trades what it says on the shipped candles, and says what was made up."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot.report import compute_summary, format_summary
from octobot_commons.configuration import installed_profiles, load_profile
from octobot_commons.configuration.validation import validate_profile
from octobot_commons.tentacles_management import TentacleRegistry

PROFILES = (
    "arbitrage_trading", "daily_trading", "dip_analyser", "grid_trading", "index_trading", "market_making",
    "non-trading", "signal_trading", "simple_dca", "smart_dca", "staggered_orders_trading", "tradingview_trading",
)  # fmt: skip
#: Those that need what was not recorded.
SYNTHETIC = {"arbitrage_trading": "on kraken", "index_trading": "ETH/USDT", "tradingview_trading": "synthetic_alerts"}
PAGE = Path(__file__).parents[2] / "docs/profiles.md"


def run(name: str, start: str, end: str) -> BacktestResult:
    times = [datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() for day in (start, end)]
    return asyncio.run(run_backtest(BacktestRequest(name, start_time=times[0], end_time=times[1])))


def test_these_are_all() -> None:
    assert tuple(installed_profiles()) == PROFILES


@pytest.mark.parametrize("name", PROFILES)
def test_nothing_is_wrong_with_its_files(name: str) -> None:
    problems = validate_profile(installed_profiles()[name], TentacleRegistry.discover())
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("name", PROFILES)
def test_it_runs_on_what_is_shipped(name: str) -> None:
    result = run(name, "2023-01-01", "2023-06-01")
    assert result.failures == {}
    if name == "non-trading":
        assert (result.orders, result.fills) == ([], [])
        assert result.notes
    else:
        assert result.fills
    summary = compute_summary(result)
    assert summary.portfolio_differences == {}
    assert summary.unvalued_assets == ()
    told = " ".join(result.remarks)
    assert SYNTHETIC.get(name, "") in told
    assert ("synthetic" in told) == (name in SYNTHETIC)
    # Lines of a terminal are broken anywhere.
    shown = re.sub(r"\s+", " ", format_summary(summary, result))
    assert all(remark in shown for remark in result.remarks)


@pytest.mark.parametrize("name", PROFILES)
def test_two_runs_are_one(name: str) -> None:
    first, second = (run(name, "2023-03-01", "2023-03-15") for _ in range(2))
    assert (first.orders, first.fills) == (second.orders, second.fills)


def test_the_page_has_every_profile() -> None:
    page = PAGE.read_text()
    for name in PROFILES:
        assert f"| [{name}](#{name}) |" in page
        assert f"\n## {name}\n\n{load_profile(installed_profiles()[name]).description}\n" in page


@pytest.mark.long
def test_the_page_says_what_they_make_now() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, root / ".ci/profiles_page.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
