# SPDX-License-Identifier: Apache-2.0
"""What an account was worth over time, in bounded memory."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import NamedTuple

from octobot_commons.errors import BugError

#: About one an hour of a year.
DEFAULT_CAPACITY = 8192


class ValuePoint(NamedTuple):
    """A value in the reference market at a Unix time."""

    time: float
    value: Decimal


class ValueHistory:
    """At most ``capacity`` points, oldest first, over the whole time since the first.

    When it is full, points that are nearer to each other than twice the average distance at that capacity go, and new
    ones that come so soon after the one before the newest replace the newest. The first and the newest always stay.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        if capacity < 8:
            raise BugError(f"a history of {capacity} values is too short to be thinned out")
        self._capacity = capacity
        self._points: list[ValuePoint] = []
        #: Points closer than this are not kept apart.
        self.spacing_seconds = 0.0

    def record(self, time: float, value: Decimal) -> None:
        """Add a point; a second one of the same time replaces the first.

        Raises:
            BugError: ``time`` is before the newest point's, or no number.
        """
        points = self._points
        if points and not time >= points[-1].time:
            raise BugError(f"a value at {time!r} after one at {points[-1].time!r}")
        newest_is_close = len(points) > 1 and points[-1].time - points[-2].time < self.spacing_seconds
        if points and (newest_is_close or points[-1].time == time):
            points.pop()
        points.append(ValuePoint(time, value))
        if len(points) > self._capacity:
            self._thin_out()

    def points(self, since: float | None = None, until: float | None = None) -> list[ValuePoint]:
        """From ``since`` on and before ``until``."""
        return [
            point
            for point in self._points
            if (since is None or point.time >= since) and (until is None or point.time < until)
        ]

    def value_at(self, time: float) -> Decimal | None:
        """The newest value recorded at or before a time, None before the first."""
        index = bisect_right(self._points, time, key=lambda point: point.time)
        return self._points[index - 1].value if index else None

    def _thin_out(self) -> None:
        first, newest = self._points[0], self._points[-1]
        self.spacing_seconds = 2 * (newest.time - first.time) / self._capacity
        kept = [first]
        for point in self._points[1:-1]:
            if point.time - kept[-1].time >= self.spacing_seconds:
                kept.append(point)
        self._points = [*kept, newest]
