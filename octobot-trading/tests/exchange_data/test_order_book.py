# SPDX-License-Identifier: Apache-2.0
"""What makes an order book stale and what brings it back; sequence rules; checksums."""

from __future__ import annotations

import math
import zlib
from typing import Any

import numpy as np
import pytest

from octobot_trading.errors import InvalidLevelError
from octobot_trading.exchange_data.order_book import KRAKEN, OKX, VENUE_RULES, OrderBook, StaleReason, UpdateIds
from octobot_trading.exchange_data.order_book.sequences import IncreasingRule, LinkedRule, RangeRule, Sequence, Verdict

BIDS, ASKS = [[9.0, 1.0], [8.0, 2.0]], [[10.0, 3.0], [11.0, 4.0]]
APPLY, DROP, GAP = Verdict.APPLY, Verdict.DROP, Verdict.GAP


def started(**options: Any) -> OrderBook:
    book = OrderBook("BTC/USDT", **options)
    book.apply_snapshot(BIDS, ASKS, time=100.0, nonce=50)
    return book


def ranged(first: int, last: int) -> UpdateIds:
    return UpdateIds(last, first)


def test_a_book_waits_for_its_snapshot() -> None:
    book = OrderBook("BTC/USDT", 0.01)
    assert (book.stale_reason(), book.age(5.0)) == (StaleReason.NO_SNAPSHOT, math.inf)
    assert not book.apply_delta(BIDS, [], time=1.0)
    assert len(book) == 0
    assert book.apply_snapshot(BIDS, ASKS, time=2.0)
    assert not book.is_stale()
    assert book.apply_delta([[9.0, 0], [9.5, 7.0]], np.array([[10.0, 1.0]]), time=3.0)
    assert book.depth() == ([[9.5, 7.0], [8.0, 2.0]], [[10.0, 1.0], [11.0, 4.0]])
    assert [side.tolist() for side in book.depth_arrays(1)] == [[[9.5, 7.0]], [[10.0, 1.0]]]
    assert book.age(5.0) == 2.0


def test_silence_is_judged_by_the_time_that_is_given() -> None:
    book = started(silence_seconds=10.0)
    assert book.stale_reason() is None
    assert book.stale_reason(110.0) is None
    assert book.stale_reason(110.5) is StaleReason.SILENT
    book.heard(105.0)
    assert not book.is_stale(110.5)
    book.apply_delta([], [], time=104.0)
    assert book.age(110.5) == 5.5


def test_crossed_for_as_long_as_it_is_crossed() -> None:
    book = started()
    assert book.apply_delta([[10.0, 1.0]], [], time=101.0)
    assert book.stale_reason() is StaleReason.CROSSED
    assert book.apply_delta([], [[10.0, 0]], time=102.0)
    assert not book.is_stale()


def test_an_unusable_update_makes_it_stale_until_the_next_snapshot() -> None:
    book = started()
    with pytest.raises(InvalidLevelError, match="row 1, asks"):
        book.apply_delta([[9.0, 5.0]], [[10.0, 1.0], [math.nan, 1.0]], time=101.0)
    assert book.stale_reason() is StaleReason.INVALID_UPDATE
    assert book.depth() == (BIDS, ASKS)
    assert not book.apply_delta([[9.0, 5.0]], [], time=102.0)
    assert book.apply_snapshot(BIDS, ASKS, time=103.0)


def test_only_the_levels_that_updates_cover_are_kept() -> None:
    book = started(depth_limit=2)
    book.apply_delta([[8.5, 1.0]], [[9.5, 1.0]], time=101.0)
    assert book.depth() == ([[9.0, 1.0], [8.5, 1.0]], [[9.5, 1.0], [10.0, 3.0]])


def test_what_ccxt_gives() -> None:
    book = OrderBook("BTC/USDT", sequence=RangeRule())
    assert book.load({"bids": [[9, "1", 1618.0]], "asks": (("10", 2, 3),), "nonce": 50, "timestamp": None}, time=1.0)
    assert book.depth() == ([[9.0, 1.0]], [[10.0, 2.0]])
    assert book.apply_delta([], [[10.0, 0]], time=2.0, ids=ranged(49, 51))


