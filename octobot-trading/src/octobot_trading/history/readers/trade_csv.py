# SPDX-License-Identifier: Apache-2.0
"""Trades as CSV: with a header that names time, price and amount (in any order, side and id where it has them), or
without one as ``time,price,amount`` (Kraken's files) or ``time,price,amount,side``.

Times are Unix seconds to nanoseconds, or dates with a header. Rows are numbered by the file's lines.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np

from octobot_commons.errors import DataError
from octobot_trading.history.kinds import NO_ID, TRADES, UNKNOWN_SIDE
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.readers.cells import parse_number
from octobot_trading.history.readers.content import Content
from octobot_trading.history.readers.csv_columns import in_seconds
from octobot_trading.history.readers.csv_table import TableLayout, read_table
from octobot_trading.history.readers.trade_cells import parse_ids, parse_sides

_FIRST_BYTES = 4096
_NAMES = {
    "time": ("timestamp", "time", "datetime", "date", "time_seconds", "trade_time", "timestamp_ms"),
    "price": ("price",),
    "amount": ("amount", "size", "qty", "quantity", "volume"),
    "side": ("side", "taker_side"),
    "maker": ("is_buyer_maker", "isbuyermaker", "buyer_maker"),
    "id": ("id", "trade_id", "tradeid", "agg_trade_id"),
}
_OF_CANDLES = ("open", "high", "low", "close")
_WITHOUT_SIDE, _WITH_SIDE = 3, 4


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the cells of a line are; the header, where there is one, takes ``start`` bytes."""

    cells: int
    numbers: tuple[int, int, int]
    side: int | None = None
    maker: int | None = None
    id: int | None = None
    start: int = 0


def matches(content: Content) -> bool:
    """Its first line names the columns of a trade, or is a trade of one of the forms without a header."""
    return content.data.lstrip()[:1] not in (b"{", b"[") and _layout(content.data[:_FIRST_BYTES]) is not None


def read(content: Content) -> RawRecords:
    """The trades of the file.

    Raises:
        DataError: a line has another number of cells, or a cell is no number, time or side.
    """
    text = content.text()
    layout = _layout(text[:_FIRST_BYTES])
    assert layout is not None, "read is called after matches"
    first_row = 2 if layout.start else 1
    table = read_table(text, TableLayout(layout.cells, layout.numbers), content.name, first_row, layout.start)
    times, price, amount = table.columns
    if table.numeric_times:
        times = in_seconds(times)
    side = np.full(len(times), UNKNOWN_SIDE, dtype=np.int64)
    ids = np.full(len(times), NO_ID, dtype=np.int64)
    remarks: tuple[str, ...] = ()
    told = layout.side if layout.maker is None else layout.maker
    lines = []
    if told is not None or layout.id is not None:
        lines = _lines(text[layout.start :], content.name, first_row)
    if told is not None:
        side = parse_sides([cells[told] for cells in lines], table.rows, content.name, layout.maker is not None)
    if layout.id is not None:
        place = layout.id
        ids, remarks = parse_ids([cells[place] for cells in lines])
    return RawRecords(TRADES, (times, price, amount, side, ids), table.rows, content.name, remarks)


def _lines(body: bytes, file: str, first_row: int) -> list[list[str]]:
    """The cells of each line that is not blank; the table was read before, so all have as many."""
    lines = csv.reader(io.StringIO(body.decode(errors="replace"), newline=""))
    try:
        return [cells for cells in lines if len(cells) > 1]
    except csv.Error as error:  # a cell too long for this module, which the fast way through a table takes
        row = first_row + max(lines.line_num - 1, 0)
        raise DataError(f"it is no CSV: {error}", file=file, row=row, remedy="correct or remove this row") from error


def _layout(start: bytes) -> _Layout | None:
    line = start.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip(b"\r")
    cells = [cell.strip().strip('"') for cell in line.decode(errors="replace").split(",")]
    if _is_number(cells[0]):
        numbers = [_is_number(cell) for cell in cells]
        if len(cells) == _WITHOUT_SIDE and all(numbers):
            return _Layout(len(cells), (0, 1, 2))
        if len(cells) == _WITH_SIDE and numbers == [True, True, True, False]:
            return _Layout(len(cells), (0, 1, 2), side=3)
        return None
    names = [name.lower() for name in cells]
    places = {
        wanted: next((names.index(name) for name in known if name in names), None) for wanted, known in _NAMES.items()
    }
    time, price, amount = places["time"], places["price"], places["amount"]
    if time is None or price is None or amount is None or any(name in names for name in _OF_CANDLES):
        return None
    header = start.find(b"\n") + 1 or len(start)
    return _Layout(len(names), (time, price, amount), places["side"], places["maker"], places["id"], header)


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except ValueError:
        return False
    return True
