# SPDX-License-Identifier: Apache-2.0
"""How many candles each evaluator and strategy needs until its notes stop depending on where its data begin.

From some start on, the notes of a run that knows the last ``n`` candles of each time frame before it are compared with
those of a run that has been going on all the time. The smallest ``n`` with which they agree is found by bisection, for
all tentacles at once: runs are shared.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from octobot.backtesting import BacktestRequest
from octobot.backtesting.plan import Plan, make_plan
from octobot.backtesting.run import candles_capacity
from octobot.verify.agreement import Agreement, agreement
from octobot.verify.processes import Progress, run_tasks
from octobot.verify.records import Cell, RunRecord
from octobot.verify.tasks import Change, RunTask, task_of
from octobot_commons.constants import CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.history import CandleSeries

#: How many candles of the longest and of the shortest time frame are looked at after each start, at least.
_LONGEST, _SHORTEST = 20, 200


@dataclass(frozen=True, slots=True)
class WarmupOptions:
    """How to look.

    Attributes:
        tolerance: how far apart notes may be that are taken as equal.
        starts: how many starts are tried; the most demanding one counts.
        seed: of the choice of starts.
        allowed: files and folders that tentacles may read.
    """

    tolerance: float = 1e-6
    starts: int = 3
    seed: int = 0
    allowed: tuple[Path, ...] = ()


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What one tentacle needs on one time frame of a symbol.

    Attributes:
        candles: that must be known at the start; None where no number of them was enough, as for who remembers what it
            was told.
        told: how many it must then be told of, one by one, until its notes agree; None where they never did. What has
            no time frame counts the shortest.
        available: candles before the earliest start, of the longest time frame for what has none. Nobody can be seen to
            need more.
        declared: its ``required_candles_count``, None where it declares none.
        is_enough: whether what it declares is enough, or else what is loaded for all.
    """

    tentacle: str
    kind: str
    symbol: str | None
    time_frame: str | None
    candles: int | None
    told: int | None
    available: int
    declared: int | None
    is_enough: bool


class WarmupReport(msgspec.Struct, frozen=True):
    """What was found; ``loaded`` candles of each time frame are known at the start of a run of this profile."""

    profile: str
    runs: int
    starts: list[float]
    loaded: int
    tolerance: float
    needs: list[Need]

    @property
    def is_enough(self) -> bool:
        """Whether nobody needs more than it declares or than is loaded."""
        return all(need.is_enough for need in self.needs)


async def verify_warmup(
    request: BacktestRequest, options: WarmupOptions | None = None, progress: Progress | None = None
) -> WarmupReport:
    """Measure what each evaluator and strategy of a profile needs. Each run has a process of its own.

    ``progress`` is told how many processes of a step have ended, of how many.

    Raises:
        UserInputError: the profile or the data cannot be used, or the data are too short.
    """
    options = options or WarmupOptions()
    plan = make_plan(request)
    starts = _choose_starts(plan, options)
    runs = _Runs(task_of(request, options.allowed), starts, _window(plan), options.tolerance, progress)
    await runs.refer()
    loaded = candles_capacity(plan)
    enough = await _bisect(runs, loaded)
    needs = [_need(plan, runs, cell, enough.get(cell), loaded) for cell in runs.cells]
    return WarmupReport(plan.profile.profile_id, runs.count, starts, loaded, options.tolerance, needs)


def _need(plan: Plan, runs: _Runs, cell: Cell, candles: int | None, loaded: int) -> Need:
    settings = plan.profile.tentacles_setup.get_config(cell.evaluator)
    declared = settings.get(CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT)
    told = runs.told(cell, loaded, _seconds(plan)) if candles is None else 0
    needed = told if candles is None else candles
    return Need(
        tentacle=cell.evaluator,
        kind=cell.kind,
        symbol=cell.symbol,
        time_frame=cell.time_frame,
        candles=candles,
        told=told,
        available=_available(plan, cell, runs.starts[0]),
        declared=declared,
        is_enough=needed is not None and needed <= (loaded if declared is None else declared),
    )


