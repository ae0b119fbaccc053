# SPDX-License-Identifier: Apache-2.0
"""Which orders a candle fills: the compiled book against its plain twin, and each rule by example."""

from __future__ import annotations

import math
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot_trading.exchanges.simulated._matching import (
    BUY_LIMIT,
    BUY_STOP,
    BUY_TRAIL,
    MARKET,
    NEUTRAL,
    OPTIMISTIC,
    PESSIMISTIC,
    SELL_LIMIT,
    SELL_STOP,
    SELL_TAKE,
    SELL_TRAIL,
    MatchingBook,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))
from matching_reference import MatchingBookReference

_RULES = (PESSIMISTIC, NEUTRAL, OPTIMISTIC)
_price = st.integers(92, 108).map(float)
_add = st.tuples(st.just("add"), st.integers(MARKET, SELL_TAKE), _price, st.integers(-90, 90))
_trail = st.tuples(
    st.just("trail"), st.sampled_from([BUY_TRAIL, SELL_TRAIL]), st.integers(0, 12).map(float), st.booleans()
)
#: (jump at the open, change until the close, how far above and below, whether what matches stays unfilled)
_candle = st.tuples(
    st.just("candle"), st.integers(-4, 4), st.integers(-4, 4).map(float),
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()),
)  # fmt: skip
_other = st.one_of(
    st.tuples(st.just("remove"), st.integers(0, 40), st.just(0.0), st.none()),
    st.tuples(st.just("end"), st.integers(1, 40), st.just(0.0), st.integers(0, 100)),
)
_steps = st.builds(
    lambda first, then: [*first, *then],
    st.lists(st.one_of(_add, _add, _trail), max_size=25),
    st.lists(st.one_of(_candle, _candle, _add, _trail, _other), max_size=30),
)


class _Both:
    """A book and its twin, told the same; what matches is filled, and now and then brings up another order."""

    def __init__(self, rule: int) -> None:
        self.book, self.twin = MatchingBook(rule), MatchingBookReference(rule)
        self.time, self.last_price, self.last = 0.0, 100.0, 0

    def add(self, *args: Any) -> int:
        self.last += 1
        self.book.add(self.last, *args)
        self.twin.add(self.last, *args)
        return self.last

    def remove(self, key: int) -> None:
        assert self.book.remove(key) == self.twin.remove(key)

    def candle(self, jump: int, change: float, above: int, below: int, stays: bool) -> None:
        opened = max(1.0, self.last_price + jump)
        close = max(1.0, opened + change)
        found = self.book.match_open(opened, self.time)
        self.fill(found, self.twin.match_open(opened, self.time), 1, stays)
        prices = (opened, max(opened, close) + above, max(0.5, min(opened, close) - below), close)
        begin, self.time = self.time, self.time + 60.0
        found = self.book.match_range(*prices, begin, self.time)
        self.fill(found, self.twin.match_range(*prices, begin, self.time), 3, stays)
        assert self.book.is_ambiguous == self.twin.is_ambiguous
        self.last_price = close

    def fill(self, found: list[Any], expected: list[Any], generations: int, stays: bool = False) -> None:
        """Take out what matches, but for limits that find nobody to trade with."""
        assert found == expected
        for match in found:
            if not (stays and self.twin.orders[match[2]].kind in (BUY_LIMIT, SELL_LIMIT)):
                self.remove(match[2])
        if generations:
            for match in found:
                self.bring_up(match, generations - 1)

    def bring_up(self, match: Any, generations: int) -> None:
        kind = match[2] * 7 % 9
        price = (math.nan, 2.0) if kind >= BUY_TRAIL else (match[3] + match[2] * 5 % 11 - 5,)
        key = self.add(kind, *price)
        came, should_come = (side.activate(key, match[3], *match[6:]) for side in (self.book, self.twin))
        self.fill([came] if came else [], [should_come] if should_come else [], generations)

    def check(self) -> None:
        assert len(self.book) == len(self.twin)
        assert self.book.gap_through_stops == self.twin.gap_through_stops
        assert self.book.price == self.twin.price or math.isnan(self.twin.price)
        for key in self.twin.orders:
            stop = self.twin.stop_price(key)
            assert self.book.stop_price(key) == stop or math.isnan(stop)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(_RULES), _steps)
