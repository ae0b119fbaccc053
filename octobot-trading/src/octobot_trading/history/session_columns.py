# SPDX-License-Identifier: Apache-2.0
"""The events of one market of a session, gathered into the columns of each kind."""

from __future__ import annotations

from array import array
from collections import Counter
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
from octobot_trading.history.readers.event_checks import check_head, flat_levels
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    FundingEvent,
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
        bids, asks = flat_levels(event.bids), flat_levels(event.asks)
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
    """One market; ``superseded`` counts by kind what another one of the same instant replaced."""

    book: BookColumns = field(default_factory=BookColumns)
    trades: list[tuple[TradeEvent, int]] = field(default_factory=list)
    tickers: dict[float, tuple[TickerEvent, int]] = field(default_factory=dict)
    fundings: dict[float, tuple[FundingEvent, int]] = field(default_factory=dict)
    marks: dict[float, tuple[MarkEvent, int]] = field(default_factory=dict)
    superseded: Counter[str] = field(default_factory=Counter)
    #: Trades told a second time, as fills of one order in one.
    aggregated: int = 0

    def add(self, event: Event, row: int) -> None:
        """Keep an event.

        Raises:
            ValueError: it holds what cannot be; nothing of it was kept.
        """
        check_head(event)
        if isinstance(event, BookEvent):
            self.book.add(event, row)
        elif isinstance(event, TradeEvent):
            self.trades.append((event, row))
        elif isinstance(event, TickerEvent):
            self.superseded[TICKERS.name] += event.time in self.tickers
            self.tickers[event.time] = event, row
        elif isinstance(event, FundingEvent):
            self.superseded[FUNDING.name] += event.time in self.fundings
            self.fundings[event.time] = event, row
        elif isinstance(event, MarkEvent):
            self.superseded[MARK_PRICES.name] += event.time in self.marks
            self.marks[event.time] = event, row

    def __len__(self) -> int:
        return len(self.book) + len(self.trades) + len(self.tickers) + len(self.fundings) + len(self.marks)

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


def _raw(kind: RecordKind, rows: Rows, file: str) -> RawRecords:
    # Trades of one time by their ids, as the store has them.
    rows = sorted(rows, key=lambda one: (one[0][0], one[0][-1] if kind is TRADES else 0))
    told = zip(*(cells for cells, _ in rows), strict=True)
    columns = tuple(np.array(cells, dtype=dtype) for cells, (_, dtype) in zip(told, kind.fields, strict=True))
    return RawRecords(kind, columns, np.array([row for _, row in rows]), file, ticks=kind is MARK_PRICES)


def _id(number: int | None) -> int:
    return NO_ID if number is None else number
