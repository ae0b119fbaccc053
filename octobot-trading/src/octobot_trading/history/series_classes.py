# SPDX-License-Identifier: Apache-2.0
"""The series of each kind that is no candle."""

from __future__ import annotations

from octobot_trading.history.order_books import OrderBookSeries
from octobot_trading.history.records import FundingSeries, MarkPriceSeries, RecordSeries, TickerSeries, TradeSeries

#: By the name of the kind.
SERIES_CLASSES: dict[str, type[RecordSeries]] = {
    one.kind.name: one for one in (TradeSeries, FundingSeries, MarkPriceSeries, TickerSeries, OrderBookSeries)
}
