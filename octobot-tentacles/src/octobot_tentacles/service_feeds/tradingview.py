# SPDX-License-Identifier: Apache-2.0
"""TradingViewServiceFeed: alerts that TradingView sends to a webhook."""

from __future__ import annotations

from octobot_tentacles.service_feeds.recorded_only import RecordedOnlyFeed


class TradingViewServiceFeed(RecordedOnlyFeed):
    """Each event is ``{"text": the alert's message}``, without a key."""
