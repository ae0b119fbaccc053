# SPDX-License-Identifier: Apache-2.0
"""RedditServiceFeed: posts of subreddits."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from octobot_tentacles.service_feeds.feed_data import FeedData, Name
from octobot_tentacles.service_feeds.recorded_only import RecordedOnlyFeed


class RedditPostData(FeedData, frozen=True):
    """A post: its subreddit without ``r/``, its title, and its ``text`` where it has one."""

    subreddit: Name
    title: Annotated[str, Meta(min_length=1, max_length=1_000)]
    text: Annotated[str, Meta(max_length=100_000)] = ""


class RedditServiceFeed(RecordedOnlyFeed):
    """Tells ``RedditPostData``, with the subreddit as its key, when a post appears: each once."""
