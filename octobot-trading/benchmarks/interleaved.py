# SPDX-License-Identifier: Apache-2.0
"""Measures a compiled engine beside plain Python: medians of interleaved repetitions, one table."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import NamedTuple

REPETITIONS = 9


class Case(NamedTuple):
    """One operation: ``calls`` of it in each run of ``compiled`` and of ``plain``."""

    name: str
    calls: int
    compiled: Callable[[], None]
    plain: Callable[[], None]


def print_table(title: str, cases: Iterable[Case], ours: str = "compiled") -> None:
    print(f"{title + ', ns per operation':<56}{ours:>10}{'plain':>12}{'ratio':>11}")
    for case in cases:
        times = [(_seconds(case.compiled), _seconds(case.plain)) for _ in range(REPETITIONS)]
        compiled, plain = (statistics.median(column) / case.calls * 1e9 for column in zip(*times, strict=True))
        print(f"{case.name:<56}{compiled:>10,.0f}{plain:>12,.0f}{plain / compiled:>10,.1f}x")


def _seconds(run: Callable[[], None]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started
