# SPDX-License-Identifier: Apache-2.0
"""When feeds and services run, and who hears of what."""

from __future__ import annotations

import asyncio

import pytest
from feed_world import NOON, FeedWorld, Forum, NewsFeed, PostsFeed

from async_channel.channels import get_chan_at_id
from octobot_commons.errors import BugError, DataError, EnvironmentFault, SettingError, UnknownFeedError
from octobot_commons.services import (
    Service,
    ServiceFeed,
    ServiceHealth,
    delete_service_feeds,
    get_service_feeds,
    register_service_feeds,
)


async def test_a_feed_runs_from_the_first_listener_to_the_last() -> None:
    world = FeedWorld()
    first = await world.feeds.subscribe(PostsFeed, world.hear)
    second = await world.feeds.subscribe(PostsFeed, world.hear)
    assert Forum.happened == ["prepared", "logged in", "PostsFeed started with ada"]
    await world.feeds.unsubscribe(first)
    await world.feeds.unsubscribe(first)
    assert world.feeds.is_running(PostsFeed)
    await world.feeds.unsubscribe(second)
    assert Forum.happened[3:] == ["PostsFeed stopped", "logged out"]
    assert not world.feeds.is_running(PostsFeed)
    await world.feeds.subscribe(PostsFeed, world.hear)
    assert Forum.happened[5:] == ["prepared", "logged in", "PostsFeed started with ada"]
    await world.feeds.stop()


async def test_feeds_share_a_service() -> None:
    world = FeedWorld()
    posts = await world.feeds.subscribe(PostsFeed, world.hear)
    await world.feeds.subscribe(NewsFeed, world.hear)
    assert Forum.happened.count("logged in") == 1
    (service,) = world.feeds.services()
    assert (service.get_is_running(), service.get_health()) == (True, ServiceHealth(True))
    await world.feeds.unsubscribe(posts)
    assert "logged out" not in Forum.happened
    await world.feeds.stop()
    assert Forum.happened[-2:] == ["NewsFeed stopped", "logged out"]
    assert service.get_health() == (False, "Forum is not running")


async def test_who_subscribes_while_a_feed_starts_waits_for_it() -> None:
    class Slow(PostsFeed):
        async def start(self) -> None:
            await asyncio.sleep(0)
            await super().start()

    world = FeedWorld()
    await asyncio.gather(*(world.feeds.subscribe(Slow, world.hear) for _ in range(5)))
    assert Forum.happened.count("Slow started with ada") == 1
    await world.tell("news")
    assert len(world.heard) == 5
    await world.feeds.stop()


async def test_the_payload_is_the_documented_one() -> None:
    world = FeedWorld()
    await world.feeds.subscribe(PostsFeed, world.hear)
    await world.tell({"votes": 3, "tags": ("a", "b")}, "Bitcoin", after=60)
    payload = {"feed": "PostsFeed", "time": NOON + 60, "key": "Bitcoin", "data": {"votes": 3, "tags": ["a", "b"]}}
    assert world.heard == [payload], "what a recording gives back: a tuple is a list"
    assert get_chan_at_id("PostsFeed", "bot").get_consumers()
    await world.feeds.stop()


async def test_a_listener_may_ask_for_some_keys() -> None:
    world = FeedWorld()
    await world.feeds.subscribe(PostsFeed, world.hear, key=["Bitcoin", "Ethereum"])
    for key in ("Bitcoin", "Dogecoin", "Ethereum", None):
        await world.tell(key, key)
    assert [payload["data"] for payload in world.heard] == ["Bitcoin", "Ethereum", None]
    await world.feeds.stop()


async def test_what_was_told_can_be_looked_up_as_of_a_time() -> None:
    world = FeedWorld()
    await world.feeds.subscribe(PostsFeed, world.hear)
    for number in range(5):
        await world.tell(number, "even" if number % 2 == 0 else "odd", after=10)
    known = world.feeds.known
    assert known(PostsFeed, NOON + 50) == [2, 3, 4], "the capacity is three"
    assert known(PostsFeed, NOON + 49) == [2, 3]
    assert known(PostsFeed, NOON + 50, "even") == [2, 4]
    assert known(NewsFeed, NOON + 50) == []
    await world.feeds.stop()


