# SPDX-License-Identifier: Apache-2.0
"""OctoBot 2.x backtesting files: SQLite with a table ``ohlcv`` whose ``timestamp`` is the candle's close time.

``candle`` is a JSON list [open time in seconds, open, high, low, close, volume]. Older files lack the column
``cryptocurrency``, which is not needed. Rows are numbered by SQLite's rowid.

The last candle of each series was often recorded before it was closed. Where it closes after the time at which the
file was begun, as the table ``description`` tells, it is left out and counted as incomplete.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, TimeFrameError
from octobot_commons.time_frame_manager import parse_time_frame
from octobot_trading.history import time_grid
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.readers.content import Content
from octobot_trading.util import LATEST_TIME

_MAGIC = b"SQLite format 3\0"
_REMEDY_DAMAGED = "the file is damaged or incomplete: record or download it again"
_REMEDY_LAYOUT = "give a backtesting file of OctoBot 2 with a table ohlcv"
_REMEDY_ROW = "correct or remove this row"
_LENGTH = 6

_Row = tuple[int, object, str]


def matches(content: Content) -> bool:
    """An SQLite file, whatever its name."""
    return content.data.startswith(_MAGIC)


def read(content: Content) -> list[RawCandles]:
    """Each series of the file: every exchange, symbol and time frame in it."""
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(content.data)
            _check_whole(connection, content.name)
            begun = _begin_time(connection)
            names = connection.execute(
                "SELECT exchange_name, symbol, time_frame, MIN(rowid) FROM ohlcv GROUP BY 1, 2, 3 ORDER BY 4"
            ).fetchall()
            found = [_read_series(connection, content.name, name[:3], name[3], begun) for name in names]
    except sqlite3.OperationalError as error:
        raise DataError(f"it cannot be used: {error}", file=content.name, remedy=_REMEDY_LAYOUT) from error
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise DataError(f"it cannot be read: {error}", file=content.name, remedy=_REMEDY_DAMAGED) from error
    if not found:
        raise DataError("it holds no candle", file=content.name, remedy=_REMEDY_LAYOUT)
    return found


def _check_whole(connection: sqlite3.Connection, file: str) -> None:
    """Of a damaged file SQLite reads what it still finds, so that rows would be missing without a word."""
    (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if told != "ok":
        raise DataError(f"it is damaged: {str(told)[:200]}", file=file, remedy=_REMEDY_DAMAGED)
    # A view could make rows without an end.
    found = connection.execute("SELECT type FROM sqlite_master WHERE name = 'ohlcv'").fetchone()
    if found is not None and found[0] != "table":
        raise DataError(f"its ohlcv is a {found[0]}, not a table", file=file, remedy=_REMEDY_LAYOUT)


def _begin_time(connection: sqlite3.Connection) -> float | None:
    try:
        (begun,) = connection.execute("SELECT MIN(timestamp) FROM description").fetchone()
    except sqlite3.OperationalError:
        return None
    return float(begun) if isinstance(begun, int | float) else None


def _read_series(
    connection: sqlite3.Connection, file: str, names: tuple[object, ...], row: int, begun: float | None
) -> RawCandles:
    exchange_name, symbol, text = names
    if not (isinstance(exchange_name, str) and isinstance(symbol, str) and isinstance(text, str)):
        raise DataError("exchange, symbol or time frame is no text", file=file, row=row, remedy=_REMEDY_ROW)
    try:
        time_frame = parse_time_frame(text)
    except TimeFrameError as error:
        raise DataError(error.message, file=file, row=row, field="time_frame", remedy=error.remedy) from error
    # A table has no order of its own, so its time column gives it.
    rows = connection.execute(
        "SELECT rowid, timestamp, candle FROM ohlcv WHERE exchange_name = ? AND symbol = ? AND time_frame = ?"
        " ORDER BY timestamp, rowid",
        names,
    ).fetchall()
    columns = _columns(rows, file)
    forming = begun is not None and _closes_after(columns, time_frame, begun)
    used = len(rows) - forming
    return RawCandles(
        np.ascontiguousarray(columns[:, :used]),
        np.array([row for row, _, _ in rows[:used]], dtype=np.int64),
        ((0, file),),
        symbol,
        time_frame,
        exchange_name,
        incomplete=int(forming),
    )


def _closes_after(columns: NDArray[np.float64], time_frame: TimeFrames, begun: float) -> bool:
    last = columns[0, -1:]
    if not ((last >= 0) & (last < LATEST_TIME)).all():
        return False  # no time at all, which the checks of candles tell
    return bool(time_grid.close_times(last, time_frame)[0] > begun)


def _columns(rows: list[_Row], file: str) -> NDArray[np.float64]:
    try:
        candles = json.loads(f"[{','.join(candle for _, _, candle in rows)}]")
        if len(candles) == len(rows) and all(_is_candle(candle) for candle in candles):
            return np.ascontiguousarray(np.array(candles, dtype=np.float64).T)
    except (TypeError, ValueError, RecursionError, OverflowError):
        pass  # the row that is at fault is looked for below
    for row, _, candle in rows:
        _check_candle(candle, file, row)
    raise DataError("its candles are no JSON lists", file=file, remedy=_REMEDY_DAMAGED)


def _check_candle(text: object, file: str, row: int) -> None:
    try:
        candle = json.loads(text) if isinstance(text, str) else None
        fits = _is_candle(candle)
        if fits:
            np.array(candle, dtype=np.float64)
    except (ValueError, RecursionError, OverflowError):
        fits = False
    if not fits:
        shown = str(text)[:60]
        raise DataError(f"{shown!r} is no list of six numbers", file=file, row=row, field="candle", remedy=_REMEDY_ROW)


def _is_candle(candle: object) -> bool:
    if not isinstance(candle, list) or len(candle) != _LENGTH:
        return False
    return all(type(value) in (int, float) for value in candle)
