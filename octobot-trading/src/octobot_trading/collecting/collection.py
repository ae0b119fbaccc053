# SPDX-License-Identifier: Apache-2.0
"""One symbol's candles from a collector into the store: only what is missing there, page by page.

An exchange need not have every candle: it was halted, or the market was listed later. What a page leaves out is a gap.
A page without any candle that was asked for says that there is none within the span of a whole page; the next page is
asked for after that span. So each span is asked for once in a collection, and a collection always ends. Gaps are
asked for again by the next collection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import bucket_end, bucket_start, get_seconds
from octobot_trading.collecting.collector import AbstractCollector
from octobot_trading.collecting.retries import Retrier
from octobot_trading.history import CandleStore, Gap, series_from_arrays, time_grid
from octobot_trading.history.candle_series import find_gaps
from octobot_trading.history.validation import format_time
from octobot_trading.util import FloatArray

#: Told how many more candles of the asked span are settled: stored, or known to be missing.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection did; times are open times, ``end_time`` is exclusive."""

    exchange_name: str
    symbol: str
    time_frame: TimeFrames
    start_time: float
    end_time: float
    #: Candles that are new in the store, and those of the span that were there before.
    added: int
    already_stored: int
    #: What the exchange does not have between its first candle in the span and the end.
    gaps: tuple[Gap, ...]
    #: The open time of the first candle in the store from the start on; None where there is none.
    first_time: float | None


async def collect_candles(
    collector: AbstractCollector,
    store: CandleStore,
    symbol: str,
    time_frame: TimeFrames,
    start_time: float,
    end_time: float | None = None,
    *,
    retrier: Retrier,
    progress: Progress | None = None,
) -> Collected:
    """Store what is missing of the candles that open from ``start_time`` on and before ``end_time``, by default now.

    The candle in construction by the exchange's time is never stored. Each page is stored whole before the next is
    asked for.

    Raises:
        DataError: the span is empty; the exchange has no such symbol or time frame; what it sent are no candles, or
            contradict those stored.
        TemporaryFault: a request failed as often as the policy allows; what came before is stored.
        EnvironmentFault: the exchange refuses, or the store cannot be written.
    """
    collector.check(symbol, time_frame)
    now = await retrier.call(collector.fetch_time)
    first, end = _span(start_time, end_time, now, time_frame)
    if first >= end:
        raise DataError(
            f"no candle of {time_frame.value} opens at {format_time(start_time)} or later and closed before"
            f" {format_time(min(now, end_time or now))}",
            field="start",
            remedy="choose an earlier start",
        )
    stored = _stored_times(store, collector.exchange_name, symbol, time_frame, first, end)
    pages = _Pages(collector, store, symbol, time_frame, retrier, now)
    told = _Told(progress, time_frame)
    for begin, stop in _missing_spans(stored, first, end, time_frame):
        told.up_to(begin, first)
        cursor = begin
        while cursor < stop:
            cursor = await pages.take(cursor, stop)
            told.up_to(min(cursor, stop), first)
    told.up_to(end, first)
    after = _stored_times(store, collector.exchange_name, symbol, time_frame, first, end)
    return Collected(
        collector.exchange_name,
        symbol,
        time_frame,
        first,
        end,
        added=pages.added,
        already_stored=len(stored),
        gaps=_gaps(after, end, now, time_frame),
        first_time=float(after[0]) if len(after) else None,
    )


