# SPDX-License-Identifier: Apache-2.0
"""Events of service feeds in a replay: at the time when they became known, among candles and other messages."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from market_world import BTC, MarketWorld

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.errors import DataError
from octobot_commons.services import FeedEvent, FeedEventStore, ServiceFeed, ServiceFeeds, recorded_feed
from octobot_trading.backtesting.replay import Replay
from octobot_trading.history import CandleSeries, FundingSeries, records_from_arrays, series_from_arrays

_BEGIN = 1_700_000_400.0
_COUNT = 12
_END = _BEGIN + 60 * _COUNT


class PostsFeed(ServiceFeed):
    HISTORY_CAPACITY = 4

    async def start(self) -> None:
        raise AssertionError("a backtest asks nobody outside")


class NewsFeed(PostsFeed):
    """Another one."""


def _candles(count: int = _COUNT) -> CandleSeries:
    close = 100.0 + np.arange(count)
    times = _BEGIN + 60 * np.arange(count)
    return series_from_arrays(times, close, close, close, close, np.ones(count), symbol=BTC, time_frame="1m")


async def replay(
    path: Path,
    events: Sequence[tuple[str, FeedEvent]],
    start_time: float | None = None,
    end_time: float = _END,
    recorded: Sequence[Any] = (),
) -> tuple[list[Any], dict[str, list[Any]]]:
    """(time, what, how many candles had closed) in order, and what could be looked up at the start."""
    world = MarketWorld()
    await world.manager.initialize()
    world.clock.advance_to(_BEGIN if start_time is None else start_time)
    heard: list[Any] = []
    ring = None

    async def hear(**payload: Any) -> None:
        data = payload.get("data", payload.get("candle", payload.get("funding_rate")))
        what = payload.get("feed", "candle" if "candle" in payload else "funding")
        heard.append((world.clock.now(), what, data, len(ring) if ring is not None else None))

    world._keeper = lambda _: hear  # type: ignore[method-assign]
    for channel in ("OHLCV", "Funding"):
        await world.listen(channel)
    with FeedEventStore(path) as store:
        for name, event in events:
            store.append(name, event)
        feeds = ServiceFeeds(
            "bot",
            world.clock,
            TentaclesSetupConfig(),
            dispatcher=world.dispatcher,
            replays=True,
            recorded=store,
            end_time=end_time,
        )
        for feed in (PostsFeed, NewsFeed):
            if any(name == feed.get_name() for name, _ in events):
                await feeds.subscribe(feed, hear)
        runner = Replay({world.manager: [_candles(), *recorded]}, start_time, service_feeds=feeds.recorded_feeds())
        ring = world.manager.get_symbol_data(BTC).candles("1m").ring
        await runner.begin()
        known = {feed.get_name(): feeds.known(feed, world.clock.now()) for feed in (PostsFeed, NewsFeed)}
        await runner.run()
        await feeds.stop()
    await world.manager.stop()
    return heard, known


def post(seconds: float, data: Any = None, name: str = "PostsFeed") -> tuple[str, FeedEvent]:
    return name, FeedEvent(_BEGIN + seconds, None, seconds if data is None else data)


async def test_an_event_is_told_at_its_time_with_the_candles_closed_by_then(tmp_path: Path) -> None:
    events = [post(30), post(60), post(90.5), post(90.5, "again"), post(720), post(720.5)]
    heard, _ = await replay(tmp_path / "feeds.sqlite", events)
    told = [(time - _BEGIN, data, candles) for time, what, data, candles in heard if what == "PostsFeed"]
    assert told == [(30, 30.0, 0), (60, 60.0, 1), (90.5, 90.5, 1), (90.5, "again", 1), (720, 720.0, 12)]
    at_minute = [what for time, what, *_ in heard if time == _BEGIN + 60]
    assert at_minute == ["candle", "PostsFeed"], "candles come first"


async def test_feeds_and_market_messages_of_one_time_have_an_order(tmp_path: Path) -> None:
    events = [post(60, name="NewsFeed"), post(60)]
    funding = records_from_arrays(FundingSeries, [_BEGIN + 60], [0.1], symbol=BTC)
    heard, _ = await replay(tmp_path / "feeds.sqlite", events, recorded=[funding])
    assert [what for time, what, *_ in heard if time == _BEGIN + 60] == ["candle", "funding", "PostsFeed", "NewsFeed"]


async def test_what_was_known_before_the_start_is_told_to_nobody(tmp_path: Path) -> None:
    events = [post(seconds) for seconds in (1, 2, 3, 4, 5, 120, 130)]
    heard, known = await replay(tmp_path / "feeds.sqlite", events, start_time=_BEGIN + 120)
    assert known["PostsFeed"] == [2, 3, 4, 5], "as many as the feed keeps"
    assert [data for _, what, data, _ in heard if what == "PostsFeed"] == [120, 130]


async def test_a_feed_that_nobody_recorded_is_an_error(tmp_path: Path) -> None:
    world = MarketWorld()
    with FeedEventStore(tmp_path / "feeds.sqlite") as store:
        feeds = ServiceFeeds("bot", world.clock, TentaclesSetupConfig(), replays=True, recorded=store)
        with pytest.raises(DataError, match="no events of PostsFeed are recorded"):
            await feeds.subscribe(PostsFeed, world._keeper("x"))


_times = st.integers(0, 4 * 60 * _COUNT).map(lambda quarters: quarters / 4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.lists(st.tuples(_times, st.sampled_from(["PostsFeed", "NewsFeed"])), max_size=25),
    start=st.none() | _times.filter(lambda time: time < 60 * (_COUNT - 1)),
    part=st.sampled_from([1, 2, 3, 1000]),
)
def test_every_event_comes_once_in_order_and_never_before_its_time(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    times: list[tuple[float, str]],
    start: float | None,
    part: int,
) -> None:
    monkeypatch.setattr(recorded_feed, "_PART", part)
    events = [post(time, index, name) for index, (time, name) in enumerate(times)]
    path = tmp_path_factory.mktemp("feeds") / "feeds.sqlite"
    heard, _ = asyncio.run(replay(path, events, None if start is None else _BEGIN + start))
    begin = -1.0 if start is None else start
    # Stable: of one feed and time in the order in which they came.
    expected = sorted(((time, index) for index, (time, _) in enumerate(times) if time >= begin), key=lambda one: one[0])
    told = [(time - _BEGIN, data) for time, what, data, _ in heard if what.endswith("Feed")]
    assert [time for time, _ in told] == [time for time, _ in expected]
    assert sorted(told) == sorted(expected)
    for name in ("PostsFeed", "NewsFeed"):
        own = [data for _, what, data, _ in heard if what == name]
        assert own == [index for _, index in expected if times[index][1] == name]
    closed_by_then = {time: (time - _BEGIN) // 60 for time, *_ in heard}
    for time, what, _, candles in heard:
        if what.endswith("Feed"):
            assert candles == closed_by_then[time]
