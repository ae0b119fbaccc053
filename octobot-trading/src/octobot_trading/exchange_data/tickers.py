# SPDX-License-Identifier: Apache-2.0
"""The statistics of a market's last day, and its best prices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from octobot_commons.errors import DataError
from octobot_trading.exchange_data.freshness import Feed, Freshness, StaleReason
from octobot_trading.exchange_data.number_checks import check_time, not_possible

#: Numbers of ccxt's ticker that may be missing but not negative.
_AMOUNTS = (
    "last", "close", "open", "high", "low", "bid", "ask", "bidVolume", "askVolume", "baseVolume", "quoteVolume", "vwap",
    "average", "previousClose",
)  # fmt: skip
_CHANGES = ("change", "percentage")


def read_ticker(ticker: Mapping[str, Any], symbol: str, where: str) -> dict[str, Any]:
    """A fresh ticker of ccxt's, whose timestamp is then in Unix seconds; values that are not told stay None.

    Raises:
        DataError: names ``where`` and the field that is no possible number.
    """
    if not isinstance(ticker, Mapping):
        raise DataError(f"{where}: {ticker!r} is no dict", field="ticker", remedy="leave it out")
    told = dict(ticker)
    told["symbol"] = symbol
    try:
        for name in _AMOUNTS:
            if (value := told.get(name)) is not None and not 0.0 <= value < math.inf:
                raise not_possible(value, name, where)
        for name in _CHANGES:
            if (value := told.get(name)) is not None and not -math.inf < value < math.inf:
                raise not_possible(value, name, where)
    except TypeError:
        raise not_possible(value, name, where) from None
    timestamp = told.get("timestamp")
    if timestamp is not None:
        if not isinstance(timestamp, int | float):
            raise not_possible(timestamp, "timestamp", where)
        told["timestamp"] = check_time(timestamp / 1000, "timestamp", where)
    return told


def ticker_price(ticker: Mapping[str, Any]) -> float | None:
    """The last price that a ticker tells, None where it tells none."""
    for name in ("last", "close"):
        if ticker.get(name):
            return float(ticker[name])
    return None


class Ticker(Feed):
    """The newest ticker, in ccxt's form but for the timestamp, which is in Unix seconds; None before the first."""

    def __init__(self, freshness: Freshness) -> None:
        super().__init__(freshness)
        self.ticker: dict[str, Any] | None = None
        #: Tickers that were older than the one held, and left out.
        self.late = 0

    def update(self, ticker: dict[str, Any], received_time: float) -> bool:
        """Take a ticker of ``read_ticker``; whether it is no older than the one held."""
        held = None if self.ticker is None else self.ticker.get("timestamp")
        if held is not None and (ticker.get("timestamp") or held) < held:
            self.late += 1
            return False
        self.ticker = ticker
        self.freshness.renew(received_time)
        return True


class OrderBookTicker(Feed):
    """The best bid and ask and what they hold; None before the first."""

    def __init__(self, freshness: Freshness) -> None:
        super().__init__(freshness)
        self.bid_price: float | None = None
        self.bid_quantity: float | None = None
        self.ask_price: float | None = None
        self.ask_quantity: float | None = None

    def update(
        self, bid_price: float, bid_quantity: float, ask_price: float, ask_quantity: float, received_time: float
    ) -> bool:
        """Take checked prices; whether they can be relied on, which they cannot while they are crossed."""
        self.bid_price, self.bid_quantity = bid_price, bid_quantity
        self.ask_price, self.ask_quantity = ask_price, ask_quantity
        self.freshness.renew(received_time)
        if bid_price < ask_price:
            return True
        self.freshness.fault = StaleReason.CROSSED
        return False

    @property
    def mid(self) -> float | None:
        """Half-way between bid and ask."""
        if self.bid_price is None or self.ask_price is None:
            return None
        return (self.bid_price + self.ask_price) / 2
