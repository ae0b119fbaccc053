# SPDX-License-Identifier: Apache-2.0
"""Checksums of a session's books, taken over the venue's own digits while they are at hand."""

from __future__ import annotations

from octobot_trading.errors import InvalidLevelError
from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.exchange_data.order_book.checksums import ChecksumRule
from octobot_trading.exchange_data.order_book.order_book import OrderBook
from octobot_trading.history.readers.venues.events import BookEvent


class Checksums:
    """Books of a session by the venue's names; without a rule nothing is checked."""

    def __init__(self, rule: ChecksumRule | None) -> None:
        self._rule = rule
        self._books: dict[str, OrderBook] = {}
        self._counts: dict[str, list[int]] = {}

    def give(self, event: BookEvent) -> None:
        """Apply a message; after a failure nothing is checked before the next snapshot."""
        if self._rule is None:
            return
        book = self._books.get(event.symbol)
        if book is None:
            book = self._books[event.symbol] = OrderBook(event.symbol, checksum=self._rule)
        counts = self._counts.setdefault(event.symbol, [0, 0])
        was_checked = event.whole or book.stale_reason() in (None, StaleReason.CROSSED)
        try:
            if event.whole:
                book.depth_limit = event.depth_limit
                book.apply_snapshot(event.bids, event.asks, time=event.time, checksum=event.checksum)
            else:
                book.apply_delta(event.bids, event.asks, time=event.time, checksum=event.checksum)
        except InvalidLevelError:
            # Numbers where the venue writes texts: the level is one, but its digits are not known.
            counts[1] += event.checksum is not None
            return
        if event.checksum is not None and was_checked:
            counts[book.stale_reason() is StaleReason.CHECKSUM_FAILED] += 1

    def counts(self, symbol: str) -> tuple[int, int]:
        """How many were verified and how many failed."""
        verified, failed = self._counts.get(symbol, (0, 0))
        return verified, failed
