# SPDX-License-Identifier: Apache-2.0
"""What only markets of derivatives have: a mark price, and funding."""

from __future__ import annotations

from decimal import Decimal

from octobot_trading.exchange_data.freshness import Feed, Freshness


class MarkPrice(Feed):
    """The price at which the venue values positions. Nothing stands in for it: None until the venue tells one."""

    def __init__(self, freshness: Freshness) -> None:
        super().__init__(freshness)
        self.mark_price: Decimal | None = None

    def update(self, mark_price: Decimal, received_time: float) -> None:
        """Take a price above zero."""
        self.mark_price = mark_price
        self.freshness.renew(received_time)


class Funding(Feed):
    """What longs pay shorts, as a part of the position's value (0.0001 is 0.01 %); None where it was not told."""

    def __init__(self, freshness: Freshness) -> None:
        super().__init__(freshness)
        #: The rate that is paid at ``next_funding_time``.
        self.funding_rate: Decimal | None = None
        #: The rate after that.
        self.predicted_funding_rate: Decimal | None = None
        #: Unix seconds.
        self.next_funding_time: float | None = None
        #: When the venue said so, in Unix seconds.
        self.timestamp: float | None = None

    def update(
        self,
        funding_rate: Decimal,
        next_funding_time: float | None,
        predicted_funding_rate: Decimal | None,
        timestamp: float,
        received_time: float,
    ) -> None:
        """Take finite rates and times."""
        self.funding_rate, self.predicted_funding_rate = funding_rate, predicted_funding_rate
        self.next_funding_time, self.timestamp = next_funding_time, timestamp
        self.freshness.renew(received_time)
