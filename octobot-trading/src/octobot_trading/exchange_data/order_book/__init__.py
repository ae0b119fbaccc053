# SPDX-License-Identifier: Apache-2.0
"""Order books by price (Level 2).

::

    _book.pyx       the levels: sorted arrays in C, slots by tick around the best price
    order_book.py   OrderBook: snapshots and deltas in, how far it can be trusted
    sequences.py    how venues number updates
    checksums.py    the checksums of Kraken and OKX
"""

from __future__ import annotations

from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.exchange_data.order_book.checksums import KRAKEN, OKX, ChecksumRule
from octobot_trading.exchange_data.order_book.order_book import OrderBook
from octobot_trading.exchange_data.order_book.sequences import VENUE_RULES, SequenceRule, UpdateIds

__all__ = ["KRAKEN", "OKX", "VENUE_RULES", "ChecksumRule", "OrderBook", "SequenceRule", "StaleReason", "UpdateIds"]
