# SPDX-License-Identifier: Apache-2.0
"""CSV of perpetual futures: funding rates (``timestamp,funding_rate``) and mark prices (``timestamp`` and prices).

Mark and index prices look alike, so a file of mark prices says ``mark`` in its name. Rows are numbered by lines.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from octobot_trading.history.kinds import FUNDING, MARK_PRICES, RecordKind
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.readers.content import Content
from octobot_trading.history.readers.csv_columns import in_seconds
from octobot_trading.history.readers.csv_table import TableLayout, read_table

_FIRST_BYTES = 4096
_TIMES = ("timestamp", "time", "datetime", "date", "funding_time", "fundingtime", "open_time")
_RATES = ("funding_rate", "fundingrate")
_PRICES = ("open", "high", "low", "close")
_MARK = re.compile(r"(?:^|[_\-.\s])mark", re.IGNORECASE)


def matches(content: Content) -> bool:
    """Its header names a funding rate; or prices without a volume, and the file's name says what they are."""
    return _layout(content.data[:_FIRST_BYTES], content.name) is not None


def read(content: Content) -> RawRecords:
    """The funding rates or mark prices of the file.

    Raises:
        DataError: a line has another number of cells, or a cell is no number or time.
    """
    text = content.text()
    found = _layout(text[:_FIRST_BYTES], content.name)
    assert found is not None, "read is called after matches"
    kind, layout = found
    table = read_table(text, layout, content.name, 2, text.find(b"\n") + 1 or len(text))
    times, *values = table.columns
    if table.numeric_times:
        times = in_seconds(times, milliseconds=True)
    return RawRecords(kind, (times, *values), table.rows, content.name)


def _layout(start: bytes, file: str) -> tuple[RecordKind, TableLayout] | None:
    line = start.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    names = [name.strip().strip('"').lower() for name in line.decode(errors="replace").split(",")]
    time = next((names.index(name) for name in _TIMES if name in names), None)
    if time is None:
        return None
    rate = next((names.index(name) for name in _RATES if name in names), None)
    if rate is not None:
        return FUNDING, TableLayout(len(names), (time, rate))
    is_mark = all(name in names for name in _PRICES) and not {"volume", "vol"} & set(names)
    if is_mark and _MARK.search(PurePath(file).name):
        return MARK_PRICES, TableLayout(len(names), (time, *(names.index(name) for name in _PRICES)))
    return None
