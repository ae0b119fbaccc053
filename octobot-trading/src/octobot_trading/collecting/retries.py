# SPDX-License-Identifier: Apache-2.0
"""When and how often a failed request is made again."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from octobot_commons.clock import Clock
from octobot_trading.errors import TemporaryFault

Answer = TypeVar("Answer")
#: Told of the fault, the number of the attempt that failed, from 1, and in how many seconds the next one follows.
OnRetry = Callable[[TemporaryFault, int, float], None]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off: each delay is longer than the one before by ``factor``, up to a longest one.

    A part of it up to ``jitter`` is left to chance, so that many who failed together do not come again together. An
    exchange that says how long to wait is obeyed, up to ``longest_wait_seconds``.
    """

    attempts: int = 8
    first_delay_seconds: float = 1.0
    factor: float = 2.0
    longest_delay_seconds: float = 60.0
    longest_wait_seconds: float = 900.0
    jitter: float = 0.25

    def delay_seconds(self, attempt: int, fault: TemporaryFault, chance: random.Random) -> float:
        """How long to wait after an attempt, the first being 1."""
        if fault.retry_after_seconds is not None:
            return min(fault.retry_after_seconds, self.longest_wait_seconds)
        delay = min(self.first_delay_seconds * self.factor ** (attempt - 1), self.longest_delay_seconds)
        return delay * (1 - self.jitter * chance.random())


class Retrier:
    """Makes requests again as a policy says.

    When an exchange says how long to leave it alone, every request of this retrier waits for that, as the next one of
    any other series would be refused too, and too many of those end in a ban.

    Args:
        policy: see there.
        clock: that is waited on.
        seed: of what is left to chance.
        on_retry: told of each failed attempt that is followed by another.
    """

    def __init__(self, policy: RetryPolicy, clock: Clock, seed: int = 0, on_retry: OnRetry | None = None) -> None:
        self._policy = policy
        self._clock = clock
        self._chance = random.Random(seed)
        self._on_retry = on_retry
        #: Attempts that failed and were followed by another.
        self.retries = 0
        #: Until when the exchange wants to be left alone.
        self._quiet_until = 0.0

    async def call(self, request: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of the first attempt that succeeds.

        Raises:
            TemporaryFault: the last attempt failed too.
        """
        attempt = 1
        while True:
            await self._be_quiet()
            try:
                return await request()
            except TemporaryFault as fault:
                if attempt >= self._policy.attempts:
                    raise
                delay_seconds = self._policy.delay_seconds(attempt, fault, self._chance)
                if self._on_retry is not None:
                    self._on_retry(fault, attempt, delay_seconds)
                self.retries += 1
                attempt += 1
                if fault.retry_after_seconds is not None:
                    self._quiet_until = max(self._quiet_until, self._clock.now() + delay_seconds)
                    delay_seconds = 0.0
            if delay_seconds:
                await self._clock.sleep(delay_seconds)

    async def _be_quiet(self) -> None:
        # What another request was told while this one waited may have moved it on.
        while (until := self._quiet_until) > self._clock.now():
            await self._clock.sleep_until(until)
