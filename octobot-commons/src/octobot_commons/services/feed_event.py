# SPDX-License-Identifier: Apache-2.0
"""One thing that a feed told."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from octobot_commons.errors import BugError


class FeedEvent(NamedTuple):
    """``data`` became known at ``time`` (Unix seconds); ``key`` says what it is about, None where all is alike."""

    time: float
    key: str | None
    data: Any


def plain_json(data: Any, feed_name: str) -> Any:
    """What comes back of ``data`` when it was recorded: objects, lists, texts, numbers, true, false and None.

    Live listeners get this too, so that they see in a backtest what they saw then.

    Raises:
        BugError: JSON cannot say it.
    """
    try:
        return msgspec.json.decode(msgspec.json.encode(data))
    except (TypeError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise BugError(
            f"{feed_name} tells what cannot be recorded: {error}", remedy="tell dicts, lists, texts and numbers only"
        ) from error
