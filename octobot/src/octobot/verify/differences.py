# SPDX-License-Identifier: Apache-2.0
"""Where two runs differ first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from octobot.verify.records import Cell, Deal, Note, RunRecord
from octobot_evaluators.enums import EvaluatorMatrixTypes

STRATEGIES = EvaluatorMatrixTypes.STRATEGIES.value
TRADING_MODE = "TRADING_MODE"
_DATED = ("time", "eval_time")
_SAID = ("value", "description", "metadata")


class Difference(msgspec.Struct, frozen=True):
    """The first one of a cell, or of the orders of a trading mode."""

    cell: Cell
    time: float
    what: str
    expected: Any
    found: Any


def differences(
    whole: RunRecord,
    other: RunRecord,
    until: float = math.inf,
    tolerance: float = 0.0,
    counts: Callable[[Cell, Note], bool] = lambda _, __: True,
) -> list[Difference]:
    """Of each cell, and of orders and fills, the first difference up to a time, in order of time.

    ``tolerance`` is how far apart numbers may be that are taken as equal; ``counts`` tells which notes are compared.
    """
    mine, others = dict(whole.notes), dict(other.notes)
    found: list[Difference] = []
    for cell in sorted({*mine, *others}, key=repr):
        one, two = (
            [note for note in notes.get(cell, ()) if note.time <= until and counts(cell, note)]
            for notes in (mine, others)
        )
        found += _first(_of_notes(cell, one, two, tolerance))
    mode = Cell(whole.mode, TRADING_MODE, None, None, None)
    found += _first(_of_deals(mode, "order", whole.orders, other.orders, until))
    found += _first(_of_deals(mode, "fill", whole.fills, other.fills, until))
    return sorted(found, key=lambda one: one.time)


def same(one: Any, two: Any, tolerance: float = 0.0) -> bool:
    """Whether two plain values are equal, numbers within ``tolerance``; NaN equals NaN."""
    if isinstance(one, float) or isinstance(two, float):
        return _is_number(one) and _is_number(two) and _same_number(one, two, tolerance)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(same(*pair, tolerance) for pair in zip(one, two, strict=True))
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key], tolerance) for key in one)
    return type(one) is type(two) and bool(one == two)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same_number(one: float, two: float, tolerance: float) -> bool:
    return one == two or abs(one - two) <= tolerance or (one != one and two != two)


def _first(found: Iterator[Difference]) -> list[Difference]:
    first = next(found, None)
    return [] if first is None else [first]


def _of_notes(cell: Cell, one: Sequence[Note], two: Sequence[Note], tolerance: float) -> Iterator[Difference]:
    for mine, others in zip(one, two, strict=False):
        for names, allowed in ((_DATED, 0.0), (_SAID, tolerance)):
            for name in names:
                expected, found = getattr(mine, name), getattr(others, name)
                if not same(expected, found, allowed):
                    yield Difference(cell, min(mine.time, others.time), name, expected, found)
    both = min(len(one), len(two))
    for note in one[both:]:
        yield Difference(cell, note.time, "missing", note.value, None)
    for note in two[both:]:
        yield Difference(cell, note.time, "additional", None, note.value)


def _of_deals(mode: Cell, what: str, one: Sequence[Deal], two: Sequence[Deal], until: float) -> Iterator[Difference]:
    mine, others = ([deal for deal in deals if deal.time <= until] for deals in (one, two))
    for first, second in zip_longest(mine, others):
        expected, found = _known(first, until), _known(second, until)
        if expected != found:
            yield Difference(mode, (first or second).time, what, expected, found)


def _known(deal: Deal | None, until: float) -> dict[str, Any] | None:
    if deal is None:
        return None
    has_ended = deal.end_time is not None and deal.end_time <= until
    return {"time": deal.time, **deal.begun, **((deal.ended or {}) if has_ended else {})}
