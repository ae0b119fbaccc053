# SPDX-License-Identifier: Apache-2.0
"""What an event of a session must be to be kept: the venues' own messages are checked before any of it is stored."""

from __future__ import annotations

import math
from typing import Any

from octobot_trading.history.kinds import MOST_LEVELS, NO_ID
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    FundingEvent,
    Levels,
    MarkEvent,
    Other,
    TickerEvent,
    TradeEvent,
)
from octobot_trading.util import LATEST_TIME

_LARGEST_ID = 2**63 - 1
_CELL_TYPES = frozenset((str, int, float))
_ROW_TYPES = frozenset((list, tuple))


def check_event(event: Event) -> None:
    """See whether an event can be kept.

    Raises:
        ValueError: it holds what cannot be.
    """
    if isinstance(event, BookEvent):
        flat_levels(event.bids)
        flat_levels(event.asks)
    check_head(event)


def check_head(event: Event) -> None:
    """As ``check_event``, but for the levels of a book.

    Raises:
        ValueError: it holds what cannot be.
    """
    if isinstance(event, Other):
        return
    if not isinstance(event.symbol, str):
        raise ValueError("the name of its market is no text")
    if not (_is_number(event.time) and 0 <= event.time < LATEST_TIME):
        raise ValueError("its time is not between 1970 and 2200")
    if isinstance(event, BookEvent):
        ids = event.ids or (event.nonce, None, None)
        whole = event.checksum is None or type(event.checksum) is int
        if not (whole and all(map(_is_id, (*ids, event.depth_limit)))) or (event.ids and event.ids.last is None):
            raise ValueError("a number of it is no whole number of 64 bits")
        if event.depth_limit is not None and event.depth_limit > MOST_LEVELS:
            raise ValueError(f"a book of {event.depth_limit} levels a side")
    elif isinstance(event, TradeEvent):
        if not (_is_positive(event.price) and _is_positive(event.amount)):
            raise ValueError("a trade without a price and an amount above zero")
        if event.id is None or not _is_id(event.id):
            raise ValueError("the id of a trade is no whole number of 64 bits")
    elif isinstance(event, TickerEvent):
        _check_ticker(event)
    elif isinstance(event, FundingEvent):
        if not (_is_number(event.funding_rate) and -1 <= event.funding_rate <= 1):
            raise ValueError("a funding rate that is not between -1 and 1")
    elif isinstance(event, MarkEvent) and not _is_positive(event.price):
        raise ValueError("a mark price that is not above zero")


def flat_levels(levels: Levels) -> list[float]:
    """Price and size by turns.

    Raises:
        ValueError: a level is none.
    """
    if not isinstance(levels, list | tuple) or not _ROW_TYPES.issuperset(map(type, levels)):
        raise ValueError("levels that are no lists of price and size")
    cells = [cell for level in levels for cell in level[:2]]
    types = set(map(type, cells))
    if len(cells) != 2 * len(levels) or not _CELL_TYPES.issuperset(types):
        raise ValueError("a level without a price or a size")
    if str in types:
        texts = "".join(map(str, cells))
        if "_" in texts or not texts.isascii():
            raise ValueError("a level without a price or a size")
    flat = list(map(float, cells))
    # A sum is finite where all numbers are.
    if not math.isfinite(sum(flat)):
        raise ValueError("a level without a price or a size")
    if flat and not (min(flat[::2]) > 0 and min(flat[1::2]) >= 0):
        raise ValueError("a level without a price above zero and a size of zero or more")
    return flat


def _check_ticker(event: TickerEvent) -> None:
    if not all(map(_is_number, event[1:])):
        raise ValueError("a ticker of which a part is no number")
    if not (math.isnan(event.last) or _is_positive(event.last)):
        raise ValueError("a last price that is not above zero")
    if any(number < 0 or number == math.inf for number in event[3:]):
        raise ValueError("a best price or amount that is not zero or more")
    if math.isnan(event.last) and math.isnan(event.bid) and math.isnan(event.ask):
        raise ValueError("a ticker without a price")


def _is_number(value: Any) -> bool:
    return type(value) is float or (type(value) is int and abs(value) <= _LARGEST_ID)


def _is_positive(value: Any) -> bool:
    return _is_number(value) and 0 < value < math.inf


def _is_id(value: Any) -> bool:
    return value is None or (type(value) is int and NO_ID <= value <= _LARGEST_ID)
