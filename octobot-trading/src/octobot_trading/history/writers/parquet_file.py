# SPDX-License-Identifier: Apache-2.0
"""Parquet by pyarrow: the table of ``frames.to_arrow``, whose metadata tells kind, exchange, symbol and time frame."""

from __future__ import annotations

from pathlib import Path

from octobot_trading.history import frames
from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.records import RecordSeries


def write(series: CandleSeries | RecordSeries, path: Path) -> None:
    """Write one series to ``path``.

    Raises:
        EnvironmentFault: pyarrow is not installed.
    """
    parquet = frames.library("pyarrow.parquet")
    parquet.write_table(series.to_arrow(), path, compression="zstd")
