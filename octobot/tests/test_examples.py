# SPDX-License-Identifier: Apache-2.0
"""The sample works, stays short and uses every package."""

from __future__ import annotations

import ast
import runpy
from decimal import Decimal
from pathlib import Path

import pytest

from octobot.report import compute_summary

_SAMPLE = Path(__file__).parents[1] / "examples" / "library_backtest.py"


async def test_the_sample_trades_a_year_and_prints_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    result = await runpy.run_path(str(_SAMPLE))["main"]()
    trades, _, summary = capsys.readouterr().out.partition("Backtest of BTC/USDT 4h\n")
    assert len(trades.splitlines()) == len(result.fills) > 50
    value = compute_summary(result).performance.end_value
    assert value > Decimal(100)
    assert f"End value       {value:,.2f} USDT" in summary


def test_the_sample_is_short_and_uses_every_package() -> None:
    text = _SAMPLE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    imported = {node.module.partition(".")[0] for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    packages = {
        "async_channel",
        "octobot",
        "octobot_commons",
        "octobot_evaluators",
        "octobot_tentacles",
        "octobot_trading",
    }
    assert packages <= imported
