# SPDX-License-Identifier: Apache-2.0
"""Collecting history from exchanges into the store.

::

    collector.py     the contract: what a collector of one exchange can be asked
    retries.py       when and how often a failed request is made again
    collection.py    the same for all: what is missing is asked for, page by page, checked and stored

A page is stored whole or not at all, and what is stored is not asked for again: a collection that was stopped, killed
or failed goes on where it was.
"""

from __future__ import annotations

from octobot_trading.collecting.collection import Collected, collect_candles
from octobot_trading.collecting.collector import AbstractCollector, CollectorOptions
from octobot_trading.collecting.retries import RetryPolicy

__all__ = ["AbstractCollector", "Collected", "CollectorOptions", "RetryPolicy", "collect_candles"]
