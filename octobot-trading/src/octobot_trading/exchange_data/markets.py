# SPDX-License-Identifier: Apache-2.0
"""The markets of an exchange, as it last told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from octobot_trading.exchange_data.freshness import Feed, Freshness


class Markets(Feed):
    """What an exchange trades, by symbol; None before the first time."""

    def __init__(self, freshness: Freshness) -> None:
        super().__init__(freshness)
        self.markets: dict[str, Any] | None = None

    def update(self, markets: Mapping[str, Any], received_time: float) -> None:
        """Take these instead of those before."""
        self.markets = dict(markets)
        self.freshness.renew(received_time)
