# SPDX-License-Identifier: Apache-2.0
"""Market data channels. Their payloads are lists and dicts as exchanges give them, never changed once sent."""

from __future__ import annotations

from octobot_trading.exchange_channel import ExchangeChannel, TimeFrameChannel


class OHLCVChannel(TimeFrameChannel):
    """Closed candles: cryptocurrency, symbol, time_frame, candle."""


class KlineChannel(TimeFrameChannel):
    """Candles in construction: cryptocurrency, symbol, time_frame, kline."""


class TickerChannel(ExchangeChannel):
    """Last price and day statistics: cryptocurrency, symbol, ticker."""


MARKET_DATA_CHANNELS: tuple[type[ExchangeChannel], ...] = (OHLCVChannel, KlineChannel, TickerChannel)
