# SPDX-License-Identifier: Apache-2.0
"""CSV as ``writers/csv_file.py`` writes it, of the kinds that no other reader knows: the header names all columns.

Times are Unix seconds. Rows are numbered by lines.
"""

from __future__ import annotations

import numpy as np

from octobot_commons.errors import DataError
from octobot_trading.history.kinds import CANDLES, FLOAT, FUNDING, KINDS, MARK_PRICES, TRADES, RecordKind
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.readers.cells import parse_integer, parse_number
from octobot_trading.history.readers.content import Content

_FIRST_BYTES = 4096
#: Read by csv_columns, trade_csv and derivative_csv, which take more forms of them than this one.
_OF_OTHERS = (CANDLES, TRADES, FUNDING, MARK_PRICES)
_REMEDY_ROW = "correct or remove this row"


def matches(content: Content) -> bool:
    """Its first line is exactly the columns of a kind."""
    return _kind(content.data[:_FIRST_BYTES]) is not None


def read(content: Content) -> RawRecords:
    """The records of the file.

    Raises:
        DataError: a line has another number of cells, or a cell is no number.
    """
    text = content.text()
    kind = _kind(text[:_FIRST_BYTES])
    assert kind is not None, "read is called after matches"
    parsers = [parse_number if field[1] == FLOAT else parse_integer for field in kind.fields]
    rows: list[int] = []
    records: list[tuple[float, ...]] = []
    # This layout quotes nothing.
    for row, line in enumerate(text.decode(errors="replace").split("\n")[1:], 2):
        if not line.strip():
            continue
        try:
            cells = line.split(",")
            if "\r" in line.rstrip("\r"):
                raise ValueError("a line ends in the middle of a row")
            if len(cells) != len(parsers):
                raise ValueError(f"{len(cells)} cells where the layout has {len(parsers)}")
            records.append(tuple(parse(cell) for parse, cell in zip(parsers, cells, strict=True)))
        except ValueError as error:
            raise DataError(str(error), file=content.name, row=row, remedy=_REMEDY_ROW) from error
        rows.append(row)
    table = np.array(records, dtype=kind.dtype)
    return RawRecords(kind, tuple(table[name] for name in kind.names), np.array(rows, dtype=np.int64), content.name)


def _kind(start: bytes) -> RecordKind | None:
    header = start.partition(b"\n")[0].strip().decode(errors="replace")
    return next((kind for kind in KINDS.values() if kind not in _OF_OTHERS and ",".join(kind.names) == header), None)
