# SPDX-License-Identifier: Apache-2.0
"""What the exchange knows: candles by pair and interval, answered as klines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from octobot_commons.enums import TimeFrames
from octobot_trading.history import CandleSeries, time_grid

#: One page has no more, and without ``limit`` that many.
MOST_KLINES, USUAL_KLINES = 1000, 500


class KnownCandles:
    """Series of one exchange, by Binance's name of the pair and the interval."""

    def __init__(self, series: Iterable[CandleSeries]) -> None:
        self._series: dict[tuple[str, str], CandleSeries] = {}
        self.pairs: dict[str, tuple[str, str]] = {}
        for one in series:
            base, quote = one.symbol.split("/")
            self.pairs[base + quote] = (base, quote)
            self._series[base + quote, one.time_frame.value] = one

    def klines(
        self, pair: str, interval: str, start_ms: int | None, end_ms: int | None, limit: int, now: float
    ) -> list[list[Any]]:
        """Those that open from ``start_ms`` to ``end_ms``, oldest first, the one in construction at ``now`` included.

        Without a start the newest ones.
        """
        series = self._series.get((pair, interval))
        if series is None:
            return []
        opens = series.open_times
        last = int(np.searchsorted(opens, now, side="right"))
        if end_ms is not None:
            last = min(last, int(np.searchsorted(opens, end_ms / 1000, side="right")))
        first = max(0, last - limit) if start_ms is None else int(np.searchsorted(opens, start_ms / 1000))
        return _rows(series, first, min(last, first + limit), series.time_frame)


def _rows(series: CandleSeries, first: int, last: int, time_frame: TimeFrames) -> list[list[Any]]:
    closes = time_grid.close_times(series.open_times[first:last], time_frame)
    columns = (column[first:last].tolist() for column in series.columns())
    return [
        # Open time, four prices, volume, close time, quote volume, trades, taker's base and quote volume, unused.
        [round(time * 1000), *map(repr, (*prices, volume)), round(close * 1000) - 1, "0.0", 0, "0.0", "0.0", "0"]
        for time, *prices, volume, close in zip(*columns, closes.tolist(), strict=True)
    ]
