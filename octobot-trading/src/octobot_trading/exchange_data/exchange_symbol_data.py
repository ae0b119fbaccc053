# SPDX-License-Identifier: Apache-2.0
"""What is known of one symbol's market."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.exchange_data.candle_freshness import candles_stale_reason
from octobot_trading.exchange_data.feed_settings import FeedRules, FeedSettings
from octobot_trading.exchange_data.freshness import StaleFeed, StaleReason
from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager
from octobot_trading.exchange_data.symbol_feeds import FEED_NAMES, SymbolFeeds, no_rules

_CANDLES = (Names.OHLCV_CHANNEL, Names.KLINE_CHANNEL)


class ExchangeSymbolData(SymbolFeeds):
    """The candles of one symbol by time frame, its last price, and what the other channels told of it.

    The last price is that of the trade, the ticker or the candle whose market time is the newest, of several at one
    time that of the last to arrive. The market time is the trade's, the ticker's where it says one and otherwise when
    it was received, when a closed candle closed, and for one in construction when it was received; but never later than
    it was received.
    """

    def __init__(
        self,
        symbol: str,
        candles_capacity: int,
        settings: FeedSettings | None = None,
        rules: Callable[[str], FeedRules] = no_rules,
    ) -> None:
        super().__init__(symbol, settings, rules)
        self.symbol_candles: dict[TimeFrames, CandlesManager] = {}
        #: A replay writes it at every candle.
        self.price: float | None = None
        self._price_time = -math.inf
        self._candles_capacity = candles_capacity

    @property
    def last_price(self) -> Decimal | None:
        """The latest known price, None before the first."""
        return None if self.price is None else Decimal(repr(self.price))

    def follow_price(self, price: float, received_time: float, market_time: float | None = None) -> None:
        """Somebody paid this price at the market time; it is the last one unless a newer one is known."""
        # A time to come is told by a wrong clock; it must not hold up what comes after it.
        if market_time is None or market_time > received_time:
            market_time = received_time
        if market_time >= self._price_time:
            self.price = float(price)
            self._price_time = market_time

    def add_time_frame(self, time_frame: TimeFrames) -> CandlesManager:
        """The candles of a time frame, made when there were none."""
        manager = self.symbol_candles.get(time_frame)
        if manager is None:
            manager = CandlesManager(time_frame, self._candles_capacity)
            self.symbol_candles[time_frame] = manager
        return manager

    def candles(self, time_frame: TimeFrames | str) -> CandlesManager:
        """The candles of a time frame.

        Raises:
            KeyError: this symbol is not followed on it.
        """
        try:
            # A TimeFrames member hashes as its text, so both kinds of key find it.
            return self.symbol_candles[time_frame]  # type: ignore[index]
        except KeyError:
            followed = ", ".join(self.symbol_candles) or "none"
            raise KeyError(f"{self.symbol} is not followed on {time_frame} (time frames: {followed})") from None

    def stale_reason(self, kind: str, now: float, time_frame: TimeFrames | str | None = None) -> StaleReason | None:
        """Why what the channel of this name tells of the symbol must not be relied on, None when it may.

        Args:
            kind: the name of a channel, like "OrderBook".
            now: the time in Unix seconds.
            time_frame: of the candles, where they are what is asked for.

        Raises:
            DataError: a channel that tells nothing of a symbol's market, or candles without a time frame.
            KeyError: the symbol is not followed on this time frame.
        """
        if kind in _CANDLES and time_frame is not None:
            return candles_stale_reason(self.candles(time_frame), now, self.settings.candle_delay_seconds)
        if kind not in FEED_NAMES:
            known = ", ".join([*FEED_NAMES, *(f"{name} with a time frame" for name in _CANDLES)])
            raise DataError(f"{kind} tells nothing of {self.symbol}", remedy=f"ask for one of {known}")
        feed = self.find(kind)
        return StaleReason.NO_DATA if feed is None else feed.stale_reason(now)

    def stale_feeds(self, now: float) -> list[StaleFeed]:
        """What must not be relied on at a time, of all that was asked for or came."""
        stale = []
        for time_frame, candles in self.symbol_candles.items():
            reason = candles_stale_reason(candles, now, self.settings.candle_delay_seconds)
            if reason is not None:
                name = str(Names.OHLCV_CHANNEL)
                stale.append(StaleFeed(self.symbol, name, time_frame.value, reason, candles.age(now)))
        for kind, feed in self.made():
            reason = feed.stale_reason(now)
            if reason is not None:
                stale.append(StaleFeed(self.symbol, kind, None, reason, feed.age(now)))
        return stale
