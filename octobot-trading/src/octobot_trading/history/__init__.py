# SPDX-License-Identifier: Apache-2.0
"""Recorded market data: read from files, checked, resampled, stored.

::

    reading.py         read_candles, read_market_data, read_market_files: files into series
    readers/           one module per file layout
    validation.py      what a candle must be
    record_checks.py   what a trade, funding rate, mark price or ticker must be
    kinds.py           the kinds and their columns
    candle_series.py   the columns of candles and their quality
    records.py         the columns of the other kinds
    order_books.py     those of order books, and their replay
    sessions.py        recorded sessions with a venue into series of all kinds
    parts.py           a series a part at a time, from memory or from the store
    resampling.py      longer candles from shorter ones
    frames.py          a series as a table of pandas, polars or Arrow
    exporting.py       series into files of others
    writers/           one module per file layout that is written
    auditing.py        what can be said against a store or a series
    store.py           the SQLite file that keeps what was imported

Times are Unix seconds, UTC; a candle's time is when it opens. Prices and amounts are float64. Data that cannot be used
raises ``octobot_commons.errors.DataError``; a store that cannot be opened or written, ``EnvironmentFault``.
"""

from __future__ import annotations

from octobot_trading.history.auditing import Finding, audit_all, audit_store
from octobot_trading.history.candle_series import UNKNOWN_EXCHANGE, CandleSeries, Gap, SeriesQuality
from octobot_trading.history.exporting import EXPORT_FORMATS, export_series
from octobot_trading.history.order_books import BookMessage, OrderBookSeries, apply_message
from octobot_trading.history.parts import MemoryParts, SeriesParts, StoredParts
from octobot_trading.history.reading import read_candles, read_market_data, read_market_files
from octobot_trading.history.record_builder import records_from_arrays
from octobot_trading.history.record_store import RecordImport, RecordStore, StoredItem
from octobot_trading.history.records import (
    FundingSeries,
    MarkPriceSeries,
    RecordSeries,
    TickerSeries,
    TradeSeries,
)
from octobot_trading.history.resampling import resample
from octobot_trading.history.series_builder import series_from_arrays
from octobot_trading.history.session_counts import BookCounts, SessionCounts
from octobot_trading.history.store import CandleStore, ImportSummary, StoredSeries

__all__ = [
    "EXPORT_FORMATS",
    "UNKNOWN_EXCHANGE",
    "BookCounts",
    "BookMessage",
    "CandleSeries",
    "CandleStore",
    "Finding",
    "FundingSeries",
    "Gap",
    "ImportSummary",
    "MarkPriceSeries",
    "MemoryParts",
    "OrderBookSeries",
    "RecordImport",
    "RecordSeries",
    "RecordStore",
    "SeriesParts",
    "SeriesQuality",
    "SessionCounts",
    "StoredItem",
    "StoredParts",
    "StoredSeries",
    "TickerSeries",
    "TradeSeries",
    "apply_message",
    "audit_all",
    "audit_store",
    "export_series",
    "read_candles",
    "read_market_data",
    "read_market_files",
    "records_from_arrays",
    "resample",
    "series_from_arrays",
]
