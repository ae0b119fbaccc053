# SPDX-License-Identifier: Apache-2.0
"""What a user may set about market data, and what an exchange tells of how its venue sends it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_trading.exchange_data.order_book.checksums import ChecksumRule
from octobot_trading.exchange_data.order_book.sequences import SequenceRule

#: How long nothing may be heard of a feed before it is silent, in seconds, by the name of its channel. Of trades and
#: liquidations there may be none for hours on a quiet market, so their silence says nothing. Candles have their own
#: rule: ``FeedSettings.candle_delay_seconds``.
SILENCE_SECONDS: Mapping[str, float] = MappingProxyType(
    {
        Names.TICKER_CHANNEL: 120.0,
        Names.MINI_TICKER_CHANNEL: 120.0,
        Names.RECENT_TRADES_CHANNEL: math.inf,
        Names.LIQUIDATIONS_CHANNEL: math.inf,
        Names.ORDER_BOOK_CHANNEL: 60.0,
        Names.ORDER_BOOK_TICKER_CHANNEL: 60.0,
        Names.MARK_PRICE_CHANNEL: 60.0,
        # Paid every eight hours on most venues, and told of at least as often.
        Names.FUNDING_CHANNEL: 9 * 3600.0,
        Names.MARKETS_CHANNEL: 2 * 86400.0,
    }
)


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """How market data is kept and judged.

    ``silence_seconds`` replaces the values of ``SILENCE_SECONDS`` for the channels it names.
    """

    silence_seconds: Mapping[str, float] = field(default_factory=dict)
    #: How long after a candle should have closed nothing need be heard of it.
    candle_delay_seconds: float = 10.0
    #: How many levels a side the OrderBook channel tells of; the book itself keeps all.
    order_book_levels: int = 20
    #: How many trades, and how many liquidations, are kept for each symbol.
    trades_capacity: int = 1000

    def silence_of(self, kind: str) -> float:
        """How long nothing may be heard of this kind of feed, in seconds."""
        return self.silence_seconds.get(kind, SILENCE_SECONDS[kind])


@dataclass(frozen=True, slots=True)
class FeedRules:
    """How a venue sends the data of one market; by default nothing is known of it."""

    #: How updates of the order book are numbered.
    sequence: SequenceRule | None = None
    #: The checksum that comes with updates of the order book.
    checksum: ChecksumRule | None = None
    #: How many levels a side the updates of the order book cover.
    depth_limit: int | None = None
    #: The price step, 0 where it is not known.
    tick_size: float = 0.0
    #: Whether the ids of the market's trades count one by one, so that a skipped one was missed.
    numbers_trades: bool = False
