# SPDX-License-Identifier: Apache-2.0
"""The sample works, stays short and uses every package."""

from __future__ import annotations

import ast
import runpy
from decimal import Decimal
from pathlib import Path

import pytest

_SAMPLE = Path(__file__).parents[1] / "examples" / "library_backtest.py"


async def test_the_sample_trades_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    value = await runpy.run_path(str(_SAMPLE))["main"]()
    assert value > Decimal(100)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 50
    assert lines[-1] == f"1,000 USDT became {value:,.2f} USDT in {len(lines) - 1} fills"


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
