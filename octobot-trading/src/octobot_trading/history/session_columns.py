# SPDX-License-Identifier: Apache-2.0
"""The events of one market of a session, gathered into the columns of each kind."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from octobot_trading.history.kinds import (
    ASK,
    BID,
    DELTA,
    FUNDING,
    MARK_PRICES,
    NO_ID,
    NO_SIDE,
    ORDER_BOOK,
    SNAPSHOT,
    TICKERS,
    TRADES,
    RecordKind,
)
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    FundingEvent,
    Levels,
    MarkEvent,
    TickerEvent,
    TradeEvent,
)

#: The numbers of a record, the time first, and the row of the file.
Rows: TypeAlias = Sequence[tuple[tuple[float, ...], int]]


class BookColumns:
    """Messages of a book as they come; prices and sizes are checked before anything is kept of a message."""

    def __init__(self) -> None:
        self._levels = array("d")
        #: Time, event, first, last and previous id; file row; rows of bids, asks and of no level.
        self._messages: list[tuple[float, int, int, int, int, int, int, int, int]] = []

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, event: BookEvent, row: int) -> None:
        """Keep a message.

        Raises:
            ValueError: a level is none.
        """
        bids, asks = _flat(event.bids), _flat(event.asks)
        counts = len(bids) // 2, len(asks) // 2
        self._levels.extend(bids)
        self._levels.extend(asks)
        # The row that is no level.
        extra = event.depth_limit is not None or not any(counts)
        if extra:
            self._levels.extend((0.0, float(event.depth_limit or 0)))
        last, first, previous = event.ids or (event.nonce, None, None)
        ids = (_id(first), _id(last), _id(previous))
        self._messages.append((event.time, SNAPSHOT if event.whole else DELTA, *ids, row, *counts, int(extra)))

    def raw(self, file: str) -> RawRecords:
        """The rows."""
        times, event, first, last, previous, row, bids, asks, extra = map(np.array, zip(*self._messages, strict=True))
        counts = np.stack((bids, asks, extra), axis=1)
        rows = counts.sum(axis=1)
        sides = np.repeat(np.tile((BID, ASK, NO_SIDE), len(counts)), counts.ravel())
        price, size = np.frombuffer(self._levels, dtype=np.float64).reshape(-1, 2).T
        messages = (np.maximum.accumulate(times), np.arange(len(times)), event)
        head = (np.repeat(column, rows) for column in messages)
        ids = (np.repeat(column, rows) for column in (first, last, previous))
        return RawRecords(ORDER_BOOK, (*head, sides, price, size, *ids), np.repeat(row, rows), file)


@dataclass(slots=True)
class MarketColumns:
    """One market; ``superseded`` counts best and mark prices that another of the same instant replaced."""

    book: BookColumns = field(default_factory=BookColumns)
    trades: list[tuple[TradeEvent, int]] = field(default_factory=list)
    tickers: dict[float, tuple[TickerEvent, int]] = field(default_factory=dict)
    fundings: dict[float, tuple[FundingEvent, int]] = field(default_factory=dict)
    marks: dict[float, tuple[MarkEvent, int]] = field(default_factory=dict)
    superseded: int = 0
    #: Trades told a second time, as fills of one order in one.
    aggregated: int = 0

    def add(self, event: Event, row: int) -> None:
        """Keep an event.

        Raises:
            ValueError: it holds a number that cannot be.
        """
        if isinstance(event, BookEvent):
            self.book.add(event, row)
        elif isinstance(event, TradeEvent):
            check_event(event)
            self.trades.append((event, row))
        elif isinstance(event, TickerEvent):
            self.superseded += event.time in self.tickers
            self.tickers[event.time] = event, row
        elif isinstance(event, FundingEvent):
            self.fundings[event.time] = event, row
        elif isinstance(event, MarkEvent):
            self.superseded += event.time in self.marks
            self.marks[event.time] = event, row

    @property
    def is_traded(self) -> bool:
        """Whether anything but mark prices and funding rates is known of it."""
        return bool(len(self.book) or self.trades or self.tickers)

    def raw(self, file: str) -> list[RawRecords]:
        """The rows of each kind that there is anything of; trades by the venue's time."""
        found = [self.book.raw(file)] if len(self.book) else []
        if any(not event.aggregated for event, _ in self.trades):
            singles = [(event, row) for event, row in self.trades if not event.aggregated]
            self.aggregated = len(self.trades) - len(singles)
            self.trades = singles
        trades = [((event.time, event.price, event.amount, event.side, event.id), row) for event, row in self.trades]
        marks = [((event.time, *[event.price] * 4), row) for event, row in self.marks.values()]
        told: tuple[tuple[RecordKind, Rows], ...] = (
            (TRADES, trades),
            (TICKERS, [(event[1:], row) for event, row in self.tickers.values()]),
            (FUNDING, [(event[1:], row) for event, row in self.fundings.values()]),
            (MARK_PRICES, marks),
        )
        for kind, rows in told:
            if rows:
                found.append(_raw(kind, rows, file))
        return found


def check_event(event: Event) -> None:
    """See whether an event can be kept.

    Raises:
        ValueError: it holds a number that cannot be.
    """
    if isinstance(event, BookEvent):
        _flat(event.bids)
        _flat(event.asks)
    elif isinstance(event, TradeEvent) and not (0 < event.price < math.inf and 0 < event.amount < math.inf):
        raise ValueError("a trade without a price and an amount above zero")


def _raw(kind: RecordKind, rows: Rows, file: str) -> RawRecords:
    # Trades of one time by their ids, as the store has them.
    rows = sorted(rows, key=lambda one: (one[0][0], one[0][-1] if kind is TRADES else 0))
    told = zip(*(cells for cells, _ in rows), strict=True)
    columns = tuple(np.array(cells, dtype=dtype) for cells, (_, dtype) in zip(told, kind.fields, strict=True))
    return RawRecords(kind, columns, np.array([row for _, row in rows]), file, ticks=kind is MARK_PRICES)


def _flat(levels: Levels) -> list[float]:
    """Price and size by turns."""
    flat = [float(cell) for level in levels for cell in level[:2]]
    # A sum is finite where all numbers are.
    if len(flat) != 2 * len(levels) or not math.isfinite(sum(flat)):
        raise ValueError("a level without a price or a size")
    if flat and not (min(flat[::2]) > 0 and min(flat[1::2]) >= 0):
        raise ValueError("a level without a price above zero and a size of zero or more")
    return flat


def _id(number: int | None) -> int:
    return NO_ID if number is None else number
