# SPDX-License-Identifier: Apache-2.0
"""Lines of comma-separated cells into columns: a fast way for plain tables, a careful one for the rest and for errors.

The fast way (compiled) only takes what it is sure of (every line with the same number of unquoted,
non-empty cells). Anything else is read again line by line, which either succeeds or names the faulty row.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from octobot_commons.errors import DataError
from octobot_trading.history.readers import _plain_table
from octobot_trading.history.readers.cells import parse_number, parse_time

_REMEDY_ROW = "correct or remove this row"


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How many cells a line has, and which of them are time, open, high, low, close and volume."""

    cells: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` has a row per place; the first is in seconds, or as found where the times are ``numeric_times``."""

    columns: NDArray[np.float64]
    rows: NDArray[np.int64]
    numeric_times: bool


def read_table(text: bytes, layout: TableLayout, file: str, first_row: int, start: int = 0) -> Table:
    """Read the lines of ``text`` from ``start`` on, where line ``first_row`` of the file begins.

    Raises:
        DataError: a line has another number of cells or a cell is no number or time.
    """
    numeric_times = _first_time_is_a_number(text[start : start + 4096], layout)
    columns = _plain_table.parse(text, layout.cells, layout.places, numeric_times, start)
    if columns is not None:
        return Table(columns, np.arange(first_row, first_row + columns.shape[1]), numeric_times)
    return _read_carefully(text[start:], layout, file, first_row, numeric_times)


def _first_time_is_a_number(body: bytes, layout: TableLayout) -> bool:
    cells = body.lstrip().partition(b"\n")[0].split(b",")
    try:
        parse_number(cells[layout.places[0]].decode().strip('"'))
    except (IndexError, ValueError):
        return False
    return True


def _read_carefully(body: bytes, layout: TableLayout, file: str, first_row: int, numeric_times: bool) -> Table:
    parse_time_cell = parse_number if numeric_times else parse_time
    time_place, *number_places = layout.places
    rows: list[int] = []
    candles: list[tuple[float, ...]] = []
    lines = csv.reader(io.StringIO(body.decode(errors="replace"), newline=""), strict=True)
    row = first_row - 1
    try:
        for cells in lines:
            if first_row + lines.line_num - 1 > row + 1:
                raise ValueError("a cell goes on in the next line")
            row = first_row + lines.line_num - 1
            if len(cells) <= 1 and not "".join(cells).strip():
                continue  # a blank line
            if len(cells) != layout.cells:
                raise ValueError(f"{len(cells)} cells where the layout has {layout.cells}")
            numbers = [parse_number(cells[place]) for place in number_places]
            candles.append((parse_time_cell(cells[time_place]), *numbers))
            rows.append(row)
    except csv.Error as error:
        row = first_row + max(lines.line_num - 1, 0)
        raise DataError(f"it is no CSV: {error}", file=file, row=row, remedy=_REMEDY_ROW) from error
    except ValueError as error:
        raise DataError(str(error), file=file, row=row, remedy=_REMEDY_ROW) from error
    columns = np.array(candles, dtype=np.float64).reshape(-1, len(layout.places)).T
    return Table(np.ascontiguousarray(columns), np.array(rows, dtype=np.int64), numeric_times)
