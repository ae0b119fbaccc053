# SPDX-License-Identifier: Apache-2.0
"""Which venue a session was recorded from.

The addresses that cryptofeed's recordings hold tell; hftbacktest's hold none, so there the messages do. Binance's
markets write alike: only futures have ``pu`` in a depth update and ``e`` in a best price, only COIN-M names a pair
beside the symbol. Where a file holds nothing that tells them apart, ``spot``, ``usdm`` or ``cm`` in its name does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from octobot_commons.errors import DataError
from octobot_trading.history.readers.recorded_session import SessionLine
from octobot_trading.history.readers.venues import BY_NAME, VENUES, Venue

_NAME_HINTS = (("spot", "binance"), ("usdm", "binanceusdm"), ("cm", "binancecoinm"), ("coinm", "binancecoinm"))
_SEPARATORS = re.compile(r"[_\-.\s]+")
#: So many bytes of a file are looked at for a message that tells.
LOOKED_AT = 1 << 22


def venue_of(lines: Iterable[SessionLine], file: str) -> Venue:
    """The venue of a recording, told from its first lines.

    Raises:
        DataError: nothing in them tells it, or it is none that can be read.
    """
    is_binance = False
    for line in lines:
        if line.url is not None:
            return _venue_of_address(line.url, file)
        try:
            message = line.message().json()
        except DataError:
            continue
        venue = _venue_of_message(message)
        if venue is not None:
            return venue
        is_binance = is_binance or (isinstance(message, dict) and "stream" in message)
    hinted = _venue_of_name(file) if is_binance else None
    if hinted is None:
        known = ", ".join(venue.exchange_name for venue in VENUES)
        raise DataError("what it was recorded from cannot be told", file=file, remedy=f"give a session of {known}")
    return hinted


def _venue_of_address(url: str, file: str) -> Venue:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise DataError(f"it was recorded from no address: {error}", file=file, remedy="correct the address") from error
    for venue in VENUES:
        if any(host == known or host.endswith(f".{known}") for known in venue.hosts):
            return venue
    known = ", ".join(venue.exchange_name for venue in VENUES)
    raise DataError(f"it was recorded from {host[:100]}, which is not read", file=file, remedy=f"read are {known}")


def _venue_of_message(message: Any) -> Venue | None:
    if not isinstance(message, dict):
        return None
    if message.get("channel") in ("l2Book", "trades") and "data" in message:
        return BY_NAME["hyperliquid"]
    data = message.get("data")
    if not (isinstance(message.get("stream"), str) and isinstance(data, dict)):
        return None
    kind = data.get("e")
    if "ps" in data:
        return BY_NAME["binancecoinm"]
    if kind == "depthUpdate":
        return BY_NAME["binanceusdm" if "pu" in data else "binance"]
    if kind is None and {"u", "b", "a"} <= data.keys():
        return BY_NAME["binance"]
    return BY_NAME["binanceusdm"] if kind == "bookTicker" else None


def _venue_of_name(file: str) -> Venue | None:
    tokens = _SEPARATORS.split(PurePath(file).name.lower())
    return next((BY_NAME[name] for hint, name in _NAME_HINTS if hint in tokens), None)
