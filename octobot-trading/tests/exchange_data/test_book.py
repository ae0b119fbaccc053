# SPDX-License-Identifier: Apache-2.0
"""The compiled order book against its plain twin, and its written rules."""

from __future__ import annotations

import math
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from octobot_trading.errors import InvalidLevelError
from octobot_trading.exchange_data.order_book._book import Book

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))
from order_book import BookReference

SIDES = ("bids", "asks")
TICKS = [0.0, 0.01, 0.5, 0.25, 0.3, 5.0, 2.5, 1e-8, 1e-300, 1e300]

_near = st.integers(1, 40).map(lambda tick: tick / 100)
_far = st.integers(1, 40_000).map(lambda tick: tick / 100)
_any_price = st.floats(5e-324, 1.7e308)
_prices = st.one_of(_near, _near, _far, st.integers(1, 60).map(lambda n: n * 0.3), _any_price)
_sizes = st.one_of(st.just(0.0), st.just(0), st.integers(1, 9), st.floats(1e-12, 1e12))
_forms = st.sampled_from(["list", "tuple", "text", "array", "wide", "strided", "columns", "int"])
_rows = st.lists(st.tuples(_prices, _sizes), max_size=12)
_bad = st.sampled_from([math.nan, math.inf, -math.inf, -1.0, "nan", "-inf", "-3", "", "1.2.3", None, "1,5", "."])


def given_as(form: str, rows: list[tuple[float, float]]) -> Any:
    if form in ("array", "wide", "strided", "columns"):
        table = np.array(rows, dtype=np.float64).reshape(-1, 2)
        if form == "wide":
            return np.column_stack([table, np.full((len(table), 1), math.nan)])
        if form == "columns":
            return np.asfortranarray(table)
        return np.repeat(table, 2, axis=0)[::2] if form == "strided" else table
    if form == "text":
        return [[format(Decimal(repr(price)), "f"), repr(size), "1618678133.365913"] for price, size in rows]
    if form == "int":
        return [(int(price) if price == int(price) else price, Decimal(str(size))) for price, size in rows]
    return tuple(rows) if form == "tuple" else [list(row) for row in rows]


def about(value: float | None) -> Any:
    return value if value is None else pytest.approx(value, rel=1e-9)


