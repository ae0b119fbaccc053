# SPDX-License-Identifier: Apache-2.0
"""The run store for commands that read: nothing is made where there is none yet."""

from __future__ import annotations

from octobot.runs import RunStore, StoredRun, runs_path
from octobot_commons.errors import DataError


def open_runs() -> RunStore:
    """The user's store.

    Raises:
        DataError: there is none.
    """
    path = runs_path()
    if not path.exists():
        raise DataError("no run is stored yet", file=path, remedy="run `octobot backtest`")
    return RunStore(path)


def load_run(name: str) -> StoredRun:
    """Everything of one run."""
    with open_runs() as store:
        return store.load(name)
