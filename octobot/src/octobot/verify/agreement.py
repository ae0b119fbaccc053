# SPDX-License-Identifier: Apache-2.0
"""From when on two runs that began differently note the same."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from octobot.verify.differences import same
from octobot.verify.records import Cell, Note, RunRecord


class Agreement(msgspec.Struct, frozen=True):
    """``last_difference`` is when notes differed last, minus infinity where they never did."""

    last_difference: float = -math.inf
    is_apart_at_the_end: bool = False

    @property
    def agrees(self) -> bool:
        """Whether all notes were the same."""
        return self.last_difference == -math.inf


def agreement(reference: RunRecord, other: RunRecord, start: float, tolerance: float) -> dict[Cell, Agreement]:
    """Of each cell of the reference how its values after ``start`` compare; what is not noted differs."""
    others = dict(other.notes)
    return {
        cell: _agreement(_values(notes, start), _values(others.get(cell, []), start), tolerance)
        for cell, notes in reference.notes
    }


def _values(notes: list[Note], start: float) -> dict[float, list[Any]]:
    values: dict[float, list[Any]] = {}
    for note in notes:
        if note.time > start:
            values.setdefault(note.time, []).append(note.value)
    return values


def _agreement(mine: dict[float, list[Any]], others: dict[float, list[Any]], tolerance: float) -> Agreement:
    times = sorted({*mine, *others})
    apart = [time for time in times if not same(mine.get(time), others.get(time), tolerance)]
    return Agreement(apart[-1], apart[-1] == times[-1]) if apart else Agreement()
