# SPDX-License-Identifier: Apache-2.0
"""Candles of a symbol as float64 arrays, oldest first, which the caller may change, and whether data can be relied on.

``time_frame`` is a ``TimeFrames`` member or its value; ``limit`` counts from the newest candle, -1 means all.
KeyError when the symbol is not followed on that time frame.
"""

from __future__ import annotations

from octobot_commons.enums import TimeFrames
from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData
from octobot_trading.exchange_data.freshness import StaleFeed, StaleReason
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.util import FloatArray


def get_symbol_time_candles(
    symbol_data: ExchangeSymbolData,
    time_frame: TimeFrames | str,
    limit: int = -1,
    include_in_construction: bool = False,
) -> FloatArray:
    """Open times in seconds."""
    return symbol_data.candles(time_frame).ring.column(0, limit, include_in_construction)


def get_symbol_open_candles(
    symbol_data: ExchangeSymbolData,
    time_frame: TimeFrames | str,
    limit: int = -1,
    include_in_construction: bool = False,
) -> FloatArray:
    """Opens."""
    return symbol_data.candles(time_frame).ring.column(1, limit, include_in_construction)


def get_symbol_high_candles(
    symbol_data: ExchangeSymbolData,
    time_frame: TimeFrames | str,
    limit: int = -1,
    include_in_construction: bool = False,
) -> FloatArray:
    """Highs."""
    return symbol_data.candles(time_frame).ring.column(2, limit, include_in_construction)


def get_symbol_low_candles(
    symbol_data: ExchangeSymbolData,
    time_frame: TimeFrames | str,
    limit: int = -1,
    include_in_construction: bool = False,
) -> FloatArray:
    """Lows."""
    return symbol_data.candles(time_frame).ring.column(3, limit, include_in_construction)


def get_symbol_close_candles(
    symbol_data: ExchangeSymbolData,
    time_frame: TimeFrames | str,
    limit: int = -1,
    include_in_construction: bool = False,
) -> FloatArray:
    """Closes."""
    return symbol_data.candles(time_frame).ring.column(4, limit, include_in_construction)


def get_symbol_volume_candles(
    symbol_data: ExchangeSymbolData,
    time_frame: TimeFrames | str,
    limit: int = -1,
    include_in_construction: bool = False,
) -> FloatArray:
    """Volumes, in the base asset."""
    return symbol_data.candles(time_frame).ring.column(5, limit, include_in_construction)


def get_stale_reason(
    exchange_manager: ExchangeManager,
    kind: str,
    symbol: str | None = None,
    time_frame: TimeFrames | str | None = None,
    now: float | None = None,
) -> StaleReason | None:
    """Why what the channel ``kind`` ("OrderBook", "Ticker"...) told must not be relied on, None when it may.

    ``symbol`` is None for the Markets channel, ``time_frame`` that of candles, ``now`` by default the exchange's time.
    DataError when the channel tells nothing of that sort.
    """
    return exchange_manager.stale_reason(kind, symbol, time_frame, now)


def get_stale_feeds(exchange_manager: ExchangeManager, now: float | None = None) -> list[StaleFeed]:
    """What must not be relied on, of all market data that was asked for or came."""
    return exchange_manager.stale_feeds(now)
