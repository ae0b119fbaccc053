# SPDX-License-Identifier: Apache-2.0
"""The matrix beside its plain-Python twin and, with PEERS=all, OctoBot 2's: medians of interleaved repetitions."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent / "peers"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "reference"))
# The measuring, and the environments of peers, are shared by all benchmarks of the repository.
sys.path.append(str(Path(__file__).resolve().parents[2] / "octobot-trading" / "benchmarks"))

import cycle_reference
import matrix_reference
from matrix_rows import READ, SET, rows
from peer_runs import OCTOBOT_2, peer_rows
from peers.measured import timed
from side_by_side import Goal, measured, print_blocks

from octobot_commons.clock import SimulatedClock
from octobot_evaluators import matrix
from octobot_evaluators.matrix.matrix import DURATIONS

PEER = str(Path(__file__).resolve().parent / "peers" / "matrix_octobot_2.py")
OURS, TWIN = "OctoBot 3", "plain Python"
BY_NODE, NOTES, SNAPSHOT = "set a value by its node", "read the valid notes of ten strategies", "snapshot of 800 notes"
CYCLES = {"a note of a cycle of 3 cells": 3, "a note of a cycle of 40 cells": 40}
GOALS = {SET: [Goal(OURS, "OctoBot 2", 1.0)], READ: [Goal(OURS, "OctoBot 2", 10.0)]}


def filled(core: Any, symbols: int) -> Any:
    """Ten evaluators' notes on four time frames."""
    for evaluator, symbol in itertools.product(range(10), range(symbols)):
        for time_frame in ("1m", "5m", "15m", "1h"):
            core.write(["binance", "TA", f"Evaluator{evaluator}", "Coin", f"S{symbol}", time_frame], 0.5, 1.0, float)
    return core


def core_rows(make_core: Callable[[], Any], make_cycle: type) -> dict[str, Callable[[], float]]:
    """What engines do with a matrix."""
    core = filled(make_core(), 3)
    node = core.node(["binance", "TA", "Evaluator3", "Coin", "S1", "1h"])
    wide = filled(make_core(), 20)
    operations: dict[str, Callable[[int], Any]] = {
        BY_NODE: lambda number: node.write(0.25, number, float),
        NOTES: lambda _: core.valid_notes(2.0, 0.0, "binance", "TA", "Coin", "S0", "1h"),
        SNAPSHOT: lambda _: wide.snapshot(),
    }
    for name, cells in CYCLES.items():
        cycle = make_cycle()
        slots = itertools.cycle([cycle.add(3600.0) for _ in range(cells)])
        hours = (number // cells * 3600.0 for number in itertools.count())
        operations[name] = lambda _, cycle=cycle, slots=slots, hours=hours: cycle.evaluated(next(slots), next(hours))
    return {name: timed(lambda count, one=one: lambda: _repeat(one, count)) for name, one in operations.items()}


def _repeat(operation: Callable[[int], Any], count: int) -> None:
    for number in range(count):
        operation(number)


def twin_module() -> ModuleType:
    """The promised functions, on the twin."""
    core = matrix_reference.MatrixCore(DURATIONS)

    def set_value(_: str, path: list[str], value_type: Any, value: Any, time: float) -> None:
        core.write(path, value, time, value_type)

    def read(_: str, *place: str) -> dict[str, Any]:
        return core.evaluations(1.0, *place)

    return SimpleNamespace(
        set_tentacle_value=set_value,
        get_evaluations_by_evaluator=read,
        get_matrix_default_value_path=matrix.get_matrix_default_value_path,
    )  # type: ignore[return-value]


def main() -> None:
    clock = SimulatedClock(1.0)
    matrix.create_matrix("bench", clock)
    made = itertools.count()
    subjects = {
        OURS: {
            **rows(matrix, "bench"),
            **core_rows(lambda: matrix.Matrix(f"core {next(made)}", clock), matrix.Cycle),
        },
        TWIN: {
            **rows(twin_module(), "bench"),
            **core_rows(lambda: matrix_reference.MatrixCore(DURATIONS), cycle_reference.Cycle),
        },
    }
    peers, remarks = peer_rows({PEER: OCTOBOT_2}, (SET, READ))
    names = (SET, READ, BY_NODE, NOTES, SNAPSHOT, *CYCLES)
    print_blocks(measured({**subjects, **peers}, names), OURS, GOALS)
    print("\n".join(["", *remarks]))


if __name__ == "__main__":
    main()
