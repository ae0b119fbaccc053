# SPDX-License-Identifier: Apache-2.0
"""How the process of a peer answers, and how an operation is timed. Standard library only."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

#: One measurement is about so long.
SECONDS = 0.01


def reply(told: str, rows: dict[str, Callable[[], Any]]) -> None:
    """Be a peer's process: say who answers, then measure the row that each line of stdin names; null for an unknown."""
    print(json.dumps([told, platform.python_version()]), flush=True)
    for line in sys.stdin:
        row = rows.get(line.strip())
        print(json.dumps(row and row()), flush=True)


def timed(prepare: Callable[[int], Callable[[], None]], most: int = 20_000) -> Callable[[], float]:
    """Measures seconds per operation; ``prepare(count)`` makes what is timed, which does ``count`` operations."""
    counts: list[int] = []

    def measure(count: int) -> float:
        run = prepare(count)
        started = perf_counter()
        run()
        return (perf_counter() - started) / count

    def row() -> float:
        if not counts:
            guess = max(measure(3), 1e-9)
            counts.append(max(3, min(most, int(SECONDS / guess))))
        return measure(counts[0])

    return row
