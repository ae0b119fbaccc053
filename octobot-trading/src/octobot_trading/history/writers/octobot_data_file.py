# SPDX-License-Identifier: Apache-2.0
"""Backtesting files of OctoBot 2 (``.data``): SQLite with tables ``description`` and ``ohlcv``, candles only.

The layout is that of ``readers/octobot_data.py``. ``description.timestamp``, when the file was begun, is the close of
its last candle, so that no candle counts as still forming.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from octobot_commons.errors import UserInputError
from octobot_trading.history.candle_series import CandleSeries

_VERSION = "1.1"
_TABLES = (
    "CREATE TABLE description (timestamp datetime, version text, exchange text, symbols text, time_frames text,"
    " start_timestamp text, end_timestamp)",
    "CREATE TABLE ohlcv (timestamp datetime, exchange_name text, cryptocurrency text, symbol text, time_frame text,"
    " candle)",
)
#: Made after the rows are in, which is faster.
_INDICES = (
    "CREATE INDEX index_description_timestamp ON description (timestamp)",
    "CREATE INDEX index_ohlcv_timestamp ON ohlcv (timestamp)",
    "CREATE INDEX index_ohlcv_timestamp_exchange_name ON ohlcv (timestamp, exchange_name)",
)


def write(series: Sequence[CandleSeries], path: Path) -> None:
    """Write series of one exchange to ``path``, an empty file.

    Raises:
        UserInputError: they are of several exchanges, of which the layout names one.
    """
    exchanges = sorted({one.exchange_name for one in series})
    if len(exchanges) != 1:
        raise UserInputError(
            f"a .data file holds candles of one exchange, these are of {', '.join(exchanges)}",
            remedy="choose one with --exchange",
        )
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # The file is no one's until it is whole: a journal would protect nothing.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute("INSERT INTO description VALUES (?, ?, ?, ?, ?, ?, ?)", _description(series))
        for one in series:
            connection.executemany("INSERT INTO ohlcv VALUES (?, ?, ?, ?, ?, ?)", _rows(one))
        for statement in _INDICES:
            connection.execute(statement)
        connection.execute("COMMIT")


def _description(series: Sequence[CandleSeries]) -> tuple[object, ...]:
    closed = max(float(one.close_times[-1]) for one in series)
    symbols = json.dumps(sorted({one.symbol for one in series}))
    frames = json.dumps(list(dict.fromkeys(one.time_frame.value for one in series)))
    return closed, _VERSION, series[0].exchange_name, symbols, frames, "0", "0"


def _rows(series: CandleSeries) -> Iterator[tuple[object, ...]]:
    names = (series.exchange_name, series.symbol.partition("/")[0], series.symbol, series.time_frame.value)
    columns = (column.tolist() for column in series.columns())
    for close_time, candle in zip(series.close_times.tolist(), zip(*columns, strict=True), strict=True):
        yield close_time, *names, f"[{', '.join(map(repr, candle))}]"
