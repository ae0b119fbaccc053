# SPDX-License-Identifier: Apache-2.0
"""What feeds share: events of a documented shape."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec

from octobot_tentacles.errors import FeedDataError

#: A name: of a chat, a subreddit, a topic.
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
#: A series of a value a day takes no more than eight years.
MOST_VALUES = 3_000


class FeedData(msgspec.Struct, frozen=True):
    """What one event tells. Fields that are not declared are let be: the feed may come to tell more."""

    @classmethod
    def parse(cls, data: Any) -> Self:
        """The data of an event.

        Raises:
            FeedDataError: they have another shape; names the field.
        """
        try:
            return msgspec.convert(data, cls)
        except msgspec.ValidationError as error:
            remedy = "tell or record what the feed's page describes"
            raise FeedDataError(f"an event is no {cls.__name__}: {error}", remedy=remedy) from error
