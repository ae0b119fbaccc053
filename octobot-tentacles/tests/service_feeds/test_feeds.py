# SPDX-License-Identifier: Apache-2.0
"""Feeds: what an event may be, and what is said where somebody wants to listen live."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.errors import DataError, EnvironmentFault
from octobot_commons.services import ServiceFeeds
from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry
from octobot_tentacles.service_feeds.crypto_news import CryptoNewsData
from octobot_tentacles.service_feeds.fear_and_greed import FearAndGreedData
from octobot_tentacles.service_feeds.feed_data import FeedData
from octobot_tentacles.service_feeds.google_trends import GoogleTrendsData, Interest
from octobot_tentacles.service_feeds.market_cap import MarketCapData
from octobot_tentacles.service_feeds.reddit import RedditPostData
from octobot_tentacles.service_feeds.telegram import TelegramMessageData

REGISTRY = TentacleRegistry.discover()
FEEDS = [
    "CryptoNewsServiceFeed",
    "FearAndGreedServiceFeed",
    "GoogleTrendsServiceFeed",
    "MarketCapServiceFeed",
    "RedditServiceFeed",
    "TelegramServiceFeed",
    "TradingViewServiceFeed",
]


@pytest.mark.parametrize("name", FEEDS)
async def test_nobody_can_listen_live_and_is_told_so(name: str) -> None:
    info = REGISTRY.info(name)
    assert info.kind is TentacleKind.SERVICE_FEED
    feed_class: Any = info.load()
    feeds = ServiceFeeds("live", SimulatedClock(0.0), TentaclesSetupConfig())
    with pytest.raises(
        EnvironmentFault, match=rf"{name} cannot be heard live in this version \(backtest with .*--feeds"
    ):
        await feeds.subscribe(feed_class)
    assert not feeds.is_running(feed_class)
    await feeds.stop()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"values": [1, 99.5]}, FearAndGreedData([1.0, 99.5])),
        ({"values": [1.5e12], "of a later version": 1}, MarketCapData([1.5e12])),
        ({"title": "a"}, CryptoNewsData("a", "", "en")),
        ({"title": "a", "text": "b", "language": "fr"}, CryptoNewsData("a", "b", "fr")),
        ({"subreddit": "Bitcoin", "title": "a"}, RedditPostData("Bitcoin", "a", "")),
        ({"topic": "a", "interest": [{"time": 1, "value": 2}]}, GoogleTrendsData("a", [Interest(1.0, 2.0)])),
        ({"chat": "a", "text": ""}, TelegramMessageData("a", "")),
    ],
)
def test_events_as_the_pages_describe_them(data: dict[str, Any], told: FeedData) -> None:
    assert type(told).parse(data) == told


def test_an_event_of_another_shape_is_refused_naming_the_field() -> None:
    with pytest.raises(DataError, match=r"no FearAndGreedData: Expected `float` <= 100.0 - at `\$.values\[1\]` \(tell"):
        FearAndGreedData.parse({"values": [1, 200]})
    with pytest.raises(DataError, match="no GoogleTrendsData: Object missing required field `topic`"):
        GoogleTrendsData.parse({})
