# SPDX-License-Identifier: Apache-2.0
"""Runs tasks, each in a fresh process, as many at a time as there are processors."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Callable, Sequence

import msgspec

from octobot.verify.records import RunRecord
from octobot.verify.tasks import REFUSED, WORKER, RunTask
from octobot_commons.errors import BugError, UserInputError

#: Told how many tasks are done, of how many.
Progress = Callable[[int, int], object]


async def run_tasks(tasks: Sequence[RunTask], progress: Progress | None = None) -> list[list[RunRecord]]:
    """The records of each task, in the order of the tasks.

    Raises:
        UserInputError: the profile cannot be run on changed data; says why.
        BugError: a process ended otherwise than it should; holds what it said.
    """
    seats = asyncio.Semaphore(os.cpu_count() or 1)
    done = itertools.count(1)

    async def run(task: RunTask) -> list[RunRecord]:
        async with seats:
            records = await _run_task(task)
        if progress is not None:
            progress(next(done), len(tasks))
        return records

    try:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(run(task)) for task in tasks]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None  # the others were cancelled, or failed alike
    return [one.result() for one in running]


async def _run_task(task: RunTask) -> list[RunRecord]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", WORKER, env=_environment(task), stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        came, said = await process.communicate(msgspec.msgpack.encode(task))
    except BaseException:
        if process.returncode is None:
            process.kill()
        await process.wait()
        raise
    if process.returncode == 0:
        return msgspec.msgpack.decode(came, type=list[RunRecord])
    text = said.decode(errors="replace").strip()
    if process.returncode == REFUSED:
        raise UserInputError(f"the profile does not run on {task.change} data: {text.splitlines()[-1]}")
    raise BugError(f"a run of the verification ended with {process.returncode}:\n{text}")


def _environment(task: RunTask) -> dict[str, str]:
    """Modules are found where this process finds them."""
    found = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": found, "PYTHONHASHSEED": str(task.hash_seed)}
