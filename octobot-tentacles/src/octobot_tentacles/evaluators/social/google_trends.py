# SPDX-License-Identifier: Apache-2.0
"""GoogleTrendsEvaluator: sells where many more search for a crypto-currency than usual, buys where few do.

``docs/GoogleTrendsEvaluator.md`` describes the rule for those who set it up; ``interest_note`` is this rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, pstdev
from typing import Any, Final

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.enums import UserInputTypes
from octobot_tentacles.errors import FeedDataError
from octobot_tentacles.evaluators.social.feed_notes import DAY, FeedNotes
from octobot_tentacles.service_feeds.google_trends import GoogleTrendsData, GoogleTrendsServiceFeed, Interest

MONTH: Final = 31 * DAY
#: Of fewer values no deviation is worth the name.
FEWEST_VALUES: Final = 8
#: The note is full at this many standard deviations from the mean.
FULL_DEVIATIONS: Final = 2.0
#: Google rounds to whole numbers: smaller standard deviations say nothing.
SMALLEST_DEVIATION: Final = 1.0
#: A note outlives one look at Google that failed.
LIFETIME_REFRESHES: Final = 2


def interest_note(values: Sequence[float]) -> float:
    """The newest value's distance from the mean of the ones before, in their standard deviations; 1 (sell) at 2.

    To sell when there are more searches than there used to be and to buy when there are fewer is the rule of T. Preis,
    H. S. Moat, H. E. Stanley, Quantifying Trading Behavior in Financial Markets Using Google Trends, Scientific
    Reports 3, 2013.
    """
    before = values[:-1]
    deviation = max(SMALLEST_DEVIATION, pstdev(before))
    return max(-1.0, min(1.0, (values[-1] - fmean(before)) / (FULL_DEVIATIONS * deviation)))


class GoogleTrendsEvaluator(FeedNotes):
    """One instance for each crypto-currency, whose name is the topic that is searched for."""

    SERVICE_FEED_CLASS = GoogleTrendsServiceFeed

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.relevant_history_months = 3
        self.refresh_rate_seconds = 86_400

    @classmethod
    def get_is_cryptocurrencies_wildcard(cls) -> bool:
        """Each is searched for by itself."""
        return False

    @classmethod
    def get_is_cryptocurrency_name_wildcard(cls) -> bool:
        """Each is searched for by itself."""
        return False

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings, and ask the feed for this topic."""
        self.refresh_rate_seconds = self.UI.user_input(
            "refresh_rate_seconds",
            UserInputTypes.INT,
            86_400,
            inputs,
            min_val=60,
            title="Refresh rate: seconds between two looks at Google Trends.",
        )
        self.relevant_history_months = self.UI.user_input(
            "relevant_history_months",
            UserInputTypes.INT,
            3,
            inputs,
            min_val=1,
            max_val=60,
            title="History: months that the interest of today is compared with.",
        )
        self.feed_config = {
            "topics": [] if self.cryptocurrency is None else [self.cryptocurrency],
            "relevant_history_months": self.relevant_history_months,
            "refresh_rate_seconds": self.refresh_rate_seconds,
        }

    async def _feed_callback(self, data: Any) -> None:
        told = GoogleTrendsData.parse(data)
        if self.cryptocurrency is None or told.topic.casefold() != self.cryptocurrency.casefold():
            return
        values = self._relevant(told.interest)
        note = START_PENDING_EVAL_NOTE if len(values) < FEWEST_VALUES else interest_note(values)
        await self.complete(note, LIFETIME_REFRESHES * self.refresh_rate_seconds)

    def _relevant(self, interest: Sequence[Interest]) -> list[float]:
        now = self.get_current_exchange_time()
        if interest[-1].time > now or any(after.time <= before.time for before, after in pairwise(interest)):
            raise FeedDataError(
                "the times of interest do not ascend up to now", field="interest", remedy="tell the oldest first"
            )
        earliest = now - self.relevant_history_months * MONTH
        return [one.value for one in interest if one.time >= earliest]
