# SPDX-License-Identifier: Apache-2.0
"""Market data channels. Their payloads are lists and dicts of numbers, fresh for each message, never changed once sent.

Beside the keys named here each payload has ``exchange`` and ``exchange_id``. Times are in Unix seconds.
"""

from __future__ import annotations

from octobot_trading.exchange_channel import ExchangeChannel, TimeFrameChannel


class OHLCVChannel(TimeFrameChannel):
    """Closed candles: cryptocurrency, symbol, time_frame, candle."""


class KlineChannel(TimeFrameChannel):
    """Candles in construction: cryptocurrency, symbol, time_frame, kline."""


class TickerChannel(ExchangeChannel):
    """Last price and day statistics: cryptocurrency, symbol, ticker."""


class MiniTickerChannel(ExchangeChannel):
    """The same with fewer statistics: cryptocurrency, symbol, mini_ticker."""


class RecentTradeChannel(ExchangeChannel):
    """New trades, oldest first: cryptocurrency, symbol, recent_trades."""


class LiquidationsChannel(ExchangeChannel):
    """New liquidations, oldest first: cryptocurrency, symbol, liquidations."""


class OrderBookChannel(ExchangeChannel):
    """The best levels of a book that is in step: cryptocurrency, symbol, asks, bids; ``[price, size]``, best first."""


class OrderBookTickerChannel(ExchangeChannel):
    """Best prices: cryptocurrency, symbol, ask_quantity, ask_price, bid_quantity, bid_price."""


class MarkPriceChannel(ExchangeChannel):
    """The price at which positions are valued: cryptocurrency, symbol, mark_price (Decimal)."""


class FundingChannel(ExchangeChannel):
    """Funding: cryptocurrency, symbol, funding_rate, predicted_funding_rate, next_funding_time, timestamp.

    Rates are Decimal; the predicted one and the next time are None where the venue does not tell them.
    """


class MarketsChannel(ExchangeChannel):
    """What the exchange trades, by symbol: markets. It has no filters."""

    FILTERS = ()


MARKET_DATA_CHANNELS: tuple[type[ExchangeChannel], ...] = (
    OHLCVChannel,
    KlineChannel,
    TickerChannel,
    MiniTickerChannel,
    RecentTradeChannel,
    LiquidationsChannel,
    OrderBookChannel,
    OrderBookTickerChannel,
    MarkPriceChannel,
    FundingChannel,
    MarketsChannel,
)
