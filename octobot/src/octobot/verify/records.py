# SPDX-License-Identifier: Apache-2.0
"""What came of one run, as plain values that another process can compare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from octobot.report.jsonable import to_jsonable

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """Whose notes, and about what; ``kind`` is an evaluator type."""

    evaluator: str
    kind: str
    cryptocurrency: str | None
    symbol: str | None
    time_frame: str | None


class Note(msgspec.Struct, frozen=True, array_like=True):
    """One note.

    ``place`` counts the notes of a run. ``time`` is the replay's, ``eval_time`` what the note says. ``at_close``: it is
    the first one of the time at which a candle of its time frame closed.
    """

    place: int
    time: float
    eval_time: float | None
    value: Any
    description: Any
    metadata: Any
    at_close: bool


class Deal(msgspec.Struct, frozen=True, array_like=True):
    """An order or a fill: what was known of it at ``time``, and at ``end_time`` where it has ended."""

    symbol: str
    time: float
    begun: dict[str, Any]
    end_time: float | None = None
    ended: dict[str, Any] | None = None


class Trespass(msgspec.Struct, frozen=True, array_like=True):
    """Somebody read what it must not, or what cannot be varied; ``count`` times at this line."""

    tentacle: str | None
    file: str | None
    line: int | None
    message: str
    time: float


class RunRecord(msgspec.Struct):
    """Everything that one run has noted and ordered.

    ``crossings`` are errors of the guard, ``outside`` what was read from elsewhere, one for each line of code.
    """

    notes: list[tuple[Cell, list[Note]]]
    orders: list[Deal]
    fills: list[Deal]
    mode: str
    crossings: list[Trespass]
    outside: list[Trespass]


def plain(value: Any) -> Any:
    """A value of a note as what can be compared between processes; NaN stays NaN."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (np.generic, np.ndarray)):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=repr)
    return value if isinstance(value, str) else _ADDRESS.sub("", str(to_jsonable(value)))
