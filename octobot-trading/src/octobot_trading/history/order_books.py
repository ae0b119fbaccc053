# SPDX-License-Identifier: Apache-2.0
"""Recorded order books as columns: snapshots and deltas in the order of their arrival, and their replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.exchange_data.order_book.order_book import OrderBook
from octobot_trading.exchange_data.order_book.sequences import (
    IncreasingRule,
    LinkedRule,
    RangeRule,
    SequenceRule,
    UpdateIds,
)
from octobot_trading.history.candle_series import Gap
from octobot_trading.history.kinds import ASK, BID, DELTA, NO_ID, ORDER_BOOK, SNAPSHOT
from octobot_trading.history.records import IntArray, RecordSeries, span_places
from octobot_trading.history.session_counts import BookCounts
from octobot_trading.util import FloatArray


class BookMessage(NamedTuple):
    """A snapshot, or a delta where ``whole`` is False; the sides are float64 arrays of shape (n, 2), price and size.

    ``nonce`` is a snapshot's number, ``ids`` are a delta's, each None where the venue tells none. ``depth_limit``: how
    many levels a side the venue's updates cover, None for all.
    """

    time: float
    whole: bool
    bids: FloatArray
    asks: FloatArray
    nonce: int | None
    ids: UpdateIds | None
    depth_limit: int | None = None


class OrderBookSeries(RecordSeries):
    """Snapshots and deltas of one market, a row per level; ``messages`` puts them together again."""

    __slots__ = ()
    kind = ORDER_BOOK

    @property
    def price(self) -> FloatArray:
        """Prices; 0 in a row without a level."""
        return self.columns[4]

    @property
    def size(self) -> FloatArray:
        """Sizes in the venue's unit; 0 takes a level away."""
        return self.columns[5]

    @property
    def message_count(self) -> int:
        """How many snapshots and deltas there are."""
        return len(message_starts(self.columns[1]))

    def slice(self, start_time: float | None = None, end_time: float | None = None) -> Self:
        """The messages with ``start_time <= time < end_time``, numbered from 0 again; breaks are counted anew."""
        first, last = span_places(self.times, start_time, end_time)
        columns = [column[first:last] for column in self.columns]
        columns[1] = columns[1] - columns[1][0] if len(columns[1]) else columns[1]
        cut = replace(self, columns=tuple(columns))
        return replace(cut, quality=replace(self.quality, gaps=tuple(sequence_gaps(cut.messages()))))

    def messages(self) -> Iterator[BookMessage]:
        """Snapshots and deltas in the order of their arrival; their arrays are views and are read-only."""
        yield from book_messages(self.columns)

    def sequence_rule(self) -> SequenceRule | None:
        """The rule by which the venue numbers updates, told from which numbers there are; None where it does not."""
        _, _, event, _, _, _, first, last, previous = self.columns
        deltas = event == DELTA
        if (previous[deltas] != NO_ID).any():
            return LinkedRule()
        if (first[deltas] != NO_ID).any():
            return RangeRule()
        return IncreasingRule() if (last[deltas] != NO_ID).any() else None

    def new_book(self, tick_size: float = 0.0) -> OrderBook:
        """An empty book that these messages can be applied to."""
        return OrderBook(self.symbol, tick_size, sequence=self.sequence_rule())

    def replay(self, book: OrderBook) -> BookCounts:
        """Apply all messages to a book of ``new_book`` and count."""
        counted = _Replay(book)
        for message in self.messages():
            counted.give(message)
        return counted.counts()


def apply_message(book: OrderBook, message: BookMessage) -> bool:
    """Give a message to a book; whether the book took it.

    Raises:
        InvalidLevelError: a row is unusable; a stored series has none.
        ValueError: the book has a sequence rule and the delta has not the numbers for it.
    """
    if message.whole:
        if message.depth_limit is not None:
            book.depth_limit = message.depth_limit
        return book.apply_snapshot(message.bids, message.asks, time=message.time, nonce=message.nonce)
    return book.apply_delta(message.bids, message.asks, time=message.time, ids=message.ids)


