# SPDX-License-Identifier: Apache-2.0
"""Measures several things in turn and prints for each operation a block: time, ratio to ours, and the goal."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from typing import NamedTuple

REPETITIONS = 9
#: {operation: {who: seconds an operation}}
Times = dict[str, dict[str, float]]


class Goal(NamedTuple):
    """At least ``ratio`` times as fast as ``than``."""

    than: str
    ratio: float


def measured(
    subjects: dict[str, dict[str, Callable[[], float | None]]], names: Iterable[str], repetitions: int = REPETITIONS
) -> Times:
    """Medians; the first repetition warms up. An operation that a subject lacks is left out."""
    found: Times = {}
    for name in names:
        times: dict[str, list[float]] = {}
        for repetition in range(repetitions + 1):
            for who, rows in subjects.items():
                seconds = rows[name]() if name in rows else None
                if repetition and seconds is not None:
                    times.setdefault(who, []).append(seconds)
        found[name] = {who: statistics.median(seconds) for who, seconds in times.items()}
    return found


def print_blocks(unit: str, scale: float, times: Times, ours: str, goals: dict[str, Goal]) -> None:
    """Seconds times ``scale``; a ratio above 1 means that ours is that many times as fast."""
    for name, by_who in times.items():
        print(f"\n{name + ', ' + unit:<56}{'':>12}{'ours is':>10}")
        for who, seconds in by_who.items():
            print(f"  {who:<54}{seconds * scale:>12,.0f}{seconds / by_who[ours]:>9,.1f}x")
        if name in goals:
            print(f"  {verdict(goals[name], by_who, ours)}")


def verdict(goal: Goal, by_who: dict[str, float], ours: str) -> str:
    """Whether a goal is reached in this run."""
    seconds = next((seconds for who, seconds in by_who.items() if who.startswith(goal.than)), None)
    wanted = f"goal: {goal.ratio:g} x {goal.than}"
    if seconds is None:
        return f"{wanted} (not in this run)"
    return f"{wanted}: {'reached' if seconds >= goal.ratio * by_who[ours] else 'NOT reached'}"