async def _bisect(runs: _Runs, most: int) -> dict[Cell, int]:
    """The smallest number of candles with which each cell agrees; without those for which ``most`` are not enough."""
    await runs.run([most])
    enough = {cell: most for cell in runs.cells if runs.agrees(cell, most)}
    too_few = dict.fromkeys(enough, 0)
    while True:
        middles = {cell: (low + enough[cell]) // 2 for cell, low in too_few.items() if enough[cell] - low > 1}
        if not middles:
            return enough
        await runs.run(middles.values())
        for cell, middle in middles.items():
            (enough if runs.agrees(cell, middle) else too_few)[cell] = middle


class _Runs:
    """The runs from all starts, each made once for each number of candles."""

    def __init__(
        self,
        task: RunTask,
        starts: Sequence[float],
        window: float,
        tolerance: float,
        progress: Progress | None,
    ) -> None:
        self._task = task
        self.starts = starts
        self._window = window
        self._tolerance = tolerance
        self._progress = progress
        self._references: list[RunRecord] = []
        self._found: dict[int, list[dict[Cell, Agreement]]] = {}
        self.cells: list[Cell] = []
        self.count = 0

    async def refer(self) -> None:
        """The runs that have been going on all the time."""
        self._references = await self._run([self._asked(start) for start in self.starts])
        found = {cell for record in self._references for cell, _ in record.notes}
        self.cells = sorted(found, key=repr)

    async def run(self, counts: Iterable[int]) -> None:
        """Those that know so many candles at the start."""
        wanted = sorted(set(counts) - self._found.keys())
        tasks = [
            msgspec.structs.replace(self._asked(start), change=Change.SHORT_HISTORY, time=start, history=count)
            for count in wanted
            for start in self.starts
        ]
        records = iter(await self._run(tasks))
        for count in wanted:
            self._found[count] = [
                agreement(reference, next(records), start, self._tolerance)
                for reference, start in zip(self._references, self.starts, strict=True)
            ]

    def agrees(self, cell: Cell, count: int) -> bool:
        """Whether its notes are the same from each start on."""
        return all(of_start[cell].agrees for of_start in self._found[count] if cell in of_start)

    def told(self, cell: Cell, count: int, seconds: dict[str | None, float]) -> int | None:
        """After how many candles its notes agree, with so many known at the start; None where they never did."""
        length, longest = seconds[cell.time_frame], 0
        for of_start, start in zip(self._found[count], self.starts, strict=True):
            if cell in of_start and not of_start[cell].agrees:
                if of_start[cell].is_apart_at_the_end:
                    return None
                longest = max(longest, round((of_start[cell].last_difference - start) / length))
        return longest

    def _asked(self, start: float) -> RunTask:
        return msgspec.structs.replace(self._task, end_time=start + self._window)

    async def _run(self, tasks: Sequence[RunTask]) -> list[RunRecord]:
        self.count += len(tasks)
        return [record for (record,) in await run_tasks(tasks, self._progress)]


def _window(plan: Plan) -> float:
    seconds = [get_seconds(one.time_frame) for one in plan.series]
    return float(max(_LONGEST * max(seconds), _SHORTEST * min(seconds)))


def _seconds(plan: Plan) -> dict[str | None, float]:
    """Of each time frame; what has none counts the shortest."""
    seconds: dict[str | None, float] = {one.time_frame.value: float(get_seconds(one.time_frame)) for one in plan.series}
    return {**seconds, None: min(seconds.values())}


def _available(plan: Plan, cell: Cell, start: float) -> int:
    own = [one for one in plan.series if cell.symbol in (None, one.symbol)]
    frames = [one for one in own if one.time_frame == cell.time_frame] or [max(own, key=_length)]
    return int(np.searchsorted(frames[0].close_times, start, side="right"))


def _length(one: CandleSeries) -> int:
    return get_seconds(one.time_frame)


def _choose_starts(plan: Plan, options: WarmupOptions) -> list[float]:
    """Closes in the second half of what leaves room for the window."""
    asked = plan.request.start_time
    first = max(float(one.open_times[0]) for one in plan.series)
    first = first if asked is None else max(first, asked)
    last = min(float(one.close_times[-1]) for one in plan.series) - _window(plan)
    base = min(plan.series, key=_length)
    times = [time for time in base.close_times.tolist() if first + (last - first) / 2 <= time <= last]
    if not times:
        raise DataError(
            f"there are too few candles of {base.symbol} to start anywhere in them",
            file=base.source,
            remedy="give more data, or fewer time frames with --time-frame",
        )
    return sorted(random.Random(options.seed).sample(times, min(options.starts, len(times))))
