# SPDX-License-Identifier: Apache-2.0
"""Which orders a candle fills: the compiled book against its plain twin, and each rule by example."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_trading.exchanges.simulated._matching import (
    BUY_LIMIT,
    BUY_STOP,
    MARKET,
    SELL_LIMIT,
    SELL_STOP,
    MatchingBook,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))
from matching_reference import MatchingBookReference

_price = st.integers(90, 110).map(float)
_step = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 4), _price),
    st.tuples(st.just("remove"), st.integers(0, 40), st.just(0.0)),
    st.tuples(st.just("open"), st.just(0), _price),
    st.tuples(st.just("range"), st.integers(0, 12), _price),
)


@given(st.lists(_step, max_size=80))
def test_like_its_twin(steps: list[tuple[str, int, float]]) -> None:
    book, twin = MatchingBook(), MatchingBookReference()
    last_open = 100.0
    for number, (what, value, price) in enumerate(steps):
        if what == "add":
            book.add(number, value, price)
            twin.add(number, value, price)
        elif what == "remove":
            assert book.remove(value) == twin.remove(value)
        elif what == "open":
            last_open = price
            fills = book.match_open(price)
            assert fills == twin.match_open(price)
            for key, _ in fills:
                book.remove(key)
                twin.remove(key)
        else:
            high, low = max(last_open, price) + value % 4, min(last_open, price) - value // 4
            found = book.match_range(last_open, high, low, last_open)
            assert found == twin.match_range(last_open, high, low, last_open)
            for key, _, _ in found:
                book.remove(key)
                twin.remove(key)
        assert len(book) == len(twin)
        assert book.price == twin.price or (book.price != book.price and twin.price is None)


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
    assert _waiting(kind, price).match_open(opened_at) == [(1, is_taker)]


def test_a_limit_needs_a_trade_through_its_price() -> None:
    assert _waiting(BUY_LIMIT, 95).match_range(100, 101, 95, 100) == []
    assert _waiting(BUY_LIMIT, 95).match_range(100, 101, 94.99, 100) == [(1, False, False)]
    assert _waiting(SELL_LIMIT, 105).match_range(100, 105, 99, 100) == []
    assert _waiting(SELL_LIMIT, 105).match_range(100, 105.01, 99, 100) == [(1, False, False)]


def test_a_touch_triggers_a_stop() -> None:
    assert _waiting(SELL_STOP, 95).match_range(100, 101, 95, 100) == [(1, True, False)]
    assert _waiting(BUY_STOP, 105).match_range(100, 105, 99, 100) == [(1, True, False)]
    assert _waiting(SELL_STOP, 95).match_range(100, 101, 95.01, 100) == []


def test_stops_come_before_limits_whatever_came_first() -> None:
    book = MatchingBook()
    book.add(1, SELL_LIMIT, 105)
    book.add(2, SELL_STOP, 95)
    book.match_open(100)
    assert [key for key, _, _ in book.match_range(100, 106, 94, 100)] == [2, 1]


def test_a_market_order_waits_for_an_open() -> None:
    book = MatchingBook()
    book.add(1, MARKET, 100)
    assert book.match_range(100, 110, 90, 100) == []
    assert book.match_open(103) == [(1, True)]


def test_an_order_that_comes_beyond_the_price_takes() -> None:
    book = MatchingBook()
    book.match_open(100)
    book.add(1, BUY_LIMIT, 101)
    assert book.match_range(100, 102, 100, 100) == [(1, True, True)]
    other = MatchingBook()
    other.add(1, BUY_LIMIT, 101)
    assert other.match_open(100) == [(1, True)]


def test_nonsense_is_refused() -> None:
    book = MatchingBook()
    book.add(1, BUY_LIMIT, 100)
    with pytest.raises(ValueError, match="in the book already"):
        book.add(1, BUY_LIMIT, 100)
    with pytest.raises(ValueError, match="kind"):
        book.add(2, 9, 100)
    for price in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="is no price"):
            book.add(3, SELL_LIMIT, price)
    assert len(book) == 1
