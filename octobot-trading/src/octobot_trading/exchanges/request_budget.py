# SPDX-License-Identifier: Apache-2.0
"""How many requests an exchange allows, shared out by how much depends on each.

A bucket of units refills with time, and each request takes its weight from it (GCRA, ITU-T I.371: one number, the time
at which the bucket will be full again, is all there is to keep). A lane must leave a part of the bucket to those before
it, so that data can never use up what a cancel needs; within a lane the first to come is the first served.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import Final, Protocol

from octobot_commons.clock import Clock, Handle


class Lane(IntEnum):
    """What a request is for, the most urgent first."""

    CANCEL = 0
    PROTECT = 1
    CREATE = 2
    DATA = 3


#: The part of the bucket that a lane leaves to the others.
_RESERVES: Final = {Lane.CANCEL: 0.0, Lane.PROTECT: 0.1, Lane.CREATE: 0.2, Lane.DATA: 0.4}
_lane: ContextVar[Lane] = ContextVar("lane", default=Lane.DATA)


@contextmanager
def in_lane(lane: Lane) -> Iterator[None]:
    """What is asked for within goes through this lane."""
    token = _lane.set(lane)
    try:
        yield
    finally:
        _lane.reset(token)


class Meter(Protocol):
    """Where the state of a bucket is kept: in this process, or where several bots of a machine find it."""

    def take(self, now: float, seconds: float, tolerance: float) -> float:
        """Take what refills in ``seconds`` where that leaves the bucket no more than ``tolerance`` short of full.

        Returns the time from which it can be had: ``now`` where it was taken.
        """

    def pause_until(self, time: float) -> None:
        """Nothing can be had before then."""


class LocalMeter:
    """The state of a bucket that nobody else uses."""

    def __init__(self) -> None:
        self.full_time = -math.inf
        self.pause_time = -math.inf

    def take(self, now: float, seconds: float, tolerance: float) -> float:
        free_time, full_time = taken(now, seconds, tolerance, self.full_time, self.pause_time)
        if free_time <= now:
            self.full_time = full_time
        return free_time

    def pause_until(self, time: float) -> None:
        self.pause_time = max(self.pause_time, time)


def taken(now: float, seconds: float, tolerance: float, full_time: float, pause_time: float) -> tuple[float, float]:
    """(When it can be had, when the bucket is full again once it was).

    What is more than the lane may ever take is had from a full bucket.
    """
    full_after = max(now, full_time) + seconds
    free_time = max(full_after - tolerance if seconds <= tolerance else full_time, pause_time)
    return max(now, free_time), full_after


class RequestBudget:
    """The requests of one host and account.

    Args:
        units_per_second: how fast the bucket refills.
        burst_seconds: the size of the bucket: what refills in that time.
        meter: where the state is kept, by default here.
    """

    def __init__(
        self, clock: Clock, units_per_second: float, burst_seconds: float = 10.0, meter: Meter | None = None
    ) -> None:
        if not (units_per_second > 0 and burst_seconds > 0):
            raise ValueError(f"a budget of {units_per_second} units a second, {burst_seconds} s at once")
        self.units_per_second = units_per_second
        self.burst_seconds = burst_seconds
        self._clock = clock
        self._meter = LocalMeter() if meter is None else meter
        self._waiting: list[tuple[Lane, int, float, asyncio.Future[None]]] = []
        self._arrivals = itertools.count()
        self._wake: Handle | None = None

    async def take(self, units: float, lane: Lane | None = None) -> None:
        """Wait for a request's turn; ``lane`` is by default that of ``in_lane``."""
        lane = _lane.get() if lane is None else lane
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (lane, next(self._arrivals), units / self.units_per_second, turn))
        self._serve()
        await turn

    def pause(self, seconds: float) -> None:
        """The exchange asks to be left alone, whoever asks."""
        self._meter.pause_until(self._clock.now() + seconds)
        self._serve()

    def _serve(self) -> None:
        """Give turns, urgent ones first, until one has to wait; whoever is less urgent waits with it."""
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        now = self._clock.now()
        while self._waiting:
            lane, _, seconds, turn = self._waiting[0]
            if not turn.done():
                free_time = self._meter.take(now, seconds, self.burst_seconds * (1 - _RESERVES[lane]))
                if free_time > now:
                    self._wake = self._clock.call_at(free_time, self._serve)
                    return
                turn.set_result(None)
            heapq.heappop(self._waiting)
