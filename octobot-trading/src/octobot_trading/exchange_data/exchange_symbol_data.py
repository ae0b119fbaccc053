# SPDX-License-Identifier: Apache-2.0
"""What is known of one symbol's market."""

from __future__ import annotations

from decimal import Decimal

from octobot_commons.enums import TimeFrames
from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager


class ExchangeSymbolData:
    """The candles of one symbol by time frame, and its last price."""

    def __init__(self, symbol: str, candles_capacity: int) -> None:
        self.symbol = symbol
        self.symbol_candles: dict[TimeFrames, CandlesManager] = {}
        self.price: float | None = None
        self._candles_capacity = candles_capacity

    @property
    def last_price(self) -> Decimal | None:
        """The latest known price, None before the first."""
        return None if self.price is None else Decimal(repr(self.price))

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