async def test_listeners_ask_for_things_together() -> None:
    world = FeedWorld()
    await world.feeds.subscribe(PostsFeed, world.hear, feed_config={"forums": [{"name": "a"}], "language": "en"})
    await world.feeds.subscribe(PostsFeed, world.hear, feed_config={"forums": [{"name": "a"}, {"name": "b"}]})
    assert PostsFeed.latest.feed_config == {"forums": [{"name": "a"}, {"name": "b"}], "language": "en"}
    await world.feeds.stop()


async def test_a_service_that_does_not_answer_leaves_nothing_behind() -> None:
    world = FeedWorld()
    Forum.is_down = True
    for _ in range(2):
        with pytest.raises(EnvironmentFault, match="does not answer"):
            await world.feeds.subscribe(PostsFeed, world.hear)
        assert not world.feeds.is_running(PostsFeed)
        assert world.feeds.services() == []
    Forum.is_down = False
    await world.feeds.subscribe(PostsFeed, world.hear)
    await world.tell(1)
    assert len(world.heard) == 1
    await world.feeds.stop()


async def test_a_feed_that_cannot_start_releases_its_services() -> None:
    class Broken(PostsFeed):
        async def start(self) -> None:
            raise EnvironmentFault("no posts today")

    world = FeedWorld()
    with pytest.raises(EnvironmentFault, match="no posts"):
        await world.feeds.subscribe(Broken, world.hear)
    assert Forum.happened[-1] == "logged out"


async def test_a_feed_that_cannot_stop_releases_its_services_too() -> None:
    class Stubborn(PostsFeed):
        async def stop(self) -> None:
            raise EnvironmentFault("the connection is gone")

    world = FeedWorld()
    subscription = await world.feeds.subscribe(Stubborn, world.hear)
    with pytest.raises(EnvironmentFault, match="is gone"):
        await world.feeds.unsubscribe(subscription)
    assert Forum.happened[-1] == "logged out"
    assert not world.feeds.is_running(Stubborn)


async def test_an_empty_required_setting_is_named() -> None:
    world = FeedWorld(user_name="")
    with pytest.raises(SettingError, match=r"Forum\.json: user_name: Forum needs this setting \(fill it in"):
        await world.feeds.subscribe(PostsFeed, world.hear)
    assert Forum.happened == []


async def test_what_json_cannot_say_is_refused() -> None:
    world = FeedWorld()
    await world.feeds.subscribe(PostsFeed, world.hear)
    with pytest.raises(BugError, match="PostsFeed tells what cannot be recorded"):
        await world.tell(object())
    await world.feeds.stop()


async def test_a_failing_listener_does_not_concern_the_others(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(**_: object) -> None:
        raise ValueError("cannot read")

    world = FeedWorld()
    await world.feeds.subscribe(PostsFeed, fail)
    await world.feeds.subscribe(PostsFeed, world.hear)
    await world.tell(1)
    assert len(world.heard) == 1
    assert "cannot read" in caplog.text
    await world.feeds.stop()


def test_a_service_that_nobody_asked_for_is_not_given() -> None:
    feed = ServiceFeed()
    with pytest.raises(BugError, match=r"add it to ServiceFeed\.REQUIRED_SERVICES"):
        feed.get_service(Service)
    with pytest.raises(BugError, match="was not started"):
        _ = feed.clock


async def test_bots_have_feeds_of_their_own() -> None:
    feeds = FeedWorld().feeds
    register_service_feeds(feeds)
    try:
        assert get_service_feeds("bot") is feeds
        with pytest.raises(ValueError, match="'bot' has its feeds already"):
            register_service_feeds(FeedWorld().feeds)
    finally:
        delete_service_feeds("bot")
    with pytest.raises(UnknownFeedError, match="make them known with register_service_feeds"):
        get_service_feeds("bot")


async def test_a_backtest_without_a_recording_starts_nothing() -> None:
    world = FeedWorld(replays=True)
    with pytest.raises(DataError, match="no events of PostsFeed are recorded"):
        await world.feeds.subscribe(PostsFeed, world.hear)
    assert Forum.happened == []
