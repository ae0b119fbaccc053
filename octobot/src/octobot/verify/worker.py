# SPDX-License-Identifier: Apache-2.0
"""A process that runs one task, which it reads, and writes the records of its runs.

Each run of a verification has a process of its own: modules are imported anew with whatever they hold, and what was
left out of the data is nowhere in its memory.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from dataclasses import replace

import msgspec

from octobot.backtesting.plan import Plan, make_plan
from octobot.backtesting.run import run_plan
from octobot.verify import futures
from octobot.verify.recorder import Recorder
from octobot.verify.records import RunRecord
from octobot.verify.tasks import REFUSED, Change, RunTask
from octobot.verify.wall_clock import shift_wall_clock
from octobot_commons.errors import LookAheadError, UserInputError
from octobot_trading.history import CandleSeries


def main() -> int:
    """Run the task and write its records."""
    # What tentacles print is no result, and what they log was asked for by nobody.
    result = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.disable()
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=RunTask)
    if task.clock_shift:
        shift_wall_clock(task.clock_shift)
    try:
        records = [run_task(task) for _ in range(2 if task.repeats else 1)]
    except UserInputError as error:
        print(error, file=sys.stderr)
        return REFUSED
    with os.fdopen(result, "wb") as file:
        file.write(msgspec.msgpack.encode(records))
    return 0


def run_task(task: RunTask) -> RunRecord:
    """One run of a task, in this process."""
    plan = _changed(make_plan(task.request()), task)
    recorder = Recorder(plan, task.allowed, task.asks_again)
    try:
        result = asyncio.run(run_plan(plan, observer=recorder))
    except LookAheadError:  # it is recorded, and there was no going on
        result = None
    return recorder.record(result)


def _changed(plan: Plan, task: RunTask) -> Plan:
    series = _changed_series(plan.series, task)
    if task.change is not Change.SHORT_HISTORY:
        return replace(plan, series=series)
    return replace(plan, series=series, request=replace(plan.request, start_time=task.time))


def _changed_series(series: list[CandleSeries], task: RunTask) -> list[CandleSeries]:
    match task.change:
        case Change.CUT:
            return futures.cut(series, task.time)
        case Change.OTHER_FUTURE:
            return futures.with_other_future(series, task.time, task.change_seed)
        case Change.SHORT_HISTORY:
            return futures.with_history(series, task.time, task.history)
    return series


if __name__ == "__main__":
    sys.exit(main())
