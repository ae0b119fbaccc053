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
    """``who`` is at least ``ratio`` times as fast as ``than``."""

    who: str
    than: str
    ratio: float


class Rate(NamedTuple):
    """``who`` does at least so many operations a second."""

    who: str
    per_second: float


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


def print_blocks(times: Times, ours: str, goals: dict[str, list[Goal | Rate]]) -> None:
    """A ratio above 1 means that ours is that many times as fast."""
    for name, by_who in times.items():
        print(f"\n{name:<50}{'ns each':>14}{'a second':>12}{'ours is':>10}")
        for who, seconds in by_who.items():
            print(f"  {who:<48}{seconds * 1e9:>14,.0f}{short(1 / seconds):>12}{seconds / by_who[ours]:>9,.2f}x")
        for goal in goals.get(name, []):
            print(f"  {verdict(goal, by_who)}")


def short(rate: float) -> str:
    """Like 12.3M."""
    for unit, size in (("M", 1e6), ("K", 1e3)):
        if rate >= size:
            return f"{rate / size:,.1f}{unit}"
    return f"{rate:,.1f}"


def verdict(goal: Goal | Rate, by_who: dict[str, float]) -> str:
    """Whether a goal is reached in this run."""
    if isinstance(goal, Rate):
        wanted, limit = f"{short(goal.per_second)}/s", 1 / goal.per_second
    else:
        wanted = f"{goal.ratio:g} x {goal.than}"
        than = next((seconds for who, seconds in by_who.items() if who.startswith(goal.than)), None)
        if than is None:
            return f"goal of {goal.who}: {wanted} (not in this run)"
        limit = than / goal.ratio
    return f"goal of {goal.who}: {wanted}: {'reached' if by_who[goal.who] <= limit else 'NOT reached'}"
