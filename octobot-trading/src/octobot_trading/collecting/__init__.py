# SPDX-License-Identifier: Apache-2.0
"""Collecting history from exchanges into the store.

::

    collector.py     the contract: what a collector of one exchange can be asked
    retries.py       when and how often a failed request is made again
    spans.py         what is missing of a span, on the exchange's own grid
    pages.py         a page is asked for, checked and stored
    collection.py    one series: what is missing, page by page
    record_collector.py, records.py, record_pages.py, trades.py, funding.py
                     the same of trades and funding rates
    told_hours.py    how far that is
    several.py       several series at a time

A page is stored whole or not at all, and what is stored is not asked for again: a collection that was stopped, killed
or failed goes on where it was.
"""

from __future__ import annotations

from octobot_trading.collecting.collection import Collected, collect_candles
from octobot_trading.collecting.collector import AbstractCollector, CollectorOptions
from octobot_trading.collecting.record_collector import AbstractRecordCollector
from octobot_trading.collecting.records import CollectedRecords, collect_records
from octobot_trading.collecting.retries import Retrier, RetryPolicy
from octobot_trading.collecting.several import collect_record_series, collect_series

__all__ = [
    "AbstractCollector",
    "AbstractRecordCollector",
    "Collected",
    "CollectedRecords",
    "CollectorOptions",
    "Retrier",
    "RetryPolicy",
    "collect_candles",
    "collect_record_series",
    "collect_records",
    "collect_series",
]
