# SPDX-License-Identifier: Apache-2.0
"""Checks of candles, as masks over whole columns; the first faulty row of the file is reported.

A candle needs a time, finite prices above zero with ``low <= open, close <= high`` and a finite volume of zero or more.
Extreme prices are kept: a low of 5200 while others trade at 7400 was recorded so and cannot be told from a real one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import time_grid
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.util import LATEST_TIME

_PRICES = ("open", "high", "low", "close")
_REMEDY_ROW = "correct or remove this row"
_REMEDY_SORT = "sort the file by its time column, oldest first"

_Mask = NDArray[np.bool_]
_Check = tuple[_Mask, Callable[[int], str], str]


def check_rows(raw: RawCandles) -> RawCandles:
    """The candles without rows that only repeat the one before.

    Raises:
        DataError: no row at all, or the first row that is no candle, is out of order, or has the time of the one
            before but other numbers.
    """
    if not raw.columns.shape[1]:
        raise DataError("it holds no candle", file=raw.files[0][1], remedy="export it again with at least one candle")
    columns = raw.columns
    same_time = np.concatenate(([False], np.diff(columns[0]) == 0))
    same_numbers = np.concatenate(([False], np.all(columns[:, 1:] == columns[:, :-1], axis=0)))
    checks = [*_value_checks(columns), *_order_checks(raw, same_time & ~same_numbers)]
    faults = [(int(np.argmax(mask)), number) for number, (mask, _, _) in enumerate(checks) if mask.any()]
    if faults:
        index, number = min(faults)
        file, row = raw.place(index)
        raise DataError(checks[number][1](index), file=file, row=row, remedy=checks[number][2])
    return raw.keep(~same_numbers) if same_numbers.any() else raw


def check_grid(raw: RawCandles, time_frame: TimeFrames) -> None:
    """Refuse the first candle that does not open a whole number of time frames after the first one."""
    positions, misses = time_grid.grid_positions(raw.columns[0], time_frame)
    off = misses != 0
    # Two candles in one place of the grid differ by less than a time frame, so at least one of them is off it,
    # except for months, whose places are the calendar's.
    off |= np.concatenate(([False], np.diff(positions) == 0))
    if not off.any():
        return
    index = int(np.argmax(off))
    file, row = raw.place(index)
    raise DataError(
        f"a {time_frame.value} candle cannot open at {format_time(raw.columns[0, index])}:"
        f" the first one opens at {format_time(raw.columns[0, 0])}",
        file=file,
        row=row,
        remedy=f"{_REMEDY_ROW}, or name the time frame if it is not {time_frame.value}",
    )


def format_time(time: float) -> str:
    """A time as one reads it, UTC; milliseconds only where there are any."""
    if not 0 <= time < LATEST_TIME:
        return f"{time:g}"
    moment = datetime.fromtimestamp(round(float(time), 3), UTC).replace(tzinfo=None)
    return moment.isoformat(" ", "milliseconds" if moment.microsecond else "seconds")


def _value_checks(columns: NDArray[np.float64]) -> Iterator[_Check]:
    times, prices, volume = columns[0], columns[1:5], columns[5]
    opens, high, low, close = prices
    yield (
        ~((times >= 0) & (times < LATEST_TIME)),
        lambda index: f"its time {times[index]:g} is not between 1970 and 2200",
        "write times as Unix seconds, milliseconds or YYYY-MM-DD HH:MM:SS",
    )
    for name, column in zip(_PRICES, prices, strict=True):
        yield ~((column > 0) & (column < np.inf)), _describe(name, column, "is not a price above zero"), _REMEDY_ROW
    yield (
        ~((volume >= 0) & (volume < np.inf)),
        _describe("volume", volume, "is not a number of zero or more"),
        _REMEDY_ROW,
    )
    yield (
        high < low,
        lambda index: f"high {high[index]:.15g} is below low {low[index]:.15g}",
        f"{_REMEDY_ROW}, or check the order of the columns",
    )
    for name, column in (("open", opens), ("close", close)):
        outside = (column < low) | (column > high)
        yield outside, _describe(name, column, "is outside of low to high"), _REMEDY_ROW


def _order_checks(raw: RawCandles, conflicts: _Mask) -> Iterator[_Check]:
    times = raw.columns[0]

    def unsorted(index: int) -> str:
        return f"{format_time(times[index])} comes after {format_time(times[index - 1])}"

    def conflict(index: int) -> str:
        return f"other numbers for {format_time(times[index])} than in row {raw.place(index - 1)[1]}"

    yield np.concatenate(([False], np.diff(times) < 0)), unsorted, _REMEDY_SORT
    yield conflicts, conflict, "keep the right one of the two rows"


def _describe(name: str, column: NDArray[np.float64], fault: str) -> Callable[[int], str]:
    return lambda index: f"{name} {column[index]:.15g} {fault}"
