# SPDX-License-Identifier: Apache-2.0
"""Several series of one exchange at a time, so that no request waits for the answer of another series."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from octobot_commons.enums import TimeFrames
from octobot_trading.collecting.collection import Collected, Progress, collect_candles
from octobot_trading.collecting.collector import AbstractCollector
from octobot_trading.collecting.record_collector import AbstractRecordCollector
from octobot_trading.collecting.records import CollectedRecords, collect_records
from octobot_trading.collecting.retries import Retrier
from octobot_trading.history import CandleStore
from octobot_trading.history.kinds import RecordKind

Done = TypeVar("Done")
#: How many series are collected at a time; the collector keeps the exchange's rate whatever their number.
SERIES_AT_ONCE = 4


async def collect_series(
    collector: AbstractCollector,
    store: CandleStore,
    series: Iterable[tuple[str, TimeFrames]],
    start_time: float,
    end_time: float | None = None,
    *,
    retrier: Retrier,
    progress: Progress | None = None,
    on_done: Callable[[Collected], None] | None = None,
    at_once: int = SERIES_AT_ONCE,
) -> list[Collected]:
    """``collect_candles`` of several symbols and time frames; ``on_done`` is told of each when it is complete.

    All are checked before anything is asked for. The first that fails stops the others; every page that came is kept.

    Raises:
        OctoBotError: what ``collect_candles`` raised first.
    """
    asked = list(dict.fromkeys(series))
    for symbol, time_frame in asked:
        collector.check(symbol, time_frame)

    async def one(symbol: str, time_frame: TimeFrames) -> Collected:
        return await collect_candles(
            collector, store, symbol, time_frame, start_time, end_time, retrier=retrier, progress=progress
        )

    return await together([partial(one, *names) for names in asked], on_done, at_once)


async def collect_record_series(
    collector: AbstractRecordCollector,
    store: CandleStore,
    kind: RecordKind,
    symbols: Iterable[str],
    start_time: float,
    end_time: float | None = None,
    *,
    retrier: Retrier,
    progress: Progress | None = None,
    on_done: Callable[[CollectedRecords], None] | None = None,
    at_once: int = SERIES_AT_ONCE,
) -> list[CollectedRecords]:
    """``collect_records`` of several symbols, as ``collect_series`` does it.

    Raises:
        OctoBotError: what ``collect_records`` raised first.
    """
    asked = list(dict.fromkeys(symbols))
    for symbol in asked:
        collector.check_records(symbol, kind)

    async def one(symbol: str) -> CollectedRecords:
        return await collect_records(
            collector, store, kind, symbol, start_time, end_time, retrier=retrier, progress=progress
        )

    return await together([partial(one, symbol) for symbol in asked], on_done, at_once)


async def together(
    jobs: Sequence[Callable[[], Awaitable[Done]]], on_done: Callable[[Done], None] | None, at_once: int
) -> list[Done]:
    """What each job returns, in their order; so many run at a time, and the first that fails stops the others."""
    done: dict[int, Done] = {}

    async def work(waiting: Iterator[tuple[int, Callable[[], Awaitable[Done]]]]) -> None:
        for number, job in waiting:
            done[number] = await job()
            if on_done is not None:
                on_done(done[number])

    waiting = enumerate(jobs)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(at_once, len(jobs))):
                group.create_task(work(waiting))
    except ExceptionGroup as failures:
        first = failures.exceptions[0]
        raise first from first.__cause__
    return [done[number] for number in sorted(done)]
