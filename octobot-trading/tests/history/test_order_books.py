# SPDX-License-Identifier: Apache-2.0
"""Order books as columns and in the store: what goes in comes out, once, in its order, or is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octobot_commons.errors import DataError
from octobot_trading.exchange_data.order_book import StaleReason, UpdateIds
from octobot_trading.exchange_data.order_book.sequences import IncreasingRule, LinkedRule, RangeRule
from octobot_trading.history import CandleStore, OrderBookSeries, apply_message, records_from_arrays
from octobot_trading.history.kinds import ORDER_BOOK
from octobot_trading.history.readers.venues.events import BookEvent
from octobot_trading.history.session_columns import BookColumns

NAMES = ("local", "BTC/USDT")
BLOCK = 900.0


def series(events, source="memory"):
    """Book events as a series."""
    columns = BookColumns()
    for row, event in enumerate(events, 1):
        columns.add(event, row)
    return records_from_arrays(OrderBookSeries, *columns.raw(source).columns, symbol="BTC/USDT", source=source)


def snapshot(time, nonce=None, bids=((10, 1),), asks=((11, 1),), limit=None):
    """A snapshot."""
    return BookEvent("x", True, list(bids), list(asks), time, nonce=nonce, depth_limit=limit)


def delta(time, last=None, bids=((10, 2),), asks=(), first=None, previous=None):
    """A delta; its first number is its last unless told."""
    ids = None if last is None else UpdateIds(last, last if first is None and previous is None else first, previous)
    return BookEvent("x", False, list(bids), list(asks), time, ids=ids)


def told(messages):
    """Messages in plain numbers."""
    return [
        (one.time, one.whole, np.array(one.bids).tolist(), np.array(one.asks).tolist(), one.nonce, one.ids)
        for one in messages
    ]


_LEVELS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)).map(lambda level: (*map(float, level),)), max_size=4)
_STEPS = st.lists(
    st.tuples(st.booleans(), _LEVELS, _LEVELS, st.sampled_from([0.0, 0.5, 400.0, BLOCK]), st.integers(1, 3)),
    min_size=1,
    max_size=14,
)


def numbered(steps):
    """Events of steps (is a snapshot, bids, asks, seconds since the one before, changes in it)."""
    events, time, last = [], 1000.0, 0
    for whole, bids, asks, seconds, changes in steps:
        time += seconds
        first, last = last + 1, last + changes
        make = snapshot(time, last, bids, asks) if whole else delta(time, last, bids, asks, first=first)
        events.append(make)
    return events


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_STEPS, st.booleans(), st.data())
def test_what_is_stored_in_parts_comes_back_as_it_came(tmp_path_factory, steps, has_numbers, data):
    """Parts that overlap, in any order, with and without the venue's numbers; the twin is a list."""
    events = numbered(steps)
    if not has_numbers:
        # Without numbers only time and content tell messages apart.
        events = [
            event._replace(nonce=None, ids=None, time=event.time + place / 8) for place, event in enumerate(events)
        ]
    cuts = data.draw(st.lists(st.integers(0, len(events)), min_size=0, max_size=4).map(sorted))
    parts = [events[low:high] for low, high in zip([0, *cuts], [*cuts, len(events)], strict=True) if low < high]
    parts += [events[max(0, low - 2) : low + 3] for low in cuts if events[max(0, low - 2) : low + 3]]
    with CandleStore(tmp_path_factory.mktemp("store") / "x") as store:
        added = 0
        for part in data.draw(st.permutations(parts)):
            added += store.records.import_series(series(part)).added
        assert store.records.import_series(series(events)).added == 0
        loaded = store.records.load(OrderBookSeries, *NAMES)
        whole = series(events)
        assert added == len(whole)
        wanted = [(e.time, e.whole, [*map(list, e.bids)], [*map(list, e.asks)], e.nonce, e.ids) for e in events]
        if len({event.time for event in events}) == len(events):
            assert told(loaded.messages()) == wanted
            assert loaded.same_records(whole)
            assert loaded.quality.gaps == whole.quality.gaps
        assert sorted(map(str, told(loaded.messages()))) == sorted(map(str, wanted))
        assert store.contents()[0].missing == len(loaded.quality.gaps)


