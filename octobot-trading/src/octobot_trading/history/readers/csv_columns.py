# SPDX-License-Identifier: Apache-2.0
"""CSV with a header: a time column (Unix seconds to nanoseconds, or dates), open, high, low, close, volume.

Columns may come in any order and under the usual names; others are ignored. Times are when a candle opens, UTC.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from octobot_commons.errors import DataError
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.readers.content import Content
from octobot_trading.history.readers.csv_table import TableLayout, read_table

_NAMES = {
    "time": ("timestamp", "datetime", "date", "time", "open_time", "open time", "opentime", "unix", ""),
    "open": ("open",),
    "high": ("high",),
    "low": ("low",),
    "close": ("close",),
    "volume": ("volume", "vol"),
}
_REMEDY_HEADER = "the first line must name the columns: timestamp,open,high,low,close,volume"
#: From this number on a time is no longer in seconds, then no longer in milliseconds, and so on.
_UNIT_LIMITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (np.inf, 1e9))


def matches(content: Content) -> bool:
    """Whatever no other reader takes has to be this."""
    return bool(content.data)


def read(content: Content) -> list[RawCandles]:
    """The one series of the file; rows are numbered by its lines."""
    data = content.text()
    header = data[: data.find(b"\n") + 1] or data
    layout = _layout(content.name, header.decode(errors="replace"))
    table = read_table(data, layout, content.name, first_row=2, start=len(header))
    columns = table.columns
    if table.numeric_times:
        columns[0] = in_seconds(columns[0], milliseconds=True)
    return [RawCandles(columns, table.rows, ((0, content.name),))]


def _layout(file: str, header: str) -> TableLayout:
    names = [name.strip().strip('"').lower() for name in header.rstrip("\r\n").split(",")]
    if "fundingrate" in (name.replace("_", "") for name in names):
        raise DataError("it holds funding rates, not candles", file=file, row=1, remedy="give a file of candles")
    places = {wanted: _place(names, known) for wanted, known in _NAMES.items()}
    missing = [wanted for wanted, place in places.items() if place is None]
    if missing == ["volume"]:
        raise DataError(
            "it has no volume column; files without one hold mark or index prices, which are no candles",
            file=file,
            row=1,
            field="volume",
            remedy="give a file of candles with their volume",
        )
    if missing:
        raise _header_error(file, header, missing)
    return TableLayout(len(names), tuple(place for place in places.values() if place is not None))


def _header_error(file: str, header: str, missing: list[str]) -> DataError:
    shown = header.strip()[:60]
    separator = next((name for sign, name in ((";", "semicolons"), ("\t", "tabs")) if sign in header), None)
    if separator:
        return DataError(f"columns separated by {separator}", file=file, row=1, remedy="separate them by commas")
    return DataError(f"no column {', '.join(missing)} in {shown!r}", file=file, row=1, remedy=_REMEDY_HEADER)


def _place(names: list[str], known: tuple[str, ...]) -> int | None:
    # An unnamed column is the index that pandas writes first; anywhere else it means nothing.
    return next((names.index(name) for name in known if name in names and (name or not names[0])), None)


def in_seconds(times: NDArray[np.float64], milliseconds: bool = False) -> NDArray[np.float64]:
    """Times in seconds to nanoseconds as seconds, the unit told from the first one; rounded to milliseconds if asked.

    Nanoseconds exceed what a float64 holds exactly, and no candle opens between two milliseconds.
    """
    if not len(times):
        return times
    # Infinity is no time in any unit, which the checks of the rows tell.
    divisor = next((divisor for limit, divisor in _UNIT_LIMITS if not times[0] >= limit), 1.0)
    seconds = times / divisor
    return np.round(seconds, 3) if milliseconds and divisor > 1e3 else seconds
