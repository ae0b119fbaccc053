# SPDX-License-Identifier: Apache-2.0
"""Another time of the machine, for tentacles that are imported afterwards."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any, Self


def shift_wall_clock(seconds: float) -> None:
    """Let ``time`` and ``datetime`` tell a time so many seconds later, in this process and for good.

    Only for processes that end after a verification: a backtest must come to the same result at any time of day.
    """
    real = time.time
    time.time = lambda: real() + seconds
    time.time_ns = lambda: int(time.time() * 1e9)
    for name in ("localtime", "gmtime"):
        setattr(time, name, _told_time(getattr(time, name)))
    dt.datetime = _ShiftedDatetime  # type: ignore[misc]
    dt.date = _ShiftedDate  # type: ignore[misc]


def _told_time(function: Any) -> Any:
    def told(seconds: float | None = None) -> Any:
        return function(time.time() if seconds is None else seconds)

    return told


class _ShiftedDatetime(dt.datetime):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Self:
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls) -> Self:
        return cls.fromtimestamp(time.time(), dt.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> Self:
        return cls.now()


class _ShiftedDate(dt.date):
    @classmethod
    def today(cls) -> Self:
        return cls.fromtimestamp(time.time())
