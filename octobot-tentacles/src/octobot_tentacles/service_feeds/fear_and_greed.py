# SPDX-License-Identifier: Apache-2.0
"""FearAndGreedServiceFeed: an index of the mood of the market, once a day."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from octobot_tentacles.service_feeds.feed_data import MOST_VALUES, FeedData
from octobot_tentacles.service_feeds.recorded_only import RecordedOnlyFeed


class FearAndGreedData(FeedData, frozen=True):
    """``values``: the index, 0 (extreme fear) to 100 (extreme greed), one a day, oldest first."""

    values: Annotated[list[Annotated[float, Meta(ge=0, le=100)]], Meta(min_length=1, max_length=MOST_VALUES)]


class FearAndGreedServiceFeed(RecordedOnlyFeed):
    """Tells ``FearAndGreedData`` without a key when a day's index is out."""
