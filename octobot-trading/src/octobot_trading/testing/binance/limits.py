# SPDX-License-Identifier: Apache-2.0
"""How many requests the exchange lets an address make: weights per minute, then 429, then a ban."""

from __future__ import annotations

from collections.abc import Callable

_MINUTE = 60.0
#: How many requests after the first 429 of a minute end in a ban, and how long that lasts, in seconds.
_PATIENCE, BAN_SECONDS = 5, 120.0


class RequestWeights:
    """Counts the weight of a minute's requests by the clock's minutes, as Binance does.

    Args:
        now: tells the time in Unix seconds.
        limit: the weight that a minute has.
    """

    def __init__(self, now: Callable[[], float], limit: int = 6000) -> None:
        self._now = now
        self.limit = limit
        self.used = 0
        #: The most that was used in one minute.
        self.most_used = 0
        #: How often the address was banned.
        self.bans = 0
        self._minute = -1
        self._refused = 0
        self._banned_until = 0.0

    def take(self, weight: int) -> tuple[int, float] | None:
        """Count a request; the status and the seconds to wait where it is refused."""
        now = self._now()
        minute = int(now // _MINUTE)
        if minute != self._minute:
            self._minute, self.used, self._refused = minute, 0, 0
        if now < self._banned_until:
            return 418, self._banned_until - now
        self.used += weight
        self.most_used = max(self.most_used, self.used)
        if self.used <= self.limit:
            return None
        self._refused += 1
        if self._refused > _PATIENCE:
            self._banned_until = now + BAN_SECONDS
            self.bans += 1
            return 418, BAN_SECONDS
        return 429, (minute + 1) * _MINUTE - now