@settings(max_examples=50, deadline=None)
@given(_STEPS, st.sets(st.integers(0, 13)), st.sampled_from(["range", "linked", "growing"]))
def test_gaps_are_where_a_book_sees_them(steps, missing, numbering):
    """Without some of the updates."""
    events = [event for place, event in enumerate(numbered(steps)) if place not in missing] or [snapshot(1.0, 1)]
    if numbering != "range":
        links = {event.ids: event.ids.first - 1 for event in events if event.ids is not None}
        events = [
            event
            if event.ids is None
            else event._replace(
                ids=UpdateIds(event.ids.last, None, links[event.ids] if numbering == "linked" else None)
            )
            for event in events
        ]
    made = series(events)
    rule = made.sequence_rule()
    if any(event.ids for event in events):
        assert type(rule) is {"range": RangeRule, "linked": LinkedRule, "growing": IncreasingRule}[numbering]
    book, seen, before = made.new_book(), [], None
    for message in made.messages():
        apply_message(book, message)
        is_missed = book.stale_reason() is StaleReason.SEQUENCE_GAP
        seen += [message.time] if is_missed and before is not StaleReason.SEQUENCE_GAP else []
        before = book.stale_reason()
    assert [gap.end_time for gap in made.quality.gaps] == seen
    counts = made.replay(made.new_book())
    assert (counts.messages, counts.breaks) == (len(events), len(seen))


def test_a_message_without_levels_and_the_depth_of_a_venue_are_kept():
    made = series([snapshot(1.0, 5, (), (), limit=25), delta(2.0, 6, ()), delta(3.0, 7)])
    first, second, third = made.messages()
    assert (first.nonce, first.depth_limit, len(first.bids)) == (5, 25, 0)
    assert (second.ids, second.bids.shape, second.asks.shape) == (UpdateIds(6, 6), (0, 2), (0, 2))
    assert third.bids.tolist() == [[10.0, 2.0]]
    assert (len(made), made.message_count) == (3, 3)
    book = made.new_book()
    assert made.replay(book).breaks == 0
    assert (book.depth_limit, book.best_bid_size) == (25, 2.0)
    with pytest.raises(ValueError, match="read-only"):
        third.bids[0] = 0


def test_the_same_update_from_another_recorder_is_the_same_one(tmp_path):
    with CandleStore(tmp_path / "x") as store:
        events = [snapshot(1.0, 4), *(delta(place, place) for place in (5.0, 6.0))]
        store.records.import_series(series(events))
        shifted = [event._replace(time=event.time + 0.01) for event in [*events, delta(7.0, 7)]]
        assert store.records.import_series(series(shifted)).added == 1
        assert [one.time for one in store.records.load(OrderBookSeries, *NAMES).messages()] == [1.0, 5.0, 6.0, 7.01]


@pytest.mark.parametrize(
    ("contradiction", "reason"),
    [
        ([delta(5.0, 5, ((10, 3),))], "the update 5 of 1970-01-01 00:00:05 is another than the stored one"),
        ([delta(5.5, 6, ((10, 2),)), delta(5.6, 9)], "its updates lie between stored ones of other numbers"),
        ([delta(7.0, 9, previous=7)], "numbered in another way"),
        ([delta(5.5), delta(6.0)], "numbered in another way"),
    ],
)
def test_contradictions_are_refused(tmp_path, contradiction, reason):
    path = tmp_path / "x"
    with CandleStore(path) as store:
        store.records.import_series(series([snapshot(1.0, 4), delta(5.0, 5), delta(6.0, 7)]))
        before = path.read_bytes()
        with pytest.raises(DataError, match=reason):
            store.records.import_series(series(contradiction, source="y"))
        assert path.read_bytes() == before


