# SPDX-License-Identifier: Apache-2.0
"""Trades and funding rates of one symbol from a collector into the store, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from octobot_commons.errors import DataError
from octobot_trading.collecting.funding import collect_funding
from octobot_trading.collecting.record_collector import AbstractRecordCollector
from octobot_trading.collecting.record_pages import RecordPages
from octobot_trading.collecting.retries import Retrier
from octobot_trading.collecting.told_hours import Progress, ToldHours
from octobot_trading.collecting.trades import collect_trades
from octobot_trading.history import CandleStore
from octobot_trading.history.kinds import FUNDING, TRADES, RecordKind
from octobot_trading.history.validation import format_time

#: What can be collected besides candles.
COLLECTED_KINDS = {TRADES.name: TRADES, FUNDING.name: FUNDING}


@dataclass(frozen=True, slots=True)
class CollectedRecords:
    """What a collection did; ``end_time`` is exclusive."""

    kind: RecordKind
    exchange_name: str
    symbol: str
    start_time: float
    end_time: float
    #: Records that are new in the store.
    added: int
    #: Requests for records, those that failed included.
    requests: int


async def collect_records(
    collector: AbstractRecordCollector,
    store: CandleStore,
    kind: RecordKind,
    symbol: str,
    start_time: float,
    end_time: float | None = None,
    *,
    retrier: Retrier,
    progress: Progress | None = None,
) -> CollectedRecords:
    """Store what is missing of a symbol's trades or funding rates from ``start_time`` to ``end_time``, by default now.

    Raises:
        DataError: the span is empty; the exchange has no such records; what it sent are none, or contradict those
            stored; stored trades and the span leave a hole between them.
        TemporaryFault: a request failed as often as the policy allows; what came before is stored.
        EnvironmentFault: the exchange refuses, or the store cannot be written.
    """
    collector.check_records(symbol, kind)
    now = await retrier.call(collector.fetch_time)
    end = now if end_time is None else min(end_time, now)
    if start_time >= end:
        span = f"{format_time(start_time)} is not before {format_time(end)}"
        raise DataError(span, field="start", remedy="choose an earlier start")
    pages = RecordPages(collector, store, kind, symbol, retrier)
    told = ToldHours(progress, start_time)
    collect = collect_funding if kind is FUNDING else collect_trades
    await collect(pages, start_time, end, told)
    told.up_to(end)
    return CollectedRecords(
        kind, collector.exchange_name, symbol, start_time, end, added=pages.added, requests=pages.requests
    )
