# SPDX-License-Identifier: Apache-2.0
"""How old what is known of a market is, and why it must not be relied on.

Nothing here looks at the time by itself: whoever asks says what time it is. So a feed that went silent is found by
asking, and one that missed something says so from that moment on.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple


class StaleReason(StrEnum):
    """Why a feed must not be relied on.

    SILENT and CROSSED last as long as it is so, NO_DATA until the first value, the others until the feed is in step
    again: an order book with its next snapshot, trades with those that were missed, anything else with its next value.
    """

    NO_DATA = "nothing was received yet"
    NO_SNAPSHOT = "no snapshot yet"
    DISCONNECTED = "the connection was lost"
    SEQUENCE_GAP = "an update was missed"
    CHECKSUM_FAILED = "its checksum is not the venue's"
    INVALID_UPDATE = "an update could not be used"
    CROSSED = "its best bid is not below its best ask"
    SILENT = "nothing was heard for too long"


class StaleFeed(NamedTuple):
    """A feed that must not be relied on: which, why, and how many seconds ago it was last heard of."""

    #: None for what is told of a whole exchange.
    symbol: str | None
    #: The name of its channel.
    kind: str
    #: The value of the time frame, None but for candles.
    time_frame: str | None
    reason: StaleReason
    #: Infinite before the first time.
    age: float


class Freshness:
    """When a feed was last heard of, and what is wrong with it.

    Args:
        silence_seconds: how long nothing may be heard before it is stale.
        fault: what is wrong with it at first.
    """

    __slots__ = ("fault", "losses", "received_time", "silence_seconds")

    def __init__(self, silence_seconds: float = math.inf, fault: StaleReason | None = StaleReason.NO_DATA) -> None:
        self.silence_seconds = silence_seconds
        #: When something was last received, in Unix seconds; -inf before the first time.
        self.received_time = -math.inf
        #: Why it is stale whatever the time, None while it is in step.
        self.fault = fault
        #: How often it was found to have lost something.
        self.losses = 0

    def heard(self, time: float) -> None:
        """The venue said something, if only that it is there."""
        if time > self.received_time:
            self.received_time = time

    def renew(self, time: float) -> None:
        """A value was received that says all there is to know: whatever was wrong is over."""
        self.fault = None
        if time > self.received_time:
            self.received_time = time

    def lose(self, reason: StaleReason) -> None:
        """Something was lost: stale from now on, and counted."""
        self.fault = reason
        self.losses += 1

    def age(self, now: float) -> float:
        """Seconds since anything was heard, infinite before the first time."""
        return now - self.received_time

    def is_silent(self, now: float) -> bool:
        """Whether nothing was heard for too long."""
        return now - self.received_time > self.silence_seconds

    def stale_reason(self, now: float | None = None) -> StaleReason | None:
        """Why the feed must not be relied on, None when it may; silence is judged where ``now`` is given."""
        if self.fault is not None:
            return self.fault
        return StaleReason.SILENT if now is not None and self.is_silent(now) else None


class Feed:
    """What is known of one market through one channel. What it holds is as it was last told, stale or not."""

    def __init__(self, freshness: Freshness) -> None:
        self.freshness = freshness

    def age(self, now: float) -> float:
        """Seconds since anything was heard, infinite before the first time."""
        return self.freshness.age(now)

    def stale_reason(self, now: float | None = None) -> StaleReason | None:
        """Why it must not be relied on, None when it may; silence is judged where ``now`` is given."""
        return self.freshness.stale_reason(now)
