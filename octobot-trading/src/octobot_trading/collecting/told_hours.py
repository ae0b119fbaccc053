# SPDX-License-Identifier: Apache-2.0
"""How far a collection of records is."""

from __future__ import annotations

from collections.abc import Callable

from octobot_commons.constants import HOURS_TO_SECONDS

#: Told how many more hours of the asked span are settled.
Progress = Callable[[int], None]


class ToldHours:
    """Tells of progress in whole hours of the asked span."""

    def __init__(self, progress: Progress | None, start: float) -> None:
        self._progress = progress
        self._start = start
        self._told = 0

    def up_to(self, time: float) -> None:
        """Everything before this time is settled."""
        hours = count_hours(self._start, time)
        if self._progress is not None and hours > self._told:
            self._progress(hours - self._told)
            self._told = hours


def count_hours(start_time: float, end_time: float) -> int:
    """How many hours a span has, by which progress is told."""
    return max(0, int((end_time - start_time) // HOURS_TO_SECONDS))