def sequence_gaps(messages: Iterable[BookMessage]) -> Iterator[Gap]:
    """Where an update was missed: from the message before it was seen to the one by which it was seen.

    How many are missing between is not told by all venues; each place counts as one.
    """
    book: OrderBook | None = None
    snapshot: BookMessage | None = None
    before: float | None = None
    for message in messages:
        bare = message._replace(bids=_NO_LEVELS, asks=_NO_LEVELS, depth_limit=None)
        if book is None and message.ids is not None:
            # Only a delta tells how updates are numbered.
            book = OrderBook("", sequence=rule_of(message.ids))
            if snapshot is not None:
                apply_message(book, snapshot)
        if book is None:
            snapshot = bare if message.whole else snapshot
        else:
            was_missed = book.stale_reason() is StaleReason.SEQUENCE_GAP
            apply_message(book, bare)
            if not was_missed and book.stale_reason() is StaleReason.SEQUENCE_GAP:
                yield Gap(message.time if before is None else before, message.time, 1)
        before = message.time


def rule_of(ids: UpdateIds) -> SequenceRule:
    """The rule that the numbers of a delta fit."""
    if ids.previous is not None:
        return LinkedRule()
    return IncreasingRule() if ids.first is None else RangeRule()


def message_starts(numbers: IntArray) -> NDArray[np.intp]:
    """The first row of each message."""
    return np.flatnonzero(np.diff(numbers, prepend=-1))


_NO_LEVELS = np.empty((0, 2))


class _Replay:
    def __init__(self, book: OrderBook) -> None:
        self._book = book
        self._numbers = dict.fromkeys(("messages", "snapshots", "not_applied", "breaks", "crossed"), 0)

    def give(self, message: BookMessage) -> None:
        numbers, book = self._numbers, self._book
        was_missed = book.stale_reason() is StaleReason.SEQUENCE_GAP
        applied = apply_message(book, message)
        reason = book.stale_reason()
        numbers["messages"] += 1
        numbers["snapshots"] += message.whole
        numbers["not_applied"] += not (applied or message.whole)
        numbers["crossed"] += reason is StaleReason.CROSSED
        numbers["breaks"] += reason is StaleReason.SEQUENCE_GAP and not was_missed

    def counts(self) -> BookCounts:
        return BookCounts(**self._numbers)


def book_messages(columns: tuple[NDArray[Any], ...]) -> Iterator[BookMessage]:
    """The messages of columns of ``kinds.ORDER_BOOK``."""
    times, numbers, event, side, price, size, first, last, previous = columns
    if not len(times):
        return
    levels = np.stack((price, size), axis=1)
    levels.flags.writeable = False
    starts = message_starts(numbers)
    # Bids come first in a message, then asks, then what is no level.
    bids = np.add.reduceat(side == BID, starts, dtype=np.int64)
    asks = np.add.reduceat(side == ASK, starts, dtype=np.int64)
    ends = np.append(starts[1:], len(times))
    limits = np.where(side[ends - 1] == 0, size[ends - 1], 0).astype(np.int64)
    told = (
        column.tolist()
        for column in (
            starts,
            starts + bids,
            starts + bids + asks,
            limits,
            times[starts],
            event[starts],
            first[starts],
            last[starts],
            previous[starts],
        )
    )
    for start, middle, end, limit, time, kind, first_id, last_id, previous_id in zip(*told, strict=True):
        whole = kind == SNAPSHOT
        nonce, ids = None, None
        if whole:
            nonce = _told(last_id)
        elif last_id != NO_ID:
            ids = UpdateIds(last_id, _told(first_id), _told(previous_id))
        yield BookMessage(time, whole, levels[start:middle], levels[middle:end], nonce, ids, limit or None)


def _told(number: int) -> int | None:
    return None if number == NO_ID else number