def test_like_its_twin(rule: int, steps: list[tuple[str, int, float, Any]]) -> None:
    _compare(rule, steps)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(st.sampled_from(_RULES), _steps)
def test_like_its_twin_for_long(rule: int, steps: list[tuple[str, int, float, Any]]) -> None:
    _compare(rule, steps)


def _compare(rule: int, steps: list[tuple[str, int, float, Any]]) -> None:
    both = _Both(rule)
    for what, value, price, more in steps:
        if what == "add":
            both.add(value, math.nan if value == MARKET else price, math.nan, False, both.time + more)
        elif what == "trail":
            distance = 0.05 if more else 1.0 + price
            both.add(value, math.nan if price > 6 else 100.0 + (5 if value == BUY_TRAIL else -5), distance, more)
        elif what == "remove":
            both.remove(value)
        elif what == "end":
            if value in both.twin.orders:
                both.book.set_end(value, both.time + more)
                both.twin.set_end(value, both.time + more)
        else:
            both.candle(value, price, *more)
        both.check()


def _waiting(kind: int, price: float) -> MatchingBook:
    """A book with one order that has seen an open."""
    book = MatchingBook()
    book.add(1, kind, price)
    assert book.match_open(100.0) == []
    return book


@pytest.mark.parametrize(
    ("kind", "price", "opened_at"),
    [(BUY_LIMIT, 95, 94), (SELL_LIMIT, 105, 107), (BUY_STOP, 105, 106), (SELL_STOP, 95, 90)],
)
def test_a_gap_fills_at_the_gap(kind: int, price: float, opened_at: float) -> None:
    is_taker = kind in (BUY_STOP, SELL_STOP)
    assert _short(_waiting(kind, price).match_open(opened_at)) == [(1, opened_at, is_taker)]


def _short(matches: list[Any]) -> list[tuple[int, float, bool]]:
    """(key, price, whether it takes)."""
    return [(match[2], match[3], match[5]) for match in matches]


def test_a_limit_needs_a_trade_through_its_price() -> None:
    assert _waiting(BUY_LIMIT, 95).match_range(100, 101, 95, 100) == []
    assert _short(_waiting(BUY_LIMIT, 95).match_range(100, 101, 94.99, 100)) == [(1, 95, False)]
    assert _waiting(SELL_LIMIT, 105).match_range(100, 105, 99, 100) == []
    assert _short(_waiting(SELL_LIMIT, 105).match_range(100, 105.01, 99, 100)) == [(1, 105, False)]


def test_a_touch_triggers_a_stop() -> None:
    assert _short(_waiting(SELL_STOP, 95).match_range(100, 101, 95, 100)) == [(1, 95, True)]
    assert _short(_waiting(BUY_STOP, 105).match_range(100, 105, 99, 100)) == [(1, 105, True)]
    assert _waiting(SELL_STOP, 95).match_range(100, 101, 95.01, 100) == []


def test_stops_come_before_limits_whatever_came_first() -> None:
    book = MatchingBook()
    book.add(1, SELL_LIMIT, 105)
    book.add(2, SELL_STOP, 95)
    book.match_open(100)
    assert [match[2] for match in book.match_range(100, 106, 94, 100)] == [2, 1]


def test_a_market_order_fills_at_the_next_price() -> None:
    book = MatchingBook()
    book.match_open(100.0, 0.0)
    book.add(1, MARKET, effective_time=60.0)
    assert book.match_range(100, 110, 90, 100, 0.0, 60.0) == []
    assert _short(book.match_open(103, 60.0)) == [(1, 103, True)]


