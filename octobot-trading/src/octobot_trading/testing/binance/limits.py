# SPDX-License-Identifier: Apache-2.0
"""How many requests the exchange lets an address make: weights per minute, then 429, then a ban."""

from __future__ import annotations

from collections.abc import Callable

_MINUTE = 60.0
_TEN_SECONDS, _DAY = 10.0, 86_400.0
_WEIGHTS = {
    "GET exchangeInfo": 20, "GET klines": 2, "GET aggTrades": 4, "GET trades": 25, "GET 24hr": 2, "GET price": 2,
    "GET bookTicker": 2, "GET avgPrice": 2, "GET order": 4, "GET openOrders": 6, "GET allOrders": 20,
    "GET account": 20, "GET myTrades": 20, "POST userDataStream": 2, "PUT userDataStream": 2,
    "DELETE userDataStream": 2,
}  # fmt: skip
#: Of requests for all symbols at once.
_WEIGHTS_OF_ALL = {"GET 24hr": 80, "GET price": 4, "GET bookTicker": 4, "GET openOrders": 80}
#: (up to how many levels, weight).
_DEPTHS = ((100, 5), (500, 25), (1000, 50), (5000, 250))
#: How many requests after the first 429 of a minute end in a ban, and how long that lasts, in seconds.
_PATIENCE, BAN_SECONDS = 5, 120.0


def weight_of(method: str, path: str, has_symbol: bool, limit: str) -> int:
    """What a request weighs."""
    name = f"{method} {path.rpartition('/')[2]}"
    if name == "GET depth":
        levels = int(limit) if limit.isdigit() else 100
        return next((weight for most, weight in _DEPTHS if levels <= most), _DEPTHS[-1][1])
    if not has_symbol and name in _WEIGHTS_OF_ALL:
        return _WEIGHTS_OF_ALL[name]
    return _WEIGHTS.get(name, 1)


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


class OrderCounts:
    """How many orders an account hands in: in ten seconds, and in a day."""

    def __init__(self, now: Callable[[], float], per_ten_seconds: int = 100, per_day: int = 200_000) -> None:
        self._now = now
        self.limits = {_TEN_SECONDS: per_ten_seconds, _DAY: per_day}
        self._counts: dict[float, tuple[int, int]] = {}

    def take(self) -> bool:
        """Count an order, unless there are too many already."""
        if any(self.used(seconds) >= limit for seconds, limit in self.limits.items()):
            return False
        for seconds in self.limits:
            self._counts[seconds] = (int(self._now() // seconds), self.used(seconds) + 1)
        return True

    def used(self, seconds: float) -> int:
        """How many there were in the present ten seconds or day."""
        interval, count = self._counts.get(seconds, (-1, 0))
        return count if interval == int(self._now() // seconds) else 0

    @property
    def headers(self) -> dict[str, str]:
        """What answers to orders tell of it."""
        return {
            "X-MBX-ORDER-COUNT-10S": str(self.used(_TEN_SECONDS)),
            "X-MBX-ORDER-COUNT-1D": str(self.used(_DAY)),
        }

    def rows(self) -> list[dict[str, object]]:
        """As ``rateLimit/order`` tells them."""
        return [
            {"rateLimitType": "ORDERS", "interval": name, "intervalNum": number, "limit": self.limits[seconds],
             "count": self.used(seconds)}
            for seconds, name, number in ((_TEN_SECONDS, "SECOND", 10), (_DAY, "DAY", 1))
        ]  # fmt: skip
