# SPDX-License-Identifier: Apache-2.0
"""The store of runs: one SQLite file that keeps what was run, with which code and data, and what came of it.

store      ``RunStore``               writing    a run that goes on (``RunWriter``)
records    what a run consists of     reading    rows as runs
schema     tables and migrations      rows       orders and fills as rows, exact
liveness   who still writes           ids        names of runs
code       digests of the code        candles    digests of the data, and finding it again
backtests  backtests in and out
"""

from octobot.runs.records import RunEnd, RunKind, RunLine, RunStart, RunStatus, StoredRun
from octobot.runs.store import RunStore, runs_path
from octobot.runs.writing import RunWriter

__all__ = [
    "RunEnd",
    "RunKind",
    "RunLine",
    "RunStart",
    "RunStatus",
    "RunStore",
    "RunWriter",
    "StoredRun",
    "runs_path",
]