def test_prices_for_a_volume() -> None:
    book = started()
    assert book.average_price("asks", 5.0) == pytest.approx(10.4)
    assert book.worst_price("asks", 5.0) == 11.0
    assert book.slippage("asks", 5.0) == pytest.approx(0.04)
    assert book.slippage("bids", 2.0) == pytest.approx(0.5 / 9)
    assert (book.slippage("asks", 7.5), book.average_price("bids", 3.5)) == (None, None)
    # All that a side holds still has a price.
    for side, levels in zip(("bids", "asks"), book.depth(), strict=True):
        assert book.worst_price(side, sum(size for _, size in levels)) == levels[-1][0]
    assert (book.volume_to("asks", 10.5), book.volume_to("bids", 8.0)) == (3.0, 3.0)
    assert (book.mid, book.micro_price, book.imbalance()) == (9.5, 9.25, -0.5)
    assert book.imbalance(2) == pytest.approx(-0.4)


def test_updates_from_before_the_snapshot_are_applied_after_it() -> None:
    book = OrderBook("BTC/USDT", sequence=RangeRule())
    for first, last in ((45, 48), (49, 51), (52, 52)):
        assert not book.apply_delta([[first, 1.0]], [], time=1.0, ids=ranged(first, last))
    assert book.apply_snapshot([[9.0, 1.0]], [], time=2.0, nonce=50)
    assert book.depth()[0] == [[52.0, 1.0], [49.0, 1.0], [9.0, 1.0]]
    assert book.apply_delta([[1.0, 1.0]], [], time=3.0, ids=ranged(53, 60))
    assert not book.apply_delta([[2.0, 1.0]], [], time=4.0, ids=ranged(62, 63))
    assert book.stale_reason() is StaleReason.SEQUENCE_GAP
    assert not book.apply_delta([[3.0, 1.0]], [], time=5.0, ids=ranged(64, 64))
    # Too old a snapshot: what lies between it and the updates at hand is still missing.
    assert not book.apply_snapshot([[9.0, 1.0]], [], time=6.0, nonce=60)
    assert book.stale_reason() is StaleReason.SEQUENCE_GAP
    assert book.apply_snapshot([[9.0, 1.0]], [], time=7.0, nonce=61)
    assert book.depth()[0] == [[9.0, 1.0], [3.0, 1.0], [2.0, 1.0]]


def test_no_more_updates_are_kept_than_allowed() -> None:
    book = OrderBook("BTC/USDT", sequence=RangeRule(), pending_limit=3)
    for number in range(1, 6):
        book.apply_delta([[number, 1.0]], [], time=1.0, ids=ranged(number, number))
    assert not book.apply_snapshot([], [], time=2.0, nonce=1)
    assert book.stale_reason() is StaleReason.SEQUENCE_GAP
    assert book.apply_snapshot([], [], time=2.0, nonce=2)
    assert [price for price, _ in book.depth()[0]] == [5.0, 4.0, 3.0]


def test_without_its_number_a_snapshot_takes_nothing_that_was_kept() -> None:
    book = OrderBook("BTC/USDT", sequence=RangeRule())
    book.apply_delta([[3.0, 1.0]], [], time=1.0, ids=ranged(1, 3))
    assert book.apply_snapshot([[1.0, 1.0]], [], time=2.0)
    assert book.depth()[0] == [[1.0, 1.0]]
    assert book.apply_delta([[2.0, 1.0]], [], time=3.0, ids=ranged(8, 9))
    assert not book.apply_delta([[3.0, 1.0]], [], time=3.0, ids=ranged(11, 12))


def test_an_unusable_snapshot_keeps_what_waits_for_one() -> None:
    book = OrderBook("BTC/USDT", sequence=RangeRule())
    book.apply_delta([[3.0, 1.0]], [], time=1.0, ids=ranged(1, 3))
    with pytest.raises(InvalidLevelError):
        book.apply_snapshot([[-1.0, 1.0]], [], time=2.0, nonce=2)
    assert book.apply_snapshot([], [], time=3.0, nonce=2)
    assert book.best_bid == 3.0


@pytest.mark.parametrize(("ids", "message"), [(None, "must come with their numbers"), (UpdateIds(51), "'previous'")])
def test_an_update_without_the_numbers_it_needs_is_an_error_and_makes_it_stale_once(
    ids: UpdateIds | None, message: str
) -> None:
    book = started(sequence=LinkedRule())
    with pytest.raises(ValueError, match=message):
        book.apply_delta([[9.0, 0]], [], time=101.0, ids=ids)
    with pytest.raises(ValueError, match="must come with their numbers"):
        book.apply_delta([[9.0, 0]], [], time=101.0)
    assert (book.stale_reason(), book.freshness.losses) == (StaleReason.INVALID_UPDATE, 1)
    assert book.depth() == (BIDS, ASKS)
    assert book.apply_snapshot(BIDS, ASKS, time=102.0, nonce=60)
    assert not book.is_stale()


