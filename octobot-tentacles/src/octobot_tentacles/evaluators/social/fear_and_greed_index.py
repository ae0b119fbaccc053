# SPDX-License-Identifier: Apache-2.0
"""FearAndGreedIndexEvaluator: buys while fear grows, sells while greed grows.

``docs/FearAndGreedIndexEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

from typing import Any

from octobot_tentacles.evaluators.social.averages_trend import AveragesTrend
from octobot_tentacles.service_feeds.fear_and_greed import FearAndGreedData, FearAndGreedServiceFeed


class FearAndGreedIndexEvaluator(AveragesTrend):
    """Goes against the crowd: a growing index of fear and greed sells, a shrinking one buys."""

    SERVICE_FEED_CLASS = FearAndGreedServiceFeed
    RISING = 1

    def data_of(self, data: Any) -> FearAndGreedData:
        """The index of the last days."""
        return FearAndGreedData.parse(data)
