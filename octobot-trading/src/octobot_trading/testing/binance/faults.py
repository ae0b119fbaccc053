# SPDX-License-Identifier: Apache-2.0
"""What may go wrong with a request for market data, switched on by tests."""

from __future__ import annotations

from enum import Enum, auto


class Fault(Enum):
    """One request's fault; those below SHUFFLED are answers that look well."""

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