@pytest.mark.parametrize(
    ("rule", "steps"),
    [
        (RangeRule(), [((50, 40), DROP), ((51, 50), APPLY), ((52, 52), APPLY), ((54, 54), GAP), ((52, 52), GAP)]),
        (RangeRule(), [((60, 51), APPLY), ((70, 61), APPLY), ((80, 70), GAP)]),
        (RangeRule(), [((60, 52), GAP)]),
        (LinkedRule(), [((49, 0, 48), DROP), ((50, 0, 49), APPLY), ((60, 0, 50), APPLY), ((70, 0, 61), GAP)]),
        (LinkedRule(), [((60, 55, 45), APPLY), ((60, 60, 60), APPLY), ((59, 60, 59), GAP)]),
        (LinkedRule(), [((60, 55, 51), GAP)]),
        (IncreasingRule(), [((50,), DROP), ((70,), APPLY), ((71,), APPLY), ((71,), GAP), ((60,), GAP)]),
    ],
)
def test_sequence_rules_after_snapshot_50(rule: Any, steps: list[tuple[tuple[int, ...], Verdict]]) -> None:
    sequence = Sequence(rule)
    sequence.start(50)
    assert [sequence.check(UpdateIds(*ids)) for ids, _ in steps] == [verdict for _, verdict in steps]


def test_without_a_snapshots_number_the_first_update_is_trusted() -> None:
    sequence = Sequence(VENUE_RULES["binance"])
    sequence.start(None)
    assert [sequence.check(ranged(*pair)) for pair in ((7, 9), (10, 10), (12, 12))] == [APPLY, APPLY, GAP]


def test_the_texts_of_checksums() -> None:
    # Kraken's documentation of version 1 describes 0.05005 as "5005" and 0.00000500 as "500".
    bids, asks = [("0.05000", "0.00000500"), ("0.04995", "1.5")], [("0.05005", "0.00000500")]
    assert KRAKEN.text(bids, asks) == "500550050005004995" + "15"
    # The four levels by turns, then the side that is longer, of OKX's documentation.
    bids, asks = [("3366.1", "7")], [("3366.8", "9"), ("3368", "8"), ("3372", "8")]
    assert OKX.text(bids, asks) == "3366.1:7:3366.8:9:3368:8:3372:8"


def test_a_wrong_checksum_makes_it_stale_and_the_next_snapshot_brings_it_back() -> None:
    book = OrderBook("BTC/USDT", checksum=OKX)
    good = zlib.crc32(b"9.0:1:10:3")
    assert book.apply_snapshot([["9.0", "1"]], [["10", "3"]], time=1.0, checksum=good - 2**32)
    assert book.apply_delta([["8", "1"]], [], time=2.0, checksum=zlib.crc32(b"9.0:1:10:3:8:1"))
    assert book.apply_delta([["8.00", "0.0"]], [], time=2.0, checksum=good)
    book.apply_delta([["9.00", "1"]], [], time=3.0, checksum=good)
    assert book.stale_reason() is StaleReason.CHECKSUM_FAILED
    assert not book.apply_delta([["9.0", "1"]], [], time=4.0, checksum=good)
    assert book.apply_snapshot([["9.0", "1"]], [["10", "3"]], time=5.0, checksum=good)
    with pytest.raises(InvalidLevelError, match=r"row 0, asks: .*own texts"):
        book.apply_delta([], [[10.0, 1.0]], time=6.0)


def test_texts_of_dropped_levels_are_forgotten() -> None:
    book = OrderBook("BTC/USDT", checksum=KRAKEN, depth_limit=2)
    book.apply_snapshot([], [], time=1.0)
    for price in range(1, 100):
        book.apply_delta([[str(price), "1.0"]], [], time=2.0)
    assert book.depth() == ([[99.0, 1.0], [98.0, 1.0]], [])
    assert book._texts is not None
    assert len(book._texts) <= 4
    assert book._texts.matches(book, zlib.crc32(b"99109810"))
