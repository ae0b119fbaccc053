# SPDX-License-Identifier: Apache-2.0
"""What the exchange knows beside candles: trades by pair and funding rates by contract, as Binance answers them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from octobot_trading.history import FundingSeries, TradeSeries

#: One page has no more, and without ``limit`` that many.
MOST_TRADES, USUAL_TRADES = 1000, 500
MOST_FUNDING, USUAL_FUNDING = 1000, 100


class KnownTrades:
    """Series of trades whose ids grow, by Binance's name of the pair."""

    def __init__(self, series: Iterable[TradeSeries]) -> None:
        self._series: dict[str, TradeSeries] = {}
        self.pairs: dict[str, tuple[str, str]] = {}
        for one in series:
            base, quote = one.symbol.split("/")
            self.pairs[base + quote] = (base, quote)
            self._series[base + quote] = one

    def aggregated(
        self, pair: str, from_id: int | None, start_ms: int | None, end_ms: int | None, limit: int, now: float
    ) -> list[dict[str, Any]]:
        """Oldest first; without an id and a start the newest ones. Here every trade is an aggregate of its own."""
        series = self._series.get(pair)
        if series is None:
            return []
        milliseconds = np.rint(series.times * 1000)
        last = int(np.searchsorted(milliseconds, now * 1000 if end_ms is None else end_ms, side="right"))
        if from_id is not None:
            first = int(np.searchsorted(series.ids, from_id))
        elif start_ms is not None:
            first = int(np.searchsorted(milliseconds, start_ms))
        else:
            first = max(0, last - limit)
        return [_trade(series, row, int(milliseconds[row])) for row in range(first, min(last, first + limit))]


class KnownFunding:
    """Funding rates of perpetual contracts, by Binance's name of the contract; symbols are like BTC/USDT:USDT."""

    def __init__(self, series: Iterable[FundingSeries]) -> None:
        self._series: dict[str, FundingSeries] = {}
        self.pairs: dict[str, tuple[str, str]] = {}
        for one in series:
            base, quote = one.symbol.partition(":")[0].split("/")
            self.pairs[base + quote] = (base, quote)
            self._series[base + quote] = one

    def rates(
        self, pair: str, start_ms: int | None, end_ms: int | None, limit: int, now: float
    ) -> list[dict[str, Any]]:
        """Oldest first; without a start the newest ones."""
        series = self._series[pair]
        milliseconds = np.rint(series.times * 1000)
        last = int(np.searchsorted(milliseconds, now * 1000 if end_ms is None else min(end_ms, now * 1000), "right"))
        first = max(0, last - limit) if start_ms is None else int(np.searchsorted(milliseconds, start_ms))
        return [
            {
                "symbol": pair,
                "fundingTime": int(milliseconds[row]),
                "fundingRate": f"{series.funding_rate[row]:.8f}",
                "markPrice": "",
            }
            for row in range(first, min(last, first + limit))
        ]


def _trade(series: TradeSeries, row: int, milliseconds: int) -> dict[str, Any]:
    number = int(series.ids[row])
    return {
        "a": number,
        "p": f"{series.price[row]:.8f}",
        "q": f"{series.amount[row]:.8f}",
        "f": number,
        "l": number,
        "T": milliseconds,
        # The maker bought, so the taker sold.
        "m": bool(series.side[row] < 0),
        "M": True,
    }
