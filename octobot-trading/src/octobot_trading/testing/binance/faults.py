# SPDX-License-Identifier: Apache-2.0
"""What may go wrong, switched on by tests: with answers of market data, with any request, with events of streams."""

from __future__ import annotations

from collections import defaultdict, deque
from enum import Enum, auto
from typing import TypeAlias, TypeVar

KindT = TypeVar("KindT", "RequestFault", "StreamFault")


class Fault(Enum):
    """Of one request for candles, trades or funding rates; those below SHUFFLED are answers that look well."""

    UNAVAILABLE = auto()
    """502 with a page of HTML."""
    BUSY = auto()
    """429 with Retry-After, whatever was used."""
    TOO_MANY = auto()
    """Error -1003 without Retry-After."""
    SILENT = auto()
    """The request is never answered."""
    REFUSED = auto()
    """451: the exchange does not serve the country of the address."""
    CLOSED = auto()
    """The connection is closed without an answer."""
    CUT = auto()
    """The connection is closed in the middle of the answer."""
    HALF_JSON = auto()
    """The answer ends in the middle, with a length that fits."""
    SLOW = auto()
    """The request is answered once the test releases it, and well."""
    SHUFFLED = auto()
    """The candles come in another order."""
    OVERLAPPING = auto()
    """Candles before the first one asked for come too, and one comes twice."""
    SHORT = auto()
    """Only the first few candles come."""


class RequestFault(Enum):
    """Of one request to one operation, such as ``POST /api/v3/order``."""

    REQUEST_DROPPED = auto()
    """The connection is closed before the request is carried out."""
    REPLY_DROPPED = auto()
    """The request is carried out, and the connection closed without an answer."""
    REQUEST_HELD = auto()
    """The request is carried out once the test releases it."""
    REPLY_HELD = auto()
    """The request is carried out, and answered once the test releases it."""
    UNAVAILABLE = auto()
    """502 with a page of HTML; not carried out."""
    TIMEOUT = auto()
    """503 and -1007, execution status unknown: it was not carried out."""
    TIMEOUT_DONE = auto()
    """503 and -1007, execution status unknown: it was carried out."""
    UNEXPECTED = auto()
    """503 and -1006, execution status unknown: it was not carried out."""
    UNEXPECTED_DONE = auto()
    """503 and -1006, execution status unknown: it was carried out."""
    BUSY = auto()
    """429 with Retry-After, whatever was used."""
    BANNED = auto()
    """418 with Retry-After."""
    NOT_VISIBLE = auto()
    """-2013: an order is not yet to be found where orders are looked up."""


class StreamFault(Enum):
    """Of one event of one stream, such as ``btcusdt@trade``, or of one type of event, such as ``executionReport``."""

    DROPPED = auto()
    """The event is lost; of depth updates this is a gap in their numbers."""
    DUPLICATED = auto()
    """The event comes twice."""
    REORDERED = auto()
    """The event comes after the next one of its connection."""
    CLOSED = auto()
    """The connections that were to get the event are closed instead."""


AnyFault: TypeAlias = RequestFault | StreamFault


class Faults(deque[Fault | None]):
    """What is to go wrong.

    As a queue it is what the next requests for market data meet with, one after another; None is a good answer. Faults
    of operations and streams are asked for with ``next``.

    Attributes:
        done: each (operation or stream, fault) that has happened, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[str, AnyFault]] = []
        self._waiting: dict[str, deque[AnyFault]] = defaultdict(deque)

    def next(self, name: str, fault: AnyFault, times: int = 1) -> None:
        """Let the next ``times`` requests or events of this name meet with a fault, after those asked for before."""
        self._waiting[name].extend([fault] * times)

    @property
    def waiting(self) -> list[tuple[str, AnyFault]]:
        """Those that have not happened yet."""
        return [(name, fault) for name, faults in self._waiting.items() for fault in faults]

    def take(self, kind: type[KindT], *names: str) -> KindT | None:
        """The fault that now happens to a request or event of these names."""
        for name in names:
            waiting = self._waiting.get(name)
            if waiting and isinstance(waiting[0], kind):
                fault = waiting[0]
                self.done.append((name, waiting.popleft()))
                return fault
        return None