class Twins(RuleBasedStateMachine):
    """Whatever is done to the book is done to its twin, then everything readable is compared."""

    twin_class = BookReference

    @initialize(tick=st.sampled_from(TICKS), window=st.sampled_from([64, 65, 4096, 8192]))
    def start(self, tick: float, window: int) -> None:
        self.book, self.twin = Book(tick, window), self.twin_class()

    @rule(bids=_rows, asks=_rows, form=_forms)
    def update(self, bids: Any, asks: Any, form: str) -> None:
        assert self.book.update(given_as(form, bids), given_as(form, asks)) == self.twin.update(bids, asks)

    @rule(bids=_rows, asks=_rows, form=_forms, order=st.sampled_from([None, 1, -1]))
    def replace(self, bids: Any, asks: Any, form: str, order: int | None) -> None:
        if order:
            bids, asks = sorted(bids)[::order], sorted(asks)[::-order]
        assert self.book.replace(given_as(form, bids), given_as(form, asks)) == self.twin.replace(bids, asks)

    @rule(first=st.integers(1, 20_000), count=st.integers(0, 40), form=_forms)
    def walk_away(self, first: int, count: int, form: str) -> None:
        """The market moves; what was there is taken away, so that windows have to follow."""
        old = [(price, 0.0) for price, _ in self.twin.levels("bids")]
        rows = old + [((first + step) / 100, 1.0 + step) for step in range(count)]
        assert self.book.update(given_as(form, rows), None) == self.twin.update(rows, None)

    @rule(bids=_rows, bad=_bad, column=st.integers(0, 1), side=st.sampled_from(SIDES), whole=st.booleans())
    def refuse(self, bids: Any, bad: Any, column: int, side: str, whole: bool) -> None:
        rows = [*given_as("list", bids), [1.0, 1.0]]
        rows[-1][column] = bad
        sound: Any = [[1.0, 7.0]]
        both = (rows, sound) if side == "bids" else (sound, rows)
        with pytest.raises(InvalidLevelError) as caught:
            (self.book.replace if whole else self.book.update)(*both)
        assert (caught.value.field, caught.value.row) == (side, len(rows) - 1)

    @rule(limit=st.integers(0, 20))
    def truncate(self, limit: int) -> None:
        assert self.book.truncate(limit) == self.twin.truncate(limit)

    @rule()
    def clear(self) -> None:
        self.book.clear()
        self.twin.replace([], [])

    @rule(price=_prices, volume=st.floats(1e-6, 1e3), limit=st.integers(0, 6))
    def ask(self, price: float, volume: float, limit: int) -> None:
        for side in SIDES:
            assert self.book.volume_to(side, price) == about(self.twin.volume_to(side, price))
            assert self.book.size_at(side, price) == self.twin.sides[side].get(price, 0.0)
            expected = self.twin.take(side, volume)
            if expected is None or math.isfinite(expected[0]):
                found = (self.book.average_price(side, volume), self.book.worst_price(side, volume))
                assert found == ((None, None) if expected is None else (about(expected[0]), expected[1]))
        assert self.book.imbalance(limit) == about(self.twin.imbalance(limit))

    @invariant()
    def alike(self) -> None:
        if not hasattr(self, "book"):
            return
        assert len(self.book) == len(self.twin)
        assert (self.book.bid_count, self.book.ask_count) == tuple(len(self.twin.sides[side]) for side in SIDES)
        tops = []
        for side in SIDES:
            levels = self.twin.levels(side)
            assert self.book.levels(side) == levels
            assert self.book.levels(side, 3) == levels[:3]
            assert self.book.levels_array(side).tolist() == levels
            assert self.book.levels_array(side, 2).shape == (min(2, len(levels)), 2)
            tops.append(levels[0] if levels else [None, None])
        bid, ask = tops
        assert [self.book.best_bid, self.book.best_bid_size] == bid
        assert [self.book.best_ask, self.book.best_ask_size] == ask
        if bid[0] is None or ask[0] is None:
            assert (self.book.mid, self.book.micro_price, self.book.is_crossed) == (None, None, False)
        else:
            assert self.book.is_crossed == (bid[0] >= ask[0])
            low, high = sorted([bid[0], ask[0]])
            assert low <= self.book.mid <= high
            assert self.book.mid == pytest.approx(float((Fraction(low) + Fraction(high)) / 2), rel=1e-9)


