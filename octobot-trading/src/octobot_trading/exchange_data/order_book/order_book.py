# SPDX-License-Identifier: Apache-2.0
"""The order book of one market, as tentacles read it, and how far it can be trusted."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from octobot_trading.errors import InvalidLevelError
from octobot_trading.exchange_data.freshness import Freshness, StaleReason
from octobot_trading.exchange_data.order_book._book import Book
from octobot_trading.exchange_data.order_book.checksums import ChecksumRule, LevelTexts, require_texts
from octobot_trading.exchange_data.order_book.sequences import Sequence as UpdateSequence
from octobot_trading.exchange_data.order_book.sequences import SequenceRule, UpdateIds, Verdict
from octobot_trading.util import FloatArray

Side: TypeAlias = Literal["bids", "asks"]
#: Rows of [price, size] or a float64 array of shape (n, 2).
Rows: TypeAlias = Sequence[Sequence[Any]] | FloatArray


class _Delta(NamedTuple):
    bids: Rows
    asks: Rows
    time: float
    ids: UpdateIds | None
    checksum: int | None


class OrderBook(Book):
    """Bids and asks by price, fed with a venue's snapshots and deltas in the order of their arrival.

    A delta that does not follow, an unusable row or a wrong checksum makes the book stale: what it holds stays as it
    is, and no delta is applied before the next snapshot. Where a sequence rule tells which deltas a snapshot contains,
    those that come meanwhile are kept and applied after it. Crossed it is for as long as it is crossed: venues that
    spread one change over several messages pass through such states.

    Args:
        symbol: of the market, like ``BTC/USDT``.
        tick_size: the market's price step, 0 where it is not known.
        sequence: how the venue numbers updates; see ``sequences.VENUE_RULES``.
        checksum: the venue's checksum; its rows must then be the venue's own texts.
        depth_limit: how many levels a side the venue's updates cover; levels beyond them are dropped.
        silence_seconds: how long nothing may be heard before the book is stale.
        pending_limit: how many deltas are kept for the next snapshot; the oldest are given up.
    """

    def __init__(
        self,
        symbol: str,
        tick_size: float = 0.0,
        *,
        sequence: SequenceRule | None = None,
        checksum: ChecksumRule | None = None,
        depth_limit: int | None = None,
        silence_seconds: float = math.inf,
        pending_limit: int = 1000,
    ) -> None:
        super().__init__(tick_size)
        self.symbol = symbol
        self.depth_limit = depth_limit
        self.freshness = Freshness(silence_seconds, StaleReason.NO_SNAPSHOT)
        self._sequence = None if sequence is None else UpdateSequence(sequence)
        self._texts = None if checksum is None else LevelTexts(checksum)
        self._pending: deque[_Delta] = deque(maxlen=pending_limit)

    def expect(self, sequence: SequenceRule) -> None:
        """How the venue numbers updates, where that was not known at first; the next delta is taken on trust."""
        self._sequence = UpdateSequence(sequence)
        self._sequence.start(None)

    def apply_snapshot(
        self, bids: Rows, asks: Rows, *, time: float, nonce: int | None = None, checksum: int | None = None
    ) -> bool:
        """Replace all levels, then apply the deltas kept for this; whether the book is now in step with the venue.

        Args:
            bids: rows of [price, size] or a float64 array of shape (n, 2), in any order.
            asks: likewise.
            time: when it was received, in Unix seconds.
            nonce: its number, where the venue numbers updates. Without it no kept delta is applied, as nothing tells
                which of them it contains, and the next delta is taken on trust.
            checksum: that came with it.

        Raises:
            InvalidLevelError: a row is unusable. The levels are as before and the book is stale.
        """
        kept = list(self._pending)
        self._take(_Delta(bids, asks, time, None, checksum), whole=True)
        self._pending.clear()
        if self._sequence is not None:
            self._sequence.start(nonce)
            for delta in kept if nonce is not None else ():
                self._follow(delta)
        return self.freshness.fault is None

    def apply_delta(
        self, bids: Rows, asks: Rows, *, time: float, ids: UpdateIds | None = None, checksum: int | None = None
    ) -> bool:
        """Set the sizes of prices, 0 taking a level away; whether the delta was applied.

        It is not where the snapshot contains it already, and not while the book waits for a snapshot. Rows that are
        kept for that snapshot must not be changed.

        Args:
            bids: rows of [price, size] or a float64 array of shape (n, 2).
            asks: likewise.
            time: when it was received, in Unix seconds.
            ids: its numbers; needed where the book has a sequence rule.
            checksum: that the book must have afterwards.

        Raises:
            InvalidLevelError: a row is unusable. The levels are as before and the book is stale.
            ValueError: the numbers that the sequence rule needs are missing. The levels are as before and the book is
                stale.
        """
        return self._follow(_Delta(bids, asks, time, ids, checksum))

    def load(self, structure: Mapping[str, Any], *, time: float) -> bool:
        """Take a snapshot in ccxt's form, ``{"bids": [[price, size], ...], "asks": ..., "nonce": ...}``.

        Raises:
            InvalidLevelError: as ``apply_snapshot``.
        """
        return self.apply_snapshot(structure["bids"], structure["asks"], time=time, nonce=structure.get("nonce"))

    def heard(self, time: float) -> None:
        """The venue said that it is there and that nothing changed."""
        self.freshness.heard(time)

    def lose(self, reason: StaleReason) -> None:
        """Make the book stale until its next snapshot; deltas that were kept for that are given up."""
        self._pending.clear()
        self.freshness.lose(reason)

    def age(self, now: float) -> float:
        """Seconds since anything was heard of this market, infinite before the first time."""
        return self.freshness.age(now)

    def stale_reason(self, now: float | None = None) -> StaleReason | None:
        """Why the book must not be relied on, None when it may; silence is judged where ``now`` is given."""
        if self.freshness.fault is not None:
            return self.freshness.fault
        if self.is_crossed:
            return StaleReason.CROSSED
        return self.freshness.stale_reason(now)

    def is_stale(self, now: float | None = None) -> bool:
        """Whether there is a reason not to rely on the book."""
        return self.stale_reason(now) is not None

    def depth(self, limit: int = -1) -> tuple[list[list[float]], list[list[float]]]:
        """The best ``limit`` bids and asks, best first, as fresh lists of ``[price, size]``; -1 means all."""
        return self.levels("bids", limit), self.levels("asks", limit)

    def depth_arrays(self, limit: int = -1) -> tuple[FloatArray, FloatArray]:
        """``depth`` as fresh float64 arrays of shape (n, 2)."""
        return self.levels_array("bids", limit), self.levels_array("asks", limit)

    def slippage(self, side: Side, volume: float) -> float | None:
        """How much worse than the best price the average price for taking ``volume`` off a side is.

        A fraction of the best price (0.001 is 0.1 %), None where the side holds less than ``volume``.
        """
        average = self.average_price(side, volume)
        best = self.best_bid if side == "bids" else self.best_ask
        return None if average is None or best is None else abs(average - best) / best

    def _follow(self, delta: _Delta) -> bool:
        self.heard(delta.time)
        if self._sequence is None:
            return self.freshness.fault is None and self._take(delta)
        if delta.ids is None:
            raise self._unnumbered(ValueError(f"the updates of {self.symbol} must come with their numbers"))
        if self.freshness.fault is None:
            try:
                verdict = self._sequence.check(delta.ids)
            except ValueError as error:
                raise self._unnumbered(error) from None
            if verdict is Verdict.APPLY:
                return self._take(delta)
            if verdict is Verdict.DROP:
                return False
            self.freshness.lose(StaleReason.SEQUENCE_GAP)
        self._pending.append(delta)
        return False

    def _unnumbered(self, error: ValueError) -> ValueError:
        if self.freshness.fault is None:
            self.freshness.lose(StaleReason.INVALID_UPDATE)
        return error

    def _take(self, delta: _Delta, whole: bool = False) -> bool:
        self.heard(delta.time)
        try:
            if self._texts is not None:
                require_texts("bids", delta.bids)
                require_texts("asks", delta.asks)
            (self.replace if whole else self.update)(delta.bids, delta.asks)
        except InvalidLevelError:
            self.freshness.lose(StaleReason.INVALID_UPDATE)
            raise
        if whole:
            self.freshness.fault = None
        dropped = 0 if self.depth_limit is None else self.truncate(self.depth_limit)
        if self._texts is not None:
            self._check_texts(self._texts, delta, whole, dropped)
        return True

    def _check_texts(self, texts: LevelTexts, delta: _Delta, whole: bool, dropped: int) -> None:
        (texts.replace if whole else texts.update)(delta.bids, delta.asks)
        if dropped and len(texts) > 2 * len(self):
            texts.forget_dropped(self)
        if delta.checksum is not None and not texts.matches(self, delta.checksum):
            self.freshness.lose(StaleReason.CHECKSUM_FAILED)
