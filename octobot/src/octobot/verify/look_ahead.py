# SPDX-License-Identifier: Apache-2.0
"""Whether what a profile notes and orders depends on what it could not know."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from octobot.backtesting import BacktestRequest
from octobot.backtesting.plan import make_plan
from octobot.verify.blame import Blame
from octobot.verify.cuts import Cut, choose_cuts
from octobot.verify.dates import wrong_dates
from octobot.verify.findings import Finding, FindingKind
from octobot.verify.processes import Progress, run_tasks
from octobot.verify.records import RunRecord
from octobot.verify.tasks import Change, RunTask, task_of
from octobot_commons.constants import DAYS_TO_SECONDS, HOURS_TO_SECONDS

#: Other years, months, weekdays, hours and minutes.
_CLOCK_SHIFTS = (497 * DAYS_TO_SECONDS + 7.4 * HOURS_TO_SECONDS, -831 * DAYS_TO_SECONDS - 10.7 * HOURS_TO_SECONDS)


@dataclass(frozen=True, slots=True)
class LookAheadOptions:
    """How thoroughly to look.

    Attributes:
        rounds: how often each time frame is cut at a close, and in the middle of a candle.
        seed: of the choice of cuts and of other futures.
        tolerance: how far apart values of notes may be that are taken as equal.
        allowed: files and folders that tentacles may read, as they tell nothing of the market's future.
    """

    rounds: int = 1
    seed: int = 0
    tolerance: float = 0.0
    allowed: tuple[Path, ...] = ()


class LookAheadReport(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        runs: how many backtests were compared.
        notes: how many notes of each tentacle, on the whole data.
        findings: of each tentacle and kind the first; empty means that nothing was found.
        affected: tentacles that differ only after one that was found.
    """

    profile: str
    runs: int
    cuts: list[Cut]
    notes: dict[str, int]
    findings: list[Finding]
    affected: list[str]


class _Run(msgspec.Struct, frozen=True):
    """A run, what it shows where it differs from the one on the whole data, and up to when it must not."""

    kind: FindingKind
    description: str
    task: RunTask
    until: float = math.inf


async def verify_look_ahead(
    request: BacktestRequest, options: LookAheadOptions | None = None, progress: Progress | None = None
) -> LookAheadReport:
    """Run a profile on the whole data and on changed ones, and compare all that it noted and ordered up to the change.

    Each run has a process of its own. ``progress`` is told how many processes have ended, of how many.

    Raises:
        UserInputError: the profile or the data cannot be used.
    """
    options = options or LookAheadOptions()
    plan = make_plan(request)
    cuts = choose_cuts(plan.series, request.start_time, options.rounds, options.seed)
    task = task_of(request, options.allowed)
    runs = list(_runs(task, cuts, options.seed))
    first = msgspec.structs.replace(task, repeats=True)
    (whole, again), *others = await run_tasks([first, *(run.task for run in runs)], progress)
    blame = Blame(whole, options.tolerance)
    blame.add(wrong_dates(whole, plan.series))
    blame.compare(FindingKind.EARLIER_RUN, "once more in the same process", again)
    for record in (whole, again):
        blame.add_trespasses(record)
    for run, (record,) in zip(runs, others, strict=True):
        blame.compare(run.kind, run.description, record, run.until)
        blame.add_trespasses(record)
    findings = blame.first_findings()
    affected = sorted(blame.affected - {one.tentacle for one in findings})
    names = [evaluator.get_name() for evaluator in (*plan.tentacles.evaluators, *plan.tentacles.strategies)]
    return LookAheadReport(plan.profile.profile_id, len(runs) + 2, cuts, _count(whole, names), findings, affected)


def _runs(task: RunTask, cuts: Sequence[Cut], seed: int) -> Iterator[_Run]:
    change = msgspec.structs.replace
    for number, shift in enumerate(_CLOCK_SHIFTS, 1):
        elsewhen = change(task, clock_shift=shift, hash_seed=number)
        yield _Run(FindingKind.NOT_REPEATABLE, "once more in another process, at another time of day", elsewhen)
    asking = change(task, asks_again=True)
    yield _Run(FindingKind.IN_CONSTRUCTION, "evaluated again with the candle in construction", asking)
    for cut in cuts:
        place = f"the {'close' if cut.is_close else 'middle'} of a {cut.time_frame} candle"
        ending = change(task, change=Change.CUT, time=cut.time)
        yield _Run(FindingKind.FUTURE, f"the data end at {place}", ending, cut.time)
        changing = change(task, change=Change.OTHER_FUTURE, time=cut.time, change_seed=seed)
        yield _Run(FindingKind.FUTURE, f"the data go on otherwise after {place}", changing, cut.time)


def _count(record: RunRecord, names: Sequence[str]) -> dict[str, int]:
    counts = dict.fromkeys(names, 0)
    for cell, notes in record.notes:
        counts[cell.evaluator] = counts.get(cell.evaluator, 0) + len(notes)
    return counts
