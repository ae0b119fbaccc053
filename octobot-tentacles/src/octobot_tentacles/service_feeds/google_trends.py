# SPDX-License-Identifier: Apache-2.0
"""GoogleTrendsServiceFeed: how much a topic is searched for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from octobot_tentacles.service_feeds.feed_data import MOST_VALUES, FeedData, Name
from octobot_tentacles.service_feeds.recorded_only import RecordedOnlyFeed


class Interest(Struct, frozen=True):
    """The searches of one day or week, which is over, compared with the most of the period; ``time``: its start."""

    time: float
    value: Annotated[float, Meta(ge=0, le=100)]


class GoogleTrendsData(FeedData, frozen=True):
    """A topic, such as Bitcoin, and the interest in it, oldest first."""

    topic: Name
    interest: Annotated[list[Interest], Meta(min_length=1, max_length=MOST_VALUES)]


class GoogleTrendsServiceFeed(RecordedOnlyFeed):
    """Tells ``GoogleTrendsData``, with the topic as its key, whenever it has looked."""