Twins.TestCase.settings = settings(
    max_examples=150, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestTwins = Twins.TestCase


class KeepsTheFirstOfAPrice(BookReference):
    def update(self, bids: Any, asks: Any) -> int:
        bids, asks = ([] if side is None else list(side) for side in (bids, asks))
        return super().update(bids[::-1], asks[::-1])


class ForgetsZeroSizes(BookReference):
    def update(self, bids: Any, asks: Any) -> int:  # given as lists here
        super().update([row for row in bids or () if row[1]], asks)
        return len(bids or ()) + len(asks or ())


class KeepsOneMoreLevel(BookReference):
    def truncate(self, limit: int) -> int:
        return super().truncate(limit + 1)


@pytest.mark.parametrize("twin", [KeepsTheFirstOfAPrice, ForgetsZeroSizes, KeepsOneMoreLevel])
def test_a_bug_planted_into_the_twin_is_found(twin: type[BookReference]) -> None:
    """So the machine does meet what it is to compare; test_mutations.py plants bugs into the book itself."""

    class Planted(Twins):
        twin_class = twin

    found = settings(max_examples=400, stateful_step_count=25, deadline=None, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Planted, settings=settings(found, report_multiple_bugs=False))


@given(st.lists(st.integers(1, 99), min_size=1, max_size=400), st.integers(64, 200))
def test_a_market_that_wanders_beyond_its_window(moves: list[int], window: int) -> None:
    book, twin = Book(0.01, window), BookReference()
    middle = 10_000
    for number, move in enumerate(moves):
        middle += move - 50
        bids = [[(middle - step) / 100, float((number + step) % 3)] for step in range(1, 5)]
        asks = [[(middle + step) / 100, float((number + step) % 4)] for step in range(4)]
        book.update(bids, asks)
        twin.update(bids, asks)
        assert book.best_bid == (twin.levels("bids") or [[None]])[0][0]
        assert book.best_ask == (twin.levels("asks") or [[None]])[0][0]
    assert [book.levels(side) for side in SIDES] == [twin.levels(side) for side in SIDES]


@pytest.mark.parametrize("side", SIDES)
def test_levels_at_the_edges_of_the_window(side: str) -> None:
    """Sixty-four slots of one tick, the best in the forty-ninth; levels go beyond both ends."""
    book, twin = Book(1.0, 64), BookReference()
    sign = 1 if side == "bids" else -1

    def give(method: str, steps: range, size: float) -> None:
        rows = [[1000.0 - sign * step, size] for step in steps]
        sides = (rows, []) if side == "bids" else ([], rows)
        assert getattr(book, method)(*sides) == getattr(twin, method)(*sides)
        assert book.levels(side) == twin.levels(side)
        assert [book.size_at(side, row[0]) for row in rows] == [size] * len(rows)

    give("replace", range(100), 1.0)
    give("update", range(100), 2.0)
    for step in range(1, 30):
        give("update", range(-step, -step + 1), 3.0)


@pytest.mark.parametrize("tick", [0.0, 0.01])
def test_what_a_refusal_says(tick: float) -> None:
    book = Book(tick)
    book.replace([[9.0, 1]], [[10.0, 1]])
    with pytest.raises(InvalidLevelError, match=r"row 1, asks: a size is finite and not below 0, not -2\.0"):
        book.update([[9.0, 5]], [[10.0, 5], [11.0, -2.0]])
    with pytest.raises(InvalidLevelError, match="row 0, bids: a price is finite and above 0, not nan"):
        book.replace([["nan", 5]], [])
    for price in (0.0, -0.0, "0"):
        with pytest.raises(InvalidLevelError, match="row 0, bids: a price is finite and above 0, not"):
            book.update([[price, 5]], None)
    with pytest.raises(InvalidLevelError, match="row 0, asks: it is no row of"):
        book.update([], [[1.0]])
    with pytest.raises(InvalidLevelError, match="row 1, bids: it is no row of"):
        book.update([(1.0, 1.0), "12"], [])
    with pytest.raises(InvalidLevelError, match=r"row 2, bids: .*not inf"):
        book.update(np.array([[1.0, 1.0], [2.0, 1.0], [3.0, math.inf]]), None)
    with pytest.raises(InvalidLevelError, match="bids: an array of levels is float64 and of shape"):
        book.update(np.ones((2, 2), dtype=np.float32), None)
    with pytest.raises(InvalidLevelError, match="asks: it is no sequence of rows"):
        book.update(None, 5)  # type: ignore[arg-type]
    assert (book.levels("bids"), book.levels("asks")) == ([[9.0, 1.0]], [[10.0, 1.0]])


def test_what_is_asked_wrongly() -> None:
    book = Book()
    for call in (lambda: Book(-1.0), lambda: Book(math.nan), lambda: Book(0.01, 1), lambda: Book.__init__(book)):
        with pytest.raises(ValueError, match=r"tick|made once"):
            call()
    with pytest.raises(ValueError, match="side must be"):
        book.levels("bid")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="volume"):
        book.average_price("asks", 0.0)
    with pytest.raises(ValueError, match="limit"):
        book.truncate(-1)


def test_a_number_that_calls_back_cannot_change_the_book_it_is_read_for() -> None:
    book = Book()

    class Callback:
        def __float__(self) -> float:
            book.update([[1.0, 1.0]] * 1000, None)
            return 1.0

    class Shortener:
        def __float__(self) -> float:
            rows.clear()
            return 1.0

    with pytest.raises(RuntimeError, match="while it reads"):
        book.update([[Callback(), 1.0]], None)  # type: ignore[list-item]
    rows: list[Any] = [[Shortener(), 1.0], [2.0, 1.0]]
    with pytest.raises(InvalidLevelError, match=r"row 1, bids: .*shorter"):
        book.update(rows, None)
    assert len(book) == 0
    book.update([[2.0, 1.0]], None)
    assert book.best_bid == 2.0


@given(st.decimals(min_value=0, max_value=10**15, places=9, allow_nan=False), st.sampled_from(["f", "e"]))
def test_texts_are_read_as_python_reads_them(number: Decimal, form: str) -> None:
    text = format(number, form)
    book = Book()
    book.update([[text if number else "1", text]], None)
    expected = [[float(text), float(text)]] if number else []
    assert book.levels("bids") == expected


def test_lists_and_arrays_are_fresh() -> None:
    book = Book(0.1)
    book.replace([[1.0, 1.0]], [])
    book.levels("bids")[0][1] = 5.0
    book.levels_array("bids")[0, 1] = 5.0
    assert book.levels_array("bids").flags.writeable
    assert book.best_bid_size == 1.0
