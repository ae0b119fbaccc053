# SPDX-License-Identifier: Apache-2.0
"""RemoteTradingSignalsServiceFeed: what the bots of others say that they trade."""

from __future__ import annotations

from octobot_tentacles.service_feeds.recorded_only import RecordedOnlyFeed


class RemoteTradingSignalsServiceFeed(RecordedOnlyFeed):
    """Each event is a signal as RemoteTradingSignalsTradingMode's page describes it; a key is not needed."""
