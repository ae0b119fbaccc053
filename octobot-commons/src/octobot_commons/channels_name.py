# SPDX-License-Identifier: Apache-2.0
"""The names that channels are registered under."""

from __future__ import annotations

from enum import StrEnum


class OctoBotTradingChannelsName(StrEnum):
    """Channels of an exchange."""

    OHLCV_CHANNEL = "OHLCV"
    KLINE_CHANNEL = "Kline"
    TICKER_CHANNEL = "Ticker"
    MINI_TICKER_CHANNEL = "MiniTicker"
    RECENT_TRADES_CHANNEL = "RecentTrade"
    LIQUIDATIONS_CHANNEL = "Liquidations"
    ORDER_BOOK_CHANNEL = "OrderBook"
    ORDER_BOOK_TICKER_CHANNEL = "OrderBookTicker"
    MARK_PRICE_CHANNEL = "MarkPrice"
    FUNDING_CHANNEL = "Funding"
    MARKETS_CHANNEL = "Markets"
    BALANCE_CHANNEL = "Balance"
    BALANCE_PROFITABILITY_CHANNEL = "BalanceProfitability"
    ORDERS_CHANNEL = "Orders"
    TRADES_CHANNEL = "Trades"
    POSITIONS_CHANNEL = "Positions"
    MODE_CHANNEL = "Mode"


class OctoBotEvaluatorsChannelsName(StrEnum):
    """Channels of the evaluators."""

    MATRIX_CHANNEL = "Matrix"
