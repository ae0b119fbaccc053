# SPDX-License-Identifier: Apache-2.0
"""Recorded candles: read from files, checked, resampled, stored.

::

    reading.py         read_candles: a file into series
    readers/           one module per file layout
    validation.py      what a candle must be
    candle_series.py   the columns and their quality
    resampling.py      longer candles from shorter ones
    store.py           the SQLite file that keeps imported candles

Times are Unix seconds, UTC; a candle's time is when it opens. All errors are ``octobot_commons.errors.DataError``.
"""

from __future__ import annotations

from octobot_trading.history.candle_series import UNKNOWN_EXCHANGE, CandleSeries, Gap, SeriesQuality
from octobot_trading.history.reading import read_candles
from octobot_trading.history.resampling import resample
from octobot_trading.history.series_builder import series_from_arrays

__all__ = [
    "UNKNOWN_EXCHANGE",
    "CandleSeries",
    "Gap",
    "SeriesQuality",
    "read_candles",
    "resample",
    "series_from_arrays",
]
