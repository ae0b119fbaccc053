# SPDX-License-Identifier: Apache-2.0
"""How venues number the updates of a book, and whether one was missed.

A rule compares the numbers of one update with what came before; it keeps nothing. ``Sequence`` keeps the place.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Protocol


class UpdateIds(NamedTuple):
    """The numbers of one update: of the last change in it and, where the venue tells, of the first and of the
    update before."""

    last: int
    first: int | None = None
    previous: int | None = None


class Verdict(Enum):
    """What to do with an update."""

    APPLY = "apply"
    DROP = "drop"
    GAP = "gap"


class SequenceRule(Protocol):
    """A venue's rule."""

    def after_snapshot(self, snapshot_id: int, ids: UpdateIds) -> Verdict:
        """Whether this can be the first update after a snapshot; DROP for one that the snapshot contains."""

    def follows(self, last: int, ids: UpdateIds) -> Verdict:
        """Whether this is the update after the one whose last change was ``last``; APPLY or GAP."""


class RangeRule:
    """Updates that name their first and last change: Binance spot ("U", "u"), KuCoin ("sequenceStart", "sequenceEnd").

    https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams, "How to manage a local order book
    correctly": what ends at or before the snapshot's lastUpdateId is dropped, the first one applied contains
    lastUpdateId + 1, and each later one begins right after the one before.
    """

    def after_snapshot(self, snapshot_id: int, ids: UpdateIds) -> Verdict:
        if ids.last <= snapshot_id:
            return Verdict.DROP
        return Verdict.APPLY if _known(ids.first, "first") <= snapshot_id + 1 else Verdict.GAP

    def follows(self, last: int, ids: UpdateIds) -> Verdict:
        return Verdict.APPLY if _known(ids.first, "first") == last + 1 else Verdict.GAP


class LinkedRule:
    """Updates that name the one before: Binance futures ("pu"), Deribit ("prev_change_id"), OKX ("prevSeqId").

    https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams, "How to manage a
    local order book correctly": what ends before the snapshot's lastUpdateId is dropped, and each later one names the
    last change of the one before. The first one applied need not begin at or before lastUpdateId, as that page has
    it, only follow an update that does: the numbers are shared by all markets, so a quiet market's next update
    begins later though nothing was missed.
    """

    def after_snapshot(self, snapshot_id: int, ids: UpdateIds) -> Verdict:
        if ids.last < snapshot_id:
            return Verdict.DROP
        return Verdict.APPLY if _known(ids.previous, "previous") <= snapshot_id else Verdict.GAP

    def follows(self, last: int, ids: UpdateIds) -> Verdict:
        return Verdict.APPLY if _known(ids.previous, "previous") == last else Verdict.GAP


class IncreasingRule:
    """Numbers that only grow: a missed update goes unseen, a repeated one or one out of order does not."""

    def after_snapshot(self, snapshot_id: int, ids: UpdateIds) -> Verdict:
        return Verdict.APPLY if ids.last > snapshot_id else Verdict.DROP

    def follows(self, last: int, ids: UpdateIds) -> Verdict:
        return Verdict.APPLY if ids.last > last else Verdict.GAP


#: By ccxt's id of the exchange. An exchange that is not here numbers nothing that is known.
VENUE_RULES: dict[str, SequenceRule] = {
    "binance": RangeRule(),
    "binanceus": RangeRule(),
    "kucoin": RangeRule(),
    "binanceusdm": LinkedRule(),
    "binancecoinm": LinkedRule(),
    "deribit": LinkedRule(),
    "okx": LinkedRule(),
}
#: Exchanges whose trades have ids that count one by one in each market, by ccxt's id.
NUMBERED_TRADES = frozenset({"binance", "binanceus", "binanceusdm", "binancecoinm"})


class Sequence:
    """Where in a venue's numbering a book is."""

    def __init__(self, rule: SequenceRule) -> None:
        self.rule = rule
        self._snapshot_id: int | None = None
        self._last: int | None = None

    def start(self, snapshot_id: int | None) -> None:
        """A snapshot was taken. Without its number the next update is taken on trust."""
        self._snapshot_id = snapshot_id
        self._last = None

    def check(self, ids: UpdateIds) -> Verdict:
        """What to do with the next update; APPLY moves on to it.

        Raises:
            ValueError: it lacks a number that the rule needs.
        """
        if self._last is not None:
            verdict = self.rule.follows(self._last, ids)
        elif self._snapshot_id is not None:
            verdict = self.rule.after_snapshot(self._snapshot_id, ids)
        else:
            verdict = Verdict.APPLY
        if verdict is Verdict.APPLY:
            self._last = ids.last
        return verdict


def _known(number: int | None, name: str) -> int:
    if number is None:
        raise ValueError(f"this venue's updates must come with the number {name!r}")
    return number