def test_without_numbers_two_recordings_of_one_time_are_refused(tmp_path):
    with CandleStore(tmp_path / "x") as store:
        store.records.import_series(series([snapshot(1.0), delta(5.0), delta(6.0)]))
        assert store.records.import_series(series([delta(6.0), delta(7.0)])).added == 1
        assert store.records.import_series(series([delta(5.0)])).added == 0
        with pytest.raises(DataError, match="the stored messages of 1970-01-01 00:00:05 are others"):
            store.records.import_series(series([delta(4.9), delta(5.9), delta(6.0)]))


def test_spans_and_removal(tmp_path):
    with CandleStore(tmp_path / "x") as store:
        made = series([snapshot(1.0, 1), delta(BLOCK, 2), delta(BLOCK + 1, 4), delta(3 * BLOCK, 5)], "a")
        assert [gap.end_time for gap in made.quality.gaps] == [BLOCK + 1]
        store.records.import_series(made)
        part = store.records.load(OrderBookSeries, *NAMES, None, BLOCK, 3 * BLOCK)
        assert told(part.messages()) == told(made.slice(BLOCK, 3 * BLOCK).messages())
        assert part.column("message").tolist() == [0, 1]
        assert len(made.slice(5000.0)) == 0
        (entry,) = store.contents()
        assert (entry.kind, entry.records, entry.missing, entry.sources) == ("order_book", 5, 1, ("a",))
        store._connection.execute("UPDATE record_day SET records = records + 1 WHERE day = 1")
        with pytest.raises(DataError, match="the book levels of 1970-01-01"):
            store.contents()
        assert store.records.remove(ORDER_BOOK, *NAMES) == 6


_ROWS = {
    "time": [1.0, 1.0, 2.0],
    "message": [0, 0, 1],
    "event": [1, 1, 0],
    "side": [1, -1, 1],
    "price": [5.0, 6.0, 5.0],
    "size": [1.0, 1.0, 0.0],
    "first_id": [-1, -1, 3],
    "last_id": [2, 2, 3],
    "previous_id": [-1, -1, -1],
}


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("time", [1.0, 1.0, 0.5], "row 3: its time is before"),
        ("time", [1.0, 1.5, 2.0], "row 2: it differs from the other rows of its message"),
        ("message", [1, 1, 0], "row 3: its message comes after a later one"),
        ("event", [1, 1, 2], "row 3: its event is neither"),
        ("side", [-1, 1, 1], "row 2: a message has bids, asks"),
        ("side", [0, 0, 1], "row 2: a message has bids, asks"),
        ("side", [1, -1, 3], "row 3: its side is neither"),
        ("price", [5.0, 0.0, 5.0], "row 2: its price is not above zero"),
        ("size", [1.0, np.nan, 0.0], "row 2: its size is not"),
        ("last_id", [2, 2, -2], "row 3: an id of it is negative"),
        ("time", [-1.0, 1.0, 2.0], "row 1: its time is not between"),
    ],
)
def test_rows_that_are_none_of_a_book(column, values, message):
    with pytest.raises(DataError, match=message):
        records_from_arrays(OrderBookSeries, *(_ROWS | {column: values}).values(), symbol="BTC/USDT")


def test_deltas_are_numbered_alike():
    rows = [[*values, values[2]] for values in _ROWS.values()]
    rows[0][3], rows[1][3], rows[6][3] = 3.0, 2, -1
    with pytest.raises(DataError, match="row 4: it has other ids than the first delta"):
        records_from_arrays(OrderBookSeries, *rows, symbol="BTC/USDT")


@pytest.mark.parametrize("row", [("0", "1"), ("-1", "1"), ("1", "-1"), ("nan", "1"), ("1", "inf"), ("x", "1"), ("1",)])
def test_a_message_with_a_bad_level_is_not_kept(row):
    columns = BookColumns()
    with pytest.raises(ValueError, match=r"level|could not convert"):
        columns.add(snapshot(1.0, bids=[("1", "1"), row]), 1)
    assert len(columns) == 0
