# SPDX-License-Identifier: Apache-2.0
"""What one process is asked to run."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from octobot.backtesting import BacktestRequest
from octobot_commons.enums import TimeFrames

#: The module that runs a task, and how its process ends when what it was asked for cannot be run.
WORKER = "octobot.verify.worker"
REFUSED = 3


class Change(StrEnum):
    """What is done to the data before a run."""

    NONE = "none"
    #: What was not known at ``time`` is left out.
    CUT = "cut"
    #: Something else follows ``time``.
    OTHER_FUTURE = "other future"
    #: The run starts at ``time`` with ``history`` closed candles of each time frame before it.
    SHORT_HISTORY = "short history"


class RunTask(msgspec.Struct, frozen=True, kw_only=True):
    """A backtest on changed data, and what else is different.

    Attributes:
        time, change_seed, history: of the change.
        repeats: run it twice in the process, so that the second finds what the first left behind.
        asks_again: have every technical evaluator evaluate once more after each candle, with what is in construction.
        clock_shift: seconds by which the machine's time seems to be another one.
        hash_seed: decides in which order sets of texts come.
        allowed: files and folders that tentacles may read.
    """

    profile: str
    data: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    time_frames: tuple[TimeFrames, ...] = ()
    start_time: float | None = None
    end_time: float | None = None
    seed: int = 0
    change: Change = Change.NONE
    time: float = 0.0
    change_seed: int = 0
    history: int = 0
    repeats: bool = False
    asks_again: bool = False
    clock_shift: float = 0.0
    hash_seed: int = 0
    allowed: tuple[str, ...] = ()
    feeds: str | None = None

    def request(self) -> BacktestRequest:
        """The backtest, without what only its report would need."""
        files = tuple(map(Path, self.data))
        span = self.start_time, self.end_time
        return BacktestRequest(
            self.profile,
            files,
            self.symbols,
            self.time_frames,
            *span,
            self.seed,
            keeps_causes=False,
            feeds=None if self.feeds is None else Path(self.feeds),
        )


def task_of(request: BacktestRequest, allowed: tuple[Path, ...] = ()) -> RunTask:
    """The run that a request asks for; paths are made absolute."""
    return RunTask(
        profile=request.profile,
        data=tuple(str(path.absolute()) for path in request.data),
        symbols=request.symbols,
        time_frames=request.time_frames,
        start_time=request.start_time,
        end_time=request.end_time,
        seed=request.seed,
        allowed=tuple(str(path.resolve()) for path in allowed),
        feeds=None if request.feeds is None else str(request.feeds.absolute()),
    )
