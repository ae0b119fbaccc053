# SPDX-License-Identifier: Apache-2.0
"""MarketCapServiceFeed: what all crypto-currencies are worth, once a day."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from octobot_tentacles.service_feeds.feed_data import MOST_VALUES, FeedData
from octobot_tentacles.service_feeds.recorded_only import RecordedOnlyFeed


class MarketCapData(FeedData, frozen=True):
    """``values``: the market capitalisation of all crypto-currencies in US dollars, one a day, oldest first."""

    values: Annotated[list[Annotated[float, Meta(gt=0)]], Meta(min_length=1, max_length=MOST_VALUES)]


class MarketCapServiceFeed(RecordedOnlyFeed):
    """Tells ``MarketCapData`` without a key when a day is over."""
