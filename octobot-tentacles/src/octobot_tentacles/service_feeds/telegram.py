# SPDX-License-Identifier: Apache-2.0
"""TelegramServiceFeed: messages of Telegram groups and channels."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from octobot_tentacles.service_feeds.feed_data import FeedData, Name
from octobot_tentacles.service_feeds.recorded_only import RecordedOnlyFeed

#: Telegram cuts longer messages in two.
LONGEST_MESSAGE = 4_096


class TelegramMessageData(FeedData, frozen=True):
    """A message: the name of its group or channel, and its text."""

    chat: Name
    text: Annotated[str, Meta(max_length=LONGEST_MESSAGE)]


class TelegramServiceFeed(RecordedOnlyFeed):
    """Tells ``TelegramMessageData``, with the chat as its key, when a message comes."""
