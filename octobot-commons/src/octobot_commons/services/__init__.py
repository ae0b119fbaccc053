# SPDX-License-Identifier: Apache-2.0
"""What the bot hears of the outside world beside markets: posts, news, indexes.

service.py         a connection, with the settings it needs      service_feed.py  what is told through it
feed_outlet.py     a feed's channel, and what it has told        feed_event.py    one thing that was told
service_feeds.py   the feeds of one bot: started for the first who listens, stopped after the last
feed_store.py      recorded events in a file                     feed_recorder.py writes them
recorded_feed.py   tells them again in a backtest, in the feed's place
"""

from octobot_commons.services.feed_event import FeedEvent
from octobot_commons.services.feed_file import FeedEventFile, RecordedEvents, open_recorded_events
from octobot_commons.services.feed_outlet import FeedOutlet, ServiceFeedChannel
from octobot_commons.services.feed_recorder import FeedRecorder
from octobot_commons.services.feed_store import FeedEventStore, StoredFeed
from octobot_commons.services.recorded_feed import RecordedFeed
from octobot_commons.services.service import Service, ServiceHealth
from octobot_commons.services.service_feed import ServiceFeed
from octobot_commons.services.service_feeds import (
    FeedSubscription,
    ServiceFeeds,
    delete_service_feeds,
    get_service_feeds,
    register_service_feeds,
)

__all__ = [
    "FeedEvent",
    "FeedEventFile",
    "FeedEventStore",
    "FeedOutlet",
    "FeedRecorder",
    "FeedSubscription",
    "RecordedEvents",
    "RecordedFeed",
    "Service",
    "ServiceFeed",
    "ServiceFeedChannel",
    "ServiceFeeds",
    "ServiceHealth",
    "StoredFeed",
    "delete_service_feeds",
    "get_service_feeds",
    "open_recorded_events",
    "register_service_feeds",
]
