# SPDX-License-Identifier: Apache-2.0
"""Notes that say another time than that of which they can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from octobot.verify.findings import Finding, FindingKind
from octobot.verify.records import Cell, Note, RunRecord
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_trading.history import CandleSeries
from octobot_trading.util import FloatArray

_TECHNICAL = EvaluatorMatrixTypes.TA.value


def wrong_dates(record: RunRecord, series: Sequence[CandleSeries]) -> Iterator[Finding]:
    """The first note of each cell that is dated later than it was written, and of each technical one the first that is
    dated before the newest closed candle of its time frame: it changes what was noted of older candles.
    """
    closes = {(one.symbol, one.time_frame.value): one.close_times for one in series}
    for cell, notes in record.notes:
        yield from _first_ahead(cell, notes)
        times = closes.get((cell.symbol or "", cell.time_frame or ""))
        if cell.kind == _TECHNICAL and times is not None:
            yield from _first_behind(cell, notes, times)


def _first_ahead(cell: Cell, notes: Sequence[Note]) -> Iterator[Finding]:
    for note in notes:
        if note.eval_time is not None and note.eval_time > note.time:
            yield _finding(FindingKind.DATED_AHEAD, cell, note, note.time)
            return


def _first_behind(cell: Cell, notes: Sequence[Note], close_times: FloatArray) -> Iterator[Finding]:
    for note in notes:
        closed = int(np.searchsorted(close_times, note.time, side="right"))
        if note.eval_time is not None and closed and note.eval_time < close_times[closed - 1]:
            yield _finding(FindingKind.BACK_DATED, cell, note, float(close_times[closed - 1]))
            return


def _finding(kind: FindingKind, cell: Cell, note: Note, allowed: float) -> Finding:
    return Finding(
        kind=kind,
        tentacle=cell.evaluator,
        symbol=cell.symbol,
        time_frame=cell.time_frame,
        time=note.time,
        what="eval_time",
        expected=allowed,
        found=note.eval_time,
    )
