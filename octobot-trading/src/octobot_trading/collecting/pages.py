# SPDX-License-Identifier: Apache-2.0
"""One page of candles after another: asked for, checked, stored whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import bucket_end
from octobot_trading.collecting.collector import AbstractCollector
from octobot_trading.collecting.retries import Retrier
from octobot_trading.collecting.spans import AskedSpan, after
from octobot_trading.history import CandleStore, series_from_arrays
from octobot_trading.history.time_grid import close_times
from octobot_trading.history.validation import format_time
from octobot_trading.util import FloatArray


class CandlePages:
    """The pages of one symbol and time frame."""

    def __init__(
        self, collector: AbstractCollector, store: CandleStore, symbol: str, asked: AskedSpan, retrier: Retrier
    ) -> None:
        self._collector = collector
        self._store = store
        self._symbol = symbol
        self._asked = asked
        self._time_frame = asked.time_frame
        self._retrier = retrier
        #: New candles in the store, and requests made for them, failed ones too.
        self.added = 0
        self.requests = 0

    async def take(self, cursor: float, stop: float) -> float:
        """Store the page from ``cursor`` on; returns from when on nothing is known yet."""
        limit = self._collector.page_candles(self._symbol)
        page = self._in_order(await self._retrier.call(lambda: self._fetch(cursor, limit)), cursor)
        wanted = page[self._are_wanted(page, stop)]
        if len(wanted):
            self._keep(wanted)
        if not len(page):
            # No candle at all says that there is none within the span of a page.
            return after(cursor, limit, self._time_frame)
        # A page has all candles up to its last one, also where that is none of those asked for.
        return bucket_end(float(page[-1, 0]), self._time_frame)

    async def _fetch(self, cursor: float, limit: int) -> list[list[float]]:
        self.requests += 1
        return await self._collector.fetch_candles(self._symbol, self._time_frame, cursor, limit)

    def _are_wanted(self, page: FloatArray, stop: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        wanted: np.ndarray[tuple[int], np.dtype[np.bool_]] = page[:, 0] < stop
        return wanted & (close_times(page[:, 0], self._time_frame) <= self._asked.now)

    def _in_order(self, rows: list[list[float]], cursor: float) -> FloatArray:
        """The candles of a page from ``cursor`` on by time, each once.

        Raises:
            DataError: a row is no six numbers, or two of one time differ.
        """
        try:
            page = np.array(rows, dtype=np.float64).reshape(-1, 6)
        except (ValueError, TypeError) as error:
            raise self._refused(f"what it sent are no rows of six numbers: {error}") from error
        if np.isnan(page[:, 0]).any():
            raise self._refused("it sent a candle without a time")
        page = np.unique(page[page[:, 0] >= cursor], axis=0)
        (twice,) = np.nonzero(np.diff(page[:, 0]) == 0)
        if len(twice):
            raise self._refused(f"it sent two candles of {format_time(page[twice[0], 0])} that differ")
        return page

    def _keep(self, page: FloatArray) -> None:
        series = series_from_arrays(
            *page.T,
            symbol=self._symbol,
            time_frame=self._time_frame,
            exchange_name=self._collector.exchange_name,
            source=f"collected from {self._collector.exchange_name}",
        )
        # One line in the list of sources for all pages.
        self.added += self._store.import_series(replace(series, sha256="")).added

    def _refused(self, message: str) -> DataError:
        where = f"{self._collector.exchange_name} {self._symbol} {self._time_frame.value}"
        return DataError(f"{where}: {message}", remedy="what was stored before stays; try again, or with another --end")
