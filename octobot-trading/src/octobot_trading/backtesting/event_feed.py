# SPDX-License-Identifier: Apache-2.0
"""A service feed's recorded events on their way into a replay."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import ClassVar

import numpy as np

from octobot_commons.services import RecordedFeed
from octobot_trading.exchange_data.market_updates import MarketUpdates
from octobot_trading.util import FloatArray

_time = itemgetter(0)


class EventFeed:
    """The events of one feed; at one time they come after all that the market told.

    What was known before the start can be looked up and is told to nobody.
    """

    rank: ClassVar[int] = 5
    #: No exchange's.
    updates: MarketUpdates | None = None

    def __init__(self, recorded: RecordedFeed) -> None:
        self.rows = recorded

    async def begin(self, start_time: float | None) -> None:
        """Begin to read."""
        self.rows.begin(start_time)

    def load(self, begin: float, end: float) -> FloatArray:
        """The times of the events before ``end``; those before ``begin`` were dropped."""
        events = self.rows.events
        return np.array([event.time for event in events[: bisect_left(events, end, key=_time)]])

    async def tell(self, index: int, time: float, updates: MarketUpdates | None) -> None:
        """Tell of an event of the window."""
        await self.rows.tell(index)

    def drop_before(self, time: float) -> None:
        """Forget what was told before then."""
        self.rows.drop(bisect_left(self.rows.events, time, key=_time))
