# SPDX-License-Identifier: Apache-2.0
"""Events in a text file are those of a file that was recorded into, or the line that cannot be used is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from feed_world import NOON
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import DataError
from octobot_commons.services import FeedEvent, FeedEventFile, FeedEventStore, open_recorded_events

_events = st.lists(
    st.builds(FeedEvent, st.integers(0, 9).map(float), st.sampled_from([None, "a"]), st.text() | st.integers(-9, 9)),
    max_size=12,
)


def write(path: Path, lines: list[Any]) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def line_of(event: FeedEvent, feed: str = "Feed") -> dict[str, Any]:
    return {"feed": feed, "time": event.time, "key": event.key, "data": event.data}


@given(events=_events, first=st.integers(0, 10), end=st.integers(0, 10), count=st.integers(0, 5))
def test_both_kinds_of_files_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory, events: list[FeedEvent], first: int, end: int, count: int
) -> None:
    folder = tmp_path_factory.mktemp("feeds")
    with FeedEventStore(folder / "feeds.sqlite") as store:
        for event in events:
            store.append("Feed", event)
        text = FeedEventFile(write(folder / "feeds.jsonl", [line_of(event) for event in events]))
        assert text.catalogue() == store.catalogue()
        assert list(text.read("Feed")) == list(store.read("Feed"))
        assert list(text.read("Feed", first, end)) == list(store.read("Feed", first, end))
        assert text.last_before("Feed", first, count) == store.last_before("Feed", first, count)


def test_the_name_tells_the_kind(tmp_path: Path) -> None:
    store = tmp_path / "feeds.sqlite"
    FeedEventStore(store).close()
    with open_recorded_events(store) as recorded:
        assert isinstance(recorded, FeedEventStore)
    with open_recorded_events(write(tmp_path / "feeds.jsonl", [])) as recorded:
        assert isinstance(recorded, FeedEventFile)


def test_keys_may_be_left_out_and_lines_empty(tmp_path: Path) -> None:
    lines = [{"feed": "News", "time": NOON, "data": {"text": "ü"}}, "", {"feed": "News", "time": NOON - 1, "data": 1}]
    events = [*FeedEventFile(write(tmp_path / "feeds.jsonl", lines)).read("News")]
    assert events == [FeedEvent(NOON - 1, None, 1), FeedEvent(NOON, None, {"text": "ü"})]


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", "1", '{"feed": "News"}', '{"feed": "News", "time": "noon", "data": 1}',
        '{"feed": "News", "time": 1e999, "data": 1}', '{"feed": "News", "time": 1, "data": 1, "keys": "a"}',
        '{"feed": 1, "time": 1, "data": 1}',
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "feeds.jsonl", [{"feed": "News", "time": 1, "data": 1}, line])
    with pytest.raises(DataError, match=r"feeds\.jsonl: row 2: .*write \{"):
        FeedEventFile(path)


def test_no_file_and_no_such_feed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file of recorded feeds"):
        FeedEventFile(tmp_path / "feeds.jsonl")
    path = write(tmp_path / "feeds.jsonl", [{"feed": "NewsFeed", "time": 1, "data": 1}])
    with pytest.raises(DataError, match=r"no events of NewFeed are recorded.*did you mean NewsFeed"):
        FeedEventFile(path).check_has("NewFeed")
