# SPDX-License-Identifier: Apache-2.0
"""The compiled matrix and cycle against their plain-Python twins: medians of interleaved repetitions."""

from __future__ import annotations

import itertools
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reference"))

import cycle_reference
import matrix_reference

from octobot_evaluators.matrix import Cycle
from octobot_evaluators.matrix._matrix import MatrixCore
from octobot_evaluators.matrix.matrix import DURATIONS

REPETITIONS = 7
LOOPS = 20_000
TIME_FRAMES = ["1m", "5m", "15m", "1h"]
NAMES = [f"Evaluator{i}" for i in range(10)]


def filled(core_class):
    core = core_class(DURATIONS)
    for name in NAMES:
        for symbol in ("BTC/USDT", "ETH/USDT", "SOL/USDT"):
            for time_frame in TIME_FRAMES:
                core.write(["binance", "TA", name, "Bitcoin", symbol, time_frame], 0.5, 1.0, float)
    return core


def write_by_path(core_class) -> Callable[[], None]:
    core, path = filled(core_class), ["binance", "TA", "Evaluator3", "Bitcoin", "BTC/USDT", "1h"]

    def run() -> None:
        for i in range(LOOPS):
            core.write(path, 0.25, i, float)

    return run


def write_by_handle(core_class) -> Callable[[], None]:
    node = filled(core_class).node(["binance", "TA", "Evaluator3", "Bitcoin", "BTC/USDT", "1h"])

    def run() -> None:
        for i in range(LOOPS):
            node.write(0.25, i, float)

    return run


def read_evaluations(core_class) -> Callable[[], None]:
    core = filled(core_class)

    def run() -> None:
        for i in range(LOOPS):
            core.evaluations(i, "binance", "TA", "Bitcoin", "BTC/USDT", "1h")

    return run


def read_strategy_notes(core_class) -> Callable[[], None]:
    core = filled(core_class)

    def run() -> None:
        for _ in range(LOOPS):
            core.valid_notes(2.0, 0.0, "binance", "TA", "Bitcoin", "BTC/USDT", "1h")

    return run


def cycle_of(cells: int) -> Callable[[type], Callable[[], None]]:
    def bench(cycle_class) -> Callable[[], None]:
        cycle = cycle_class()
        slots = [cycle.add(3600.0) for _ in range(cells)]
        hours = itertools.count()

        def run() -> None:
            for _ in range(LOOPS // cells):
                time = next(hours) * 3600.0
                for slot in slots:
                    cycle.evaluated(slot, time)

        return run

    return bench


def median_ns(ours: Callable[[], None], twin: Callable[[], None]) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(REPETITIONS):
        for run, measured in zip((ours, twin), times, strict=True):
            start = perf_counter()
            run()
            measured.append((perf_counter() - start) / LOOPS * 1e9)
    return statistics.median(times[0]), statistics.median(times[1])


def main() -> None:
    print(f"{'nanoseconds':<42}{'compiled':>10}{'Python':>10}{'ratio':>8}")
    rows = [
        ("matrix: write a value by path", write_by_path, MatrixCore, matrix_reference.MatrixCore),
        ("matrix: write a value by node", write_by_handle, MatrixCore, matrix_reference.MatrixCore),
        ("matrix: evaluations of 10 evaluators", read_evaluations, MatrixCore, matrix_reference.MatrixCore),
        ("matrix: valid notes of 10 strategies", read_strategy_notes, MatrixCore, matrix_reference.MatrixCore),
        ("cycle: one note, 3 cells", cycle_of(3), Cycle, cycle_reference.Cycle),
        ("cycle: one note, 40 cells", cycle_of(40), Cycle, cycle_reference.Cycle),
    ]
    for title, bench, compiled, twin in rows:
        ours, theirs = median_ns(bench(compiled), bench(twin))
        print(f"{title:<42}{ours:>10.0f}{theirs:>10.0f}{theirs / ours:>7.1f}x")


if __name__ == "__main__":
    main()
