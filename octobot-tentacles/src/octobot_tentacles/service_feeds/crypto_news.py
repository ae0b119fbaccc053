# SPDX-License-Identifier: Apache-2.0
"""CryptoNewsServiceFeed: news about crypto-currencies."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from octobot_tentacles.service_feeds.feed_data import FeedData
from octobot_tentacles.service_feeds.recorded_only import RecordedOnlyFeed

Language = Annotated[str, Meta(pattern=r"^[a-z]{2}$")]


class CryptoNewsData(FeedData, frozen=True):
    """A news item: its headline, its ``text`` where there is more than that, and the language of both (ISO 639-1)."""

    title: Annotated[str, Meta(min_length=1, max_length=1_000)]
    text: Annotated[str, Meta(max_length=100_000)] = ""
    language: Language = "en"


class CryptoNewsServiceFeed(RecordedOnlyFeed):
    """Tells ``CryptoNewsData``, with the language as its key, when an item appears: each once."""
