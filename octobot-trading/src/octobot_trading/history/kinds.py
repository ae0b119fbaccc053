# SPDX-License-Identifier: Apache-2.0
"""The kinds of recorded market data: the columns of each, and what makes two records the same one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from octobot_commons.constants import DAYS_TO_SECONDS

#: Records as a structured array, a field per column; all fields take eight bytes.
Records: TypeAlias = NDArray[np.void]

FLOAT, INTEGER = "<f8", "<i8"
#: The id of a trade whose file tells none, and the side of one whose taker is not known.
NO_ID, UNKNOWN_SIDE = -1, 0
BUY, SELL = 1, -1
#: Sides of an order book's rows; the third is that of a row without a level.
BID, ASK, NO_SIDE = 1, -1, 0
DELTA, SNAPSHOT = 0, 1


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of market data. ``fields`` are (name, type) of its columns, the time in Unix seconds first.

    ``time_resolution``: records whose times differ by less are the same one, in seconds; 0 means equal times.
    """

    name: str
    fields: tuple[tuple[str, str], ...]
    #: What one record is called, and several of them.
    noun: str
    plural: str
    has_time_frame: bool = False
    time_resolution: float = 0.0
    #: Whether several records may have one time, told apart by the column ``id`` or by how often they occur.
    many_at_a_time: bool = False
    #: How much time one blob of the store covers, and whether it is compressed.
    block_seconds: int = DAYS_TO_SECONDS
    is_compressed: bool = False

    @property
    def dtype(self) -> np.dtype[np.void]:
        """One record in memory and in the store."""
        return np.dtype(list(self.fields))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, the time first."""
        return tuple(name for name, _ in self.fields)

    def records(self, columns: tuple[NDArray[Any], ...]) -> Records:
        """Columns of one length as records."""
        rows = np.empty(len(columns[0]), dtype=self.dtype)
        for name, column in zip(self.names, columns, strict=True):
            rows[name] = column
        return rows

    def instants(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers that are equal where the times count as one."""
        return np.rint(times / self.time_resolution) if self.time_resolution else times


def _floats(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, FLOAT) for name in names)


_PRICES = ("open", "high", "low", "close")
CANDLES = RecordKind("candles", _floats("open_time", *_PRICES, "volume"), "candle", "candles", has_time_frame=True)
#: ``side`` is the taker's: 1 bought, -1 sold, 0 is not known. Amounts are of the base asset.
TRADES = RecordKind(
    "trades",
    (*_floats("time", "price", "amount"), ("side", INTEGER), ("id", INTEGER)),
    "trade",
    "trades",
    many_at_a_time=True,
)
#: Exchanges stamp a funding some milliseconds after the hour, so that two records of one hour differ a little.
FUNDING = RecordKind("funding", _floats("time", "funding_rate"), "funding rate", "funding rates", time_resolution=60.0)
#: With a time frame, candles without volume; without one, prices as they came: open, high, low and close are equal.
MARK_PRICES = RecordKind("mark", _floats("open_time", *_PRICES), "mark price", "mark prices", has_time_frame=True)
#: NaN stands for what an exchange does not tell.
TICKERS = RecordKind("tickers", _floats("time", "last", "bid", "ask", "bid_amount", "ask_amount"), "ticker", "tickers")
#: No venue's updates cover more levels a side.
MOST_LEVELS = 1_000_000
#: A row per level of a message, bids first; times are those of arrival. ``message`` numbers the messages of the series
#: from 0. A side of 0 is no level: such a row stands for a message without levels, or its size tells how many levels a
#: side the venue's updates cover. ``last_id`` of a snapshot is its number; -1 stands for an id that is not told.
ORDER_BOOK = RecordKind(
    "order_book",
    (
        ("time", FLOAT),
        *((name, INTEGER) for name in ("message", "event", "side")),
        *_floats("price", "size"),
        *((name, INTEGER) for name in ("first_id", "last_id", "previous_id")),
    ),
    "book level",
    "book levels",
    block_seconds=900,
    is_compressed=True,
)
KINDS = {kind.name: kind for kind in (CANDLES, TRADES, FUNDING, MARK_PRICES, TICKERS, ORDER_BOOK)}
