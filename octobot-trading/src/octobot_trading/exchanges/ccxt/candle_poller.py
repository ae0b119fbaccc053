# SPDX-License-Identifier: Apache-2.0
"""Candles by request: the history at the start, and each candle as it closes.

An exchange lists a candle from its first trade on and never says that it has closed: the time does, on the exchange's
own clock. Where nothing was traded some exchanges list no candle. What was missed while the exchange could not be
asked is taken in when it can be again, oldest first; notes about it are too old to be acted on.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from typing import Any, Final

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.logging import get_logger
from octobot_commons.time_frame_manager import bucket_end, bucket_start, get_seconds
from octobot_trading.errors import TemporaryFault
from octobot_trading.exchanges.ccxt.connection import CcxtConnection
from octobot_trading.exchanges.exchange_manager import ExchangeManager

#: Where ccxt does not say how many an exchange lists at once, and the most that is asked for.
_USUAL_PAGE, _MOST = 500, 1000
#: After its end, when a candle is asked for: the exchange needs a moment, and lists of quiet markets lack it.
_LOOKS_SECONDS: Final = (1.0, 2.0, 4.0, 8.0)
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_CELLS = 6


class CandlePoller:
    """One symbol and time frame."""

    def __init__(
        self, connection: CcxtConnection, manager: ExchangeManager, symbol: str, time_frame: TimeFrames
    ) -> None:
        self._connection = connection
        self._manager = manager
        self._symbol = symbol
        self._time_frame = time_frame
        self._candles = manager.get_symbol_data(symbol).add_time_frame(time_frame)
        limit = connection.feature(symbol, "fetchOHLCV")("limit")
        self._page = min(int(limit or _USUAL_PAGE), _MOST)
        self._due_time = -math.inf
        self._logger = get_logger(f"{type(self).__name__}[{manager.exchange_name} {symbol} {time_frame.value}]")

    async def load(self, count: int) -> None:
        """Take in the last ``count`` candles that have closed, telling nobody.

        Raises:
            TemporaryFault: the exchange cannot be asked now; what came before that is kept.
        """
        start_time = bucket_start(self._now(), self._time_frame) - count * get_seconds(self._time_frame)
        data, clock = self._manager.get_symbol_data(self._symbol), self._manager.clock
        async for row in self._rows(start_time):
            end_time = bucket_end(row[0], self._time_frame)
            if end_time <= self._now():
                self._candles.add_closed(row, clock.now())
            else:
                self._candles.update(row, clock.now())
            data.follow_price(row[4], clock.now(), min(end_time, clock.now()))

    async def run(self) -> None:
        """Tell of each candle as it closes, until cancelled."""
        clock, pause = self._manager.clock, 0.0
        while True:
            # Looked at first: what has closed since the history was read.
            try:
                await self._follow_next()
            except TemporaryFault as fault:
                pause = max(fault.retry_after_seconds or 0.0, min(_LONGEST_PAUSE, 2 * pause or _FIRST_PAUSE))
                self._logger.warning("%s", fault)
                await clock.sleep(pause)
            except DataError as error:
                # One that is no candle says nothing of the next one.
                self._logger.warning("%s", error)
                await clock.sleep(_LONGEST_PAUSE)
            else:
                pause = 0.0

    async def _follow_next(self) -> None:
        clock = self._manager.clock
        due_time = self._due_time = max(self._due_time, self._first_due_time())
        for seconds in _LOOKS_SECONDS:
            await clock.sleep_until(due_time + seconds - self._connection.skew_seconds)
            await self._poll()
            if self._first_due_time() > due_time:
                return
        # Nothing was traded, or the exchange is late: it comes with the next one.
        self._due_time = max(bucket_end(due_time, self._time_frame), bucket_start(self._now(), self._time_frame))

    def _first_due_time(self) -> float:
        """When the first candle closes that is not known to have closed, on the exchange's clock."""
        last = self._last_time()
        if last is None:
            return bucket_end(bucket_start(self._now(), self._time_frame), self._time_frame)
        return bucket_end(bucket_end(last, self._time_frame), self._time_frame)

    async def _poll(self) -> None:
        last = self._last_time()
        # The newest one again, which may have been corrected.
        start_time = bucket_start(self._now(), self._time_frame) - get_seconds(self._time_frame)
        updates = self._manager.market_updates
        async for row in self._rows(start_time if last is None else last):
            if bucket_end(row[0], self._time_frame) <= self._now():
                await updates.closed_candle(self._symbol, self._time_frame, row)
            else:
                await updates.candle_update(self._symbol, self._time_frame, row)

    async def _rows(self, start_time: float) -> AsyncIterator[list[float]]:
        """Candles from a time on, page by page."""
        while True:
            asked = [self._symbol, self._time_frame.value, round(start_time * 1000), self._page]
            page = [_row(one) for one in await self._connection.read("fetch_ohlcv", *asked)]
            for row in page:
                if row[0] >= start_time:
                    yield row
            if len(page) < self._page or page[-1][0] < start_time:
                return
            start_time = bucket_end(page[-1][0], self._time_frame)

    def _last_time(self) -> float | None:
        return self._candles.ring.candle()[0] if len(self._candles) else None

    def _now(self) -> float:
        return self._connection.exchange_time()


def _row(candle: Any) -> list[float]:
    return [float(candle[0]) / 1000, *(float(cell) for cell in candle[1:_CELLS])]
