# SPDX-License-Identifier: Apache-2.0
"""Candles from a collector into the store: only what is missing there, page by page.

An exchange need not have every candle: it was halted, or the market was listed later. What a page leaves out is a gap.
A page without any candle says that there is none within the span of a whole page; the next page is asked for after that
span. So each span is asked for once in a collection, and a collection always ends. Gaps are asked for again by the next
collection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from octobot_commons.enums import TimeFrames
from octobot_trading.collecting.collector import AbstractCollector
from octobot_trading.collecting.pages import CandlePages
from octobot_trading.collecting.retries import Retrier
from octobot_trading.collecting.spans import AskedSpan, count_candles
from octobot_trading.history import CandleStore, Gap
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
    #: Requests for candles, those that failed included.
    requests: int = 0


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
    asked = AskedSpan.until(time_frame, start_time, end_time, await retrier.call(collector.fetch_time))
    stored = _stored_times(store, collector.exchange_name, symbol, asked)
    pages = CandlePages(collector, store, symbol, asked, retrier)
    told = _Told(progress, asked)
    for begin, stop in asked.missing(stored):
        told.up_to(begin)
        cursor = begin
        while cursor < stop and asked.may_hold_from(cursor):
            cursor = await pages.take(cursor, stop)
            told.up_to(min(cursor, stop))
    told.up_to(asked.end_time)
    held = _stored_times(store, collector.exchange_name, symbol, asked) if pages.added else stored
    return Collected(
        collector.exchange_name,
        symbol,
        time_frame,
        asked.start_time,
        asked.end_time,
        added=pages.added,
        already_stored=len(stored),
        gaps=asked.gaps(held),
        first_time=float(held[0]) if len(held) else None,
        requests=pages.requests,
    )


class _Told:
    """Tells of progress in candles of the asked span."""

    def __init__(self, progress: Progress | None, asked: AskedSpan) -> None:
        self._progress = progress
        self._asked = asked
        self._told = 0

    def up_to(self, time: float) -> None:
        done = count_candles(self._asked.start_time, time, self._asked.time_frame)
        if self._progress is not None and done > self._told:
            self._progress(done - self._told)
            self._told = done


def _stored_times(store: CandleStore, exchange_name: str, symbol: str, asked: AskedSpan) -> FloatArray:
    known = {(one.exchange_name, one.symbol, one.time_frame): one for one in store.catalogue()}
    entry = known.get((exchange_name, symbol, asked.time_frame))
    if entry is None or entry.first_time >= asked.end_time or entry.last_time < asked.start_time:
        return np.empty(0)
    parts = store.parts(exchange_name, symbol, asked.time_frame)
    times = [columns[0] for columns in parts.read(asked.start_time)]
    found = np.concatenate(times) if times else np.empty(0)
    return found[found < asked.end_time]
