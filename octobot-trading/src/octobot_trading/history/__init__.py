# SPDX-License-Identifier: Apache-2.0
"""Recorded candles: read from files, checked, resampled, stored.

::

    reading.py         read_candles: a file into series
    readers/           one module per file layout
    validation.py      what a candle must be
    candle_series.py   the columns and their quality
    resampling.py      longer candles from shorter ones
    store.py           the SQLite file that keeps imported candles

Times are Unix seconds, UTC; a candle's time is when it opens. Data that cannot be used raises
``octobot_commons.errors.DataError``; a store that cannot be opened or written, ``EnvironmentFault``.
"""

from __future__ import annotations

from octobot_trading.history.candle_series import UNKNOWN_EXCHANGE, CandleSeries, Gap, SeriesQuality
from octobot_trading.history.reading import read_candles
from octobot_trading.history.resampling import resample
from octobot_trading.history.series_builder import series_from_arrays
from octobot_trading.history.store import CandleStore, ImportSummary, StoredSeries

__all__ = [
    "UNKNOWN_EXCHANGE",
    "CandleSeries",
    "CandleStore",
    "Gap",
    "ImportSummary",
    "SeriesQuality",
    "StoredSeries",
    "read_candles",
    "resample",
    "series_from_arrays",
]
