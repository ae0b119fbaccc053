# SPDX-License-Identifier: Apache-2.0
"""What a verification says against a tentacle."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class FindingKind(StrEnum):
    """Why something was found."""

    #: The guard refused a read.
    READ_AHEAD = "read ahead"
    #: Notes change with data that come later.
    FUTURE = "future"
    #: Notes change when the process has run the same data before.
    EARLIER_RUN = "earlier run"
    #: Notes differ between two runs of the same data in two processes.
    NOT_REPEATABLE = "not repeatable"
    #: Notes of closed candles change when the candle in construction was evaluated before.
    IN_CONSTRUCTION = "in construction"
    #: A note is dated later than it was written.
    DATED_AHEAD = "dated ahead"
    #: A note is dated before the last closed candle.
    BACK_DATED = "back-dated"
    #: It reads what cannot be varied, so nothing can be said.
    OUTSIDE = "outside"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """The first time that something was found of a tentacle.

    Attributes:
        time: when, in the replay.
        what: what differs: value, time, eval_time, description, metadata, missing, order or fill.
        expected: on the whole data, ``found`` on the changed ones; of dates the earliest allowed one and the note's.
        run: the run that shows it.
        file, line: of the tentacle's code, where that is known.
    """

    kind: FindingKind
    tentacle: str | None
    symbol: str | None = None
    time_frame: str | None = None
    time: float
    what: str | None = None
    expected: Any = None
    found: Any = None
    run: str | None = None
    file: str | None = None
    line: int | None = None
    message: str | None = None