def test_an_order_that_comes_beyond_the_price_takes() -> None:
    book = MatchingBook()
    book.match_open(100, 0.0)
    book.add(1, BUY_LIMIT, 101, effective_time=15.0)
    # After a quarter of the candle the price is taken to be a quarter of its way from open to close.
    assert _short(book.match_range(100, 104, 96, 98, 0.0, 60.0)) == [(1, 99.5, True)]
    other = MatchingBook()
    other.add(1, BUY_LIMIT, 101)
    assert _short(other.match_open(100)) == [(1, 100, True)]


@pytest.mark.parametrize(
    ("rule", "kind", "price"),
    [
        (OPTIMISTIC, SELL_STOP, 96),
        (OPTIMISTIC, BUY_STOP, 104),
        (PESSIMISTIC, BUY_LIMIT, 96),
        (PESSIMISTIC, SELL_LIMIT, 104),
    ],
)
def test_an_order_that_comes_at_the_open_has_the_whole_candle_ahead(rule: int, kind: int, price: float) -> None:
    book = MatchingBook(rule)
    book.match_open(100, 0.0)
    book.add(1, kind, price, effective_time=0.0)
    (match,) = book.match_range(100, 105, 95, 100, 0.0, 60.0)
    assert (match[2], match[3]) == (1, price)
    assert not book.is_ambiguous


def test_a_limit_that_was_touched_gets_no_better_price_of_a_pessimist() -> None:
    book = _waiting(SELL_LIMIT, 105)
    assert book.match_range(100, 105, 99, 104) == []
    ((_, _, key, price, is_at_own_price, is_taker, _, _),) = book.match_open(107)
    assert (key, price, is_at_own_price, is_taker) == (1, 107, True, False)
    assert not _waiting(SELL_LIMIT, 105).match_open(107)[0][4]


@pytest.mark.parametrize(("rule", "fills"), [(PESSIMISTIC, False), (OPTIMISTIC, True)])
def test_what_comes_after_its_end_is_not_certain(rule: int, fills: bool) -> None:
    book = MatchingBook(rule)
    book.add(1, BUY_LIMIT, 95)
    book.match_open(100, 0.0)
    book.set_end(1, 30.0)
    assert bool(book.match_range(100, 101, 90, 100, 0.0, 60.0)) is fills
    assert book.is_ambiguous


@pytest.mark.parametrize("seed", range(20))
def test_a_large_book_finds_what_is_reached(seed: int) -> None:
    """However many have been taken out of the middle."""
    source = random.Random(seed)
    book, prices = MatchingBook(OPTIMISTIC), {}
    for key in range(200):
        kind = source.choice([BUY_LIMIT, SELL_LIMIT, BUY_STOP, SELL_STOP])
        distance = source.randint(1, 2_000)
        prices[key] = kind, 10_000.0 + (distance if kind in (SELL_LIMIT, BUY_STOP) else -distance)
        book.add(key, *prices[key])
    book.match_open(10_000.0)
    while prices:
        reach = source.randint(1, 2_000)
        found = {match[2] for match in book.match_range(10_000, 10_000 + reach, 10_000 - reach, 10_000)}
        assert found == {key for key, (_, price) in prices.items() if abs(price - 10_000) <= reach}
        for key in source.sample(sorted(prices), min(7, len(prices))):
            book.remove(key)
            del prices[key]


def test_nonsense_is_refused() -> None:
    book = MatchingBook()
    book.add(1, BUY_LIMIT, 100)
    with pytest.raises(ValueError, match="in the book already"):
        book.add(1, BUY_LIMIT, 100)
    with pytest.raises(ValueError, match="kind"):
        book.add(2, 19, 100)
    for price in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="is no price"):
            book.add(3, SELL_LIMIT, price)
    assert len(book) == 1
