# SPDX-License-Identifier: Apache-2.0
"""The evaluator and the strategy that the README shows do what it says."""

from __future__ import annotations

import re
from pathlib import Path

from evaluator_world import MATRIX_ID

from octobot_evaluators.matrix import matrix_notes_reader

README = Path(__file__).parents[1] / "README.md"


async def test_the_samples_run(world):
    names: dict = {}
    for block in re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[:2]:
        exec(block, names)
    await world.start(names["GreenCandleEvaluator"], names["MeanStrategy"])
    await world.at(101).candle("1h")
    notes = matrix_notes_reader(MATRIX_ID).get_strategy_notes(MATRIX_ID, "binance", "Bitcoin", "BTC/USDT")
    assert notes == {"MeanStrategy": 1.0}, "open equals close: no green candle"
