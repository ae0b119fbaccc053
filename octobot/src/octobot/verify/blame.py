# SPDX-License-Identifier: Apache-2.0
"""Whose fault it is that two runs differ."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from octobot.verify.differences import STRATEGIES, TRADING_MODE, Difference, differences
from octobot.verify.findings import Finding, FindingKind
from octobot.verify.records import Cell, Note, RunRecord, Trespass
from octobot_evaluators.enums import EvaluatorMatrixTypes

_TECHNICAL = EvaluatorMatrixTypes.TA.value
#: Each works on what those before it have noted; None is every kind of evaluator.
_STAGES = (None, STRATEGIES, TRADING_MODE)
#: What two runs of the same data that differ say nothing of any more.
_COMPARED = (FindingKind.FUTURE, FindingKind.EARLIER_RUN, FindingKind.IN_CONSTRUCTION)


class Blame:
    """Collects what runs say against each tentacle, compared with the run on the whole data.

    Attributes:
        affected: strategies and modes that differ only after what they are made of.
    """

    def __init__(self, whole: RunRecord, tolerance: float = 0.0) -> None:
        self._whole = whole
        self._tolerance = tolerance
        self._found: list[Finding] = []
        self.affected: set[str] = set()

    def add(self, findings: Iterable[Finding]) -> None:
        """What was found otherwise."""
        self._found += findings

    def add_trespasses(self, record: RunRecord) -> None:
        """What the guard refused and what cannot be varied."""
        self._found += [_trespass(FindingKind.READ_AHEAD, one) for one in record.crossings]
        self._found += [_trespass(FindingKind.OUTSIDE, one) for one in record.outside]

    def compare(self, kind: FindingKind, run: str, record: RunRecord, until: float = math.inf) -> None:
        """All that a run has noted up to a time must be as it was, of ``IN_CONSTRUCTION`` what was noted at closes."""
        counts = _is_of_a_close if kind is FindingKind.IN_CONSTRUCTION else _is_any
        found = differences(self._whole, record, until, self._tolerance, counts)
        if kind is FindingKind.IN_CONSTRUCTION:
            found = [one for one in found if one.cell.kind == _TECHNICAL]
        causes: list[float] = []
        for stage in _STAGES:
            own = [one for one in found if _stage(one.cell) == stage]
            for one in own:
                if any(time <= one.time for time in causes):
                    self.affected.add(one.cell.evaluator)
                else:
                    self._found.append(_finding(kind, run, one))
            causes += [one.time for one in own]

    def first_findings(self) -> list[Finding]:
        """Of each tentacle and kind the first, and each line of code; one that never repeats itself is only that."""
        never = {one.tentacle for one in self._found if one.kind is FindingKind.NOT_REPEATABLE}
        first: dict[tuple[Any, ...], Finding] = {}
        for one in sorted(self._found, key=lambda one: one.time):
            if one.kind not in _COMPARED or one.tentacle not in never:
                first.setdefault((one.tentacle, one.kind, one.file, one.line), one)
        return sorted(first.values(), key=_order)


def _order(finding: Finding) -> tuple[Any, ...]:
    place = finding.file or "", finding.line or 0
    return finding.tentacle or "", list(FindingKind).index(finding.kind), *place


def _is_of_a_close(cell: Cell, note: Note) -> bool:
    return cell.kind == _TECHNICAL and note.at_close


def _is_any(_: Cell, __: Note) -> bool:
    return True


def _stage(cell: Cell) -> str | None:
    return cell.kind if cell.kind in _STAGES else None


def _finding(kind: FindingKind, run: str, one: Difference) -> Finding:
    return Finding(
        kind=kind,
        tentacle=one.cell.evaluator,
        symbol=one.cell.symbol,
        time_frame=one.cell.time_frame,
        time=one.time,
        what=one.what,
        expected=one.expected,
        found=one.found,
        run=run,
    )


def _trespass(kind: FindingKind, one: Trespass) -> Finding:
    return Finding(kind=kind, tentacle=one.tentacle, time=one.time, file=one.file, line=one.line, message=one.message)