class _Pages:
    """Asks for one page after another and stores each."""

    def __init__(
        self,
        collector: AbstractCollector,
        store: CandleStore,
        symbol: str,
        time_frame: TimeFrames,
        retrier: Retrier,
        now: float,
    ) -> None:
        self._collector = collector
        self._store = store
        self._symbol = symbol
        self._time_frame = time_frame
        self._retrier = retrier
        self._now = now
        self.added = 0

    async def take(self, cursor: float, stop: float) -> float:
        """Store the page from ``cursor`` on; returns from when on nothing is known yet."""
        limit = self._collector.page_candles(self._symbol)
        rows = await self._retrier.call(
            lambda: self._collector.fetch_candles(self._symbol, self._time_frame, cursor, limit)
        )
        page = self._in_order(rows, cursor, stop)
        if not len(page):
            later = [row[0] for row in rows if row[0] >= stop]
            # Candles after the span show that there are none in it; no candle at all says so for a page's span only.
            return stop if later else _after(cursor, limit, self._time_frame)
        self._keep(page)
        return bucket_end(float(page[-1, 0]), self._time_frame)

    def _in_order(self, rows: list[list[float]], cursor: float, stop: float) -> FloatArray:
        """The asked candles of a page by time, each once, but for one in construction.

        Raises:
            DataError: a row is no six numbers, or two of one time differ.
        """
        try:
            page = np.array(rows, dtype=np.float64).reshape(-1, 6)
        except (ValueError, TypeError) as error:
            raise self._refused(f"what it sent are no rows of six numbers: {error}") from error
        page = np.unique(page[(page[:, 0] >= cursor) & (page[:, 0] < stop)], axis=0)
        # Some exchanges open weeks on Thursday and three days on another day than we do.
        page = page[time_grid.close_times(page[:, 0], self._time_frame) <= self._now]
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


class _Told:
    """Tells of progress in candles of the asked span."""

    def __init__(self, progress: Progress | None, time_frame: TimeFrames) -> None:
        self._progress = progress
        self._seconds = get_seconds(time_frame)
        self._told = 0

    def up_to(self, time: float, first: float) -> None:
        done = round((time - first) / self._seconds)
        if self._progress is not None and done > self._told:
            self._progress(done - self._told)
            self._told = done


def count_candles(start_time: float, end_time: float, time_frame: TimeFrames) -> int:
    """How many candles open in a span, by which progress is told; months count as of thirty days."""
    return max(0, round((end_time - start_time) / get_seconds(time_frame)))


def _span(start_time: float, end_time: float | None, now: float, time_frame: TimeFrames) -> tuple[float, float]:
    first = bucket_start(start_time, time_frame)
    if first < start_time:
        first = bucket_end(first, time_frame)
    # The candle that covers this moment is in construction, so it is where the closed ones end.
    closed_end = bucket_start(now, time_frame)
    if end_time is None or end_time >= closed_end:
        return first, closed_end
    end = bucket_start(end_time, time_frame)
    return first, end if end == end_time else bucket_end(end, time_frame)


def _stored_times(
    store: CandleStore, exchange_name: str, symbol: str, time_frame: TimeFrames, first: float, end: float
) -> FloatArray:
    known = {(one.exchange_name, one.symbol, one.time_frame): one for one in store.catalogue()}
    entry = known.get((exchange_name, symbol, time_frame))
    if entry is None or entry.first_time >= end or entry.last_time < first:
        return np.empty(0)
    times = [columns[0] for columns in store.parts(exchange_name, symbol, time_frame).read(first)]
    found = np.concatenate(times) if times else np.empty(0)
    return found[found < end]


def _missing_spans(stored: FloatArray, first: float, end: float, time_frame: TimeFrames) -> list[tuple[float, float]]:
    """The spans from ``first`` to ``end`` of which no candle is stored."""
    if not len(stored):
        return [(first, end)]
    spans = [(first, float(stored[0]))]
    spans += [(gap.start_time, gap.end_time) for gap in find_gaps(stored, time_frame)]
    spans.append((bucket_end(float(stored[-1]), time_frame), end))
    return [(begin, stop) for begin, stop in spans if begin < stop]


def _gaps(stored: FloatArray, end: float, now: float, time_frame: TimeFrames) -> tuple[Gap, ...]:
    if not len(stored):
        return ()
    gaps = find_gaps(stored, time_frame)
    last = bucket_end(float(stored[-1]), time_frame)
    is_complete = last >= end or bucket_end(last, time_frame) > now
    return gaps if is_complete else (*gaps, Gap(last, end, count_candles(last, end, time_frame)))


def _after(cursor: float, candles: int, time_frame: TimeFrames) -> float:
    if time_frame is not TimeFrames.ONE_MONTH:
        return cursor + candles * get_seconds(time_frame)
    for _ in range(candles):
        cursor = bucket_end(cursor, time_frame)
    return cursor
