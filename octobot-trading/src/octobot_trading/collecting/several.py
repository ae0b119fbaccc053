# SPDX-License-Identifier: Apache-2.0
"""Several series of one exchange at a time, so that no request waits for the answer of another series."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator

from octobot_commons.enums import TimeFrames
from octobot_trading.collecting.collection import Collected, Progress, collect_candles
from octobot_trading.collecting.collector import AbstractCollector
from octobot_trading.collecting.retries import Retrier
from octobot_trading.history import CandleStore

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
    done: dict[int, Collected] = {}

    async def work(waiting: Iterator[tuple[int, tuple[str, TimeFrames]]]) -> None:
        for number, (symbol, time_frame) in waiting:
            done[number] = await collect_candles(
                collector, store, symbol, time_frame, start_time, end_time, retrier=retrier, progress=progress
            )
            if on_done is not None:
                on_done(done[number])

    waiting = enumerate(asked)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(at_once, len(asked))):
                group.create_task(work(waiting))
    except ExceptionGroup as failures:
        first = failures.exceptions[0]
        raise first from first.__cause__
    return [done[number] for number in sorted(done)]
