# SPDX-License-Identifier: Apache-2.0
"""MarketCapEvaluator: goes with the trend of the whole market.

``docs/MarketCapEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

from typing import Any

from octobot_tentacles.evaluators.social.averages_trend import AveragesTrend
from octobot_tentacles.service_feeds.market_cap import MarketCapData, MarketCapServiceFeed


class MarketCapEvaluator(AveragesTrend):
    """Buys while the market capitalisation of all crypto-currencies grows, sells while it shrinks."""

    SERVICE_FEED_CLASS = MarketCapServiceFeed
    RISING = -1

    def data_of(self, data: Any) -> MarketCapData:
        """The market capitalisation of the last days."""
        return MarketCapData.parse(data)
