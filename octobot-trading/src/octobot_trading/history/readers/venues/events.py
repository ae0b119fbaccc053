# SPDX-License-Identifier: Apache-2.0
"""What a recorded message of a venue tells, in one form for all venues; symbols are still the venue's own names."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.history.kinds import BUY, NO_ID, SELL
from octobot_trading.history.readers.cells import parse_integer
from octobot_trading.history.readers.recorded_session import SessionMessage

Levels: TypeAlias = Sequence[Sequence[Any]]


class BookEvent(NamedTuple):
    """A snapshot, or a delta where ``whole`` is False.

    Rows are the venue's own: ``[price, size]`` as texts or numbers, more may follow. ``depth_limit``: how many levels
    a side the venue's updates cover, told with a snapshot.
    """

    symbol: str
    whole: bool
    bids: Levels
    asks: Levels
    time: float
    nonce: int | None = None
    ids: UpdateIds | None = None
    checksum: int | None = None
    depth_limit: int | None = None


class TradeEvent(NamedTuple):
    """A trade; ``time`` is the venue's, ``side`` the taker's, ``amount`` in the venue's unit.

    ``aggregated``: several fills of one order in one, numbered otherwise than the trades themselves.
    """

    symbol: str
    time: float
    price: float
    amount: float
    side: int
    id: int = NO_ID
    aggregated: bool = False


class TickerEvent(NamedTuple):
    """Best prices and the last one; NaN for what is not told. ``time`` is that of arrival."""

    symbol: str
    time: float
    last: float
    bid: float
    ask: float
    bid_amount: float
    ask_amount: float


class FundingEvent(NamedTuple):
    """A funding rate and the time at which it is due."""

    symbol: str
    time: float
    funding_rate: float


class MarkEvent(NamedTuple):
    """A mark price; ``time`` is that of arrival."""

    symbol: str
    time: float
    price: float


class Other(NamedTuple):
    """A message that tells of no market data that is kept; ``name`` is its kind, for the report."""

    name: str


Event: TypeAlias = BookEvent | TradeEvent | TickerEvent | FundingEvent | MarkEvent | Other
#: At least one event for each message. A message of a shape that it does not know raises LookupError, TypeError,
#: ValueError or DataError.
Parser: TypeAlias = Callable[[SessionMessage], Iterable[Event]]
#: From the venue's names of its markets to ours, as the session's own list of instruments tells them.
Instruments: TypeAlias = dict[str, str]

_FRACTION = re.compile(r"\.(\d{1,6})\d*")


def two_sides(rows: Iterable[tuple[str, Any, Any]], buy: str = "buy") -> tuple[Levels, Levels]:
    """Bids and asks from rows of (side, price, size)."""
    sides: tuple[list[list[Any]], list[list[Any]]] = ([], [])
    for side, price, size in rows:
        sides[side != buy].append([price, size])
    return sides


def taker_side(side: str) -> int:
    """1 for a taker who bought, -1 for one who sold.

    Raises:
        KeyError: it is neither.
    """
    return {"buy": BUY, "b": BUY, "bid": BUY, "sell": SELL, "s": SELL, "ask": SELL, "a": SELL}[side.lower()]


def to_number(value: Any) -> float:
    """A number or its text.

    Raises:
        TypeError: it is neither; True is no number.
        ValueError: the text is no number, or none as JSON writes them.
    """
    if type(value) is str:
        if "_" in value or not value.isascii():
            raise ValueError(f"{value[:40]!r} is no number")
    elif type(value) is not float and type(value) is not int:
        raise TypeError(f"a {type(value).__name__} is no number")
    return float(value)


def to_integer(value: Any) -> int:
    """A whole number or its text.

    Raises:
        TypeError: it is neither; True is no number.
        ValueError: the text is no whole number of 64 bits.
    """
    if type(value) is str:
        return parse_integer(value)
    if type(value) is not int:
        raise TypeError(f"a {type(value).__name__} is no whole number")
    return value


def number(value: Any) -> float:
    """A number or its text; NaN for none. What is not told is null, an empty text or absent."""
    return math.nan if value is None or value == "" else to_number(value)


def price_or_none(value: Any) -> float:
    """A price; NaN for none, which some venues write as 0."""
    return number(value) or math.nan


def iso_time(text: str) -> float:
    """``2021-07-22T22:36:10.0145678Z`` in Unix seconds, to the microsecond."""
    shortened = _FRACTION.sub(lambda match: "." + match[1].ljust(6, "0"), text.removesuffix("Z"))
    moment = datetime.fromisoformat(shortened)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def expiry(milliseconds: float) -> str:
    """The day of a contract's expiry as symbols have it: ``210924``."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%y%m%d")


def query_value(url: str | None, name: str) -> str | None:
    """A parameter of a request."""
    match = re.search(rf"[?&]{name}=([^&]+)", url or "")
    return match and match[1]


def json_data(message: SessionMessage, *path: str) -> Iterator[dict[str, Any]]:
    """The rows of a list inside an answer."""
    data = message.json()
    for name in path:
        data = data[name]
    yield from data
