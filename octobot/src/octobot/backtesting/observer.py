# SPDX-License-Identifier: Apache-2.0
"""Who looks at a run from the inside, as verifications do, and who sets its pace, as a bot does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from octobot.pipeline import Pipeline
from octobot_commons.causality import Horizon
from octobot_trading.backtesting.replay import Replay


class RunObserver(Protocol):
    """A run that is observed goes on where a tentacle looks ahead: its horizon keeps the errors."""

    def make_horizon(self, now: Callable[[], float], files: Iterable[str]) -> Horizon:
        """What holds for the tentacles of the run, from before they are made."""

    async def begin(self, pipeline: Pipeline) -> None:
        """Everything has started and nothing was replayed yet."""

    async def history_is_evaluated(self) -> None:
        """Evaluators have noted what they make of what is known at the start, and told nobody."""


class RunConductor(Protocol):
    """Lets recorded time come when it wants to."""

    async def begin(self, pipeline: Pipeline, replay: Replay) -> None:
        """Everything has started and evaluators know the history."""

    async def wait(self, time: float) -> None:
        """Return when the step of time at ``time`` may come, or stop the replay."""
