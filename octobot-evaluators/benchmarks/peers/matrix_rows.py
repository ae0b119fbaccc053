# SPDX-License-Identifier: Apache-2.0
"""What is measured of a matrix, through the functions that tentacles call; the same for ours and for OctoBot 2's."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

# The measuring is shared by all benchmarks of the repository.
sys.path.append(str(Path(__file__).resolve().parents[3] / "octobot-trading" / "benchmarks" / "peers"))

from measured import timed

SET, READ = "set a value", "read the evaluations of ten evaluators"
SYMBOLS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
TIME_FRAMES = ("1m", "5m", "15m", "1h")


def rows(api: ModuleType, matrix_id: str) -> dict[str, Callable[[], Any]]:
    """``api`` is the module of the promised functions, ``matrix_id`` an empty matrix."""
    set_value, read = api.set_tentacle_value, api.get_evaluations_by_evaluator
    path = api.get_matrix_default_value_path
    for number in range(10):
        for symbol in SYMBOLS:
            for time_frame in TIME_FRAMES:
                place = path(f"Evaluator{number}", "TA", "binance", "Bitcoin", symbol, time_frame)
                set_value(matrix_id, place, float, 0.5, 1.0)
    one = path("Evaluator3", "TA", "binance", "Bitcoin", "BTC/USDT", "1h")

    def setting(count: int) -> Callable[[], None]:
        def run() -> None:
            for number in range(count):
                set_value(matrix_id, one, float, 0.25, number + 1.0)

        return run

    def reading(count: int) -> Callable[[], None]:
        def run() -> None:
            for _ in range(count):
                found = read(matrix_id, "binance", "TA", "Bitcoin", "BTC/USDT", "1h")
            assert len(found) == 10

        return run

    return {SET: timed(setting), READ: timed(reading)}
