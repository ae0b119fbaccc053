# SPDX-License-Identifier: Apache-2.0
"""What is recorded comes back: in order, as of its time, or with an error that says what is wrong."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from feed_world import NOON, FeedWorld, PostsFeed
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import DataError
from octobot_commons.services import FeedEvent, FeedEventStore, FeedRecorder

_plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
_events = st.lists(
    st.builds(FeedEvent, st.integers(0, 20).map(float), st.sampled_from([None, "a", "b"]), _plain), max_size=20
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feeds.sqlite"


@given(events=_events, first=st.integers(0, 21), end=st.integers(0, 21), count=st.integers(0, 5))
def test_events_come_back_by_time_then_as_they_came(
    tmp_path_factory: pytest.TempPathFactory, events: list[FeedEvent], first: int, end: int, count: int
) -> None:
    with FeedEventStore(tmp_path_factory.mktemp("feeds") / "feeds.sqlite") as store:
        for event in events:
            store.append("Feed", event)
            store.append("Other", FeedEvent(event.time, None, "not asked for"))
        ordered = sorted(events, key=lambda event: event.time)
        assert list(store.read("Feed")) == ordered
        assert list(store.read("Feed", first, end)) == [one for one in ordered if first <= one.time <= end]
        before = [one for one in ordered if one.time < first]
        assert store.last_before("Feed", first, count) == before[len(before) - min(count, len(before)) :]


def test_the_catalogue_tells_what_is_there(path: Path) -> None:
    with FeedEventStore(path) as store:
        assert store.catalogue() == []
        for time in (NOON + 5, NOON, NOON + 9):
            store.append("Posts", FeedEvent(time, None, 1))
        store.append("News", FeedEvent(NOON, "a", 2))
        assert store.catalogue() == [("News", 1, NOON, NOON), ("Posts", 3, NOON, NOON + 9)]


def test_what_was_not_recorded_is_named_with_what_was(path: Path) -> None:
    with FeedEventStore(path) as store:
        with pytest.raises(DataError, match="it holds none yet"):
            store.check_has("PostsFeed")
        store.append("PostsFeed", FeedEvent(NOON, None, 1))
        store.check_has("PostsFeed")
        with pytest.raises(DataError, match=r"no events of PostFeed are recorded \(did you mean PostsFeed\?\)"):
            store.check_has("PostFeed")


async def test_a_recorder_writes_what_a_live_feed_tells(path: Path) -> None:
    world = FeedWorld()
    with FeedEventStore(path) as store:
        recorder = FeedRecorder(world.feeds, store)
        await recorder.record(PostsFeed, {"forums": ["a"]})
        assert PostsFeed.latest.feed_config == {"forums": ["a"]}
        await world.tell({"text": "to the moon"}, "Bitcoin", after=30)
        await world.tell([1, 2.5, None], after=30)
        await recorder.stop()
        assert recorder.recorded == 2
        assert not world.feeds.is_running(PostsFeed)
    with FeedEventStore(path, must_exist=True) as store:
        assert list(store.read("PostsFeed")) == [
            (NOON + 30, "Bitcoin", {"text": "to the moon"}),
            (NOON + 60, None, [1, 2.5, None]),
        ]


def test_a_file_that_is_not_there_is_not_made_for_reading(path: Path) -> None:
    with pytest.raises(DataError, match="no such file of recorded feeds"):
        FeedEventStore(path, must_exist=True)
    assert not path.exists()


def test_a_file_of_another_kind_is_refused(path: Path) -> None:
    path.write_bytes(b"time,data\n1,2\n" * 100)
    with pytest.raises(DataError, match="the file of recorded feeds is damaged"):
        FeedEventStore(path)
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE another (id INTEGER)")
    connection.close()
    with pytest.raises(DataError, match="another program's database"):
        FeedEventStore(path)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("data", b"{no json", "its data are no JSON"),
        ("data", 7, "its data are no JSON"),
        ("data", b'"\xff"', "its data are no JSON"),
        ("time", math.inf, "its time is inf"),
        ("time", "noon", "its time is 'noon'"),
        ("key", b"a", "its key is b'a'"),
    ],
)
def test_a_damaged_event_is_named_by_its_row(path: Path, column: str, value: Any, message: str) -> None:
    with FeedEventStore(path) as store:
        store.append("Feed", FeedEvent(NOON, None, 1))
        store.append("Feed", FeedEvent(NOON, None, 2))
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE event SET {column} = ? WHERE id = 2", (value,))
    connection.close()
    with FeedEventStore(path) as store:
        with pytest.raises(DataError, match=message) as failure:
            list(store.read("Feed"))
        assert (failure.value.row, failure.value.file) == (2, str(path))


def test_a_file_cut_short_is_damaged(path: Path) -> None:
    with FeedEventStore(path) as store:
        for number in range(500):
            store.append("Feed", FeedEvent(NOON + number, None, "x" * 100))
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(DataError, match="damaged"), FeedEventStore(path) as store:
        list(store.read("Feed"))
