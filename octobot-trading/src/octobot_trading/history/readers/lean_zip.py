# SPDX-License-Identifier: Apache-2.0
"""QuantConnect Lean's crypto archives: ``crypto/<exchange>/<resolution>/...``, zips of CSV without a header.

Daily files hold ``YYYYMMDD HH:MM,open,high,low,close,volume``, hour files the same; minute files hold milliseconds
since midnight UTC of the day in their name. One archive or a zip of a whole folder of them is read; prices are taken
as recorded. Quote bars (bid and ask) and candles of seconds are no candles here; archives of both leave them out
with a remark. Rows are numbered by the lines of the innermost file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import naming
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.readers import archives
from octobot_trading.history.readers.content import Content, largest_expansion, too_large
from octobot_trading.history.readers.csv_table import TableLayout, read_table

_LAYOUT = TableLayout(6, (0, 1, 2, 3, 4, 5))
_FRAMES = {"daily": TimeFrames.ONE_DAY, "hour": TimeFrames.ONE_HOUR, "minute": TimeFrames.ONE_MINUTE}
#: .../coinbase/minute/btcusd/20180404_trade.zip and .../coinbase/daily/btcusd_trade.zip
_PATH = re.compile(
    r"(?:(?P<exchange>[a-z]+)/)?(?P<resolution>daily|hour|minute|second|tick)/"
    r"(?:(?P<folder>[a-z0-9]+)/(?P<day>\d{8})|(?P<symbol>[a-z0-9]+))_(?P<kind>[a-z]+)\.zip$"
)
#: So many names of what is left out are shown.
_SHOWN = 8
_REMEDY = "give an archive of Lean trade bars with its path, like coinbase/minute/btcusd/20180404_trade.zip"


@dataclass(frozen=True, slots=True)
class _Bars:
    """One innermost file."""

    name: str
    exchange_name: str | None
    symbol: str
    time_frame: TimeFrames
    day: str | None
    data: bytes


def matches(content: Content) -> bool:
    """A zip archive."""
    return archives.is_archive(content.data)


def read(content: Content) -> list[RawCandles]:
    """Each series of the archive, the days of one symbol joined."""
    series: dict[tuple[str | None, str, TimeFrames], list[_Bars]] = {}
    left_out: list[str] = []
    total, limit = 0, largest_expansion(len(content.data))
    for bars in _members(content, left_out):
        total += len(bars.data)
        if total > limit:
            raise too_large(content.name, limit)
        series.setdefault((bars.exchange_name, bars.symbol, bars.time_frame), []).append(bars)
    if not series:
        seen = f" (left out: {_listed(left_out)})" if left_out else ""
        raise DataError(f"it holds no trade bars of Lean{seen}", file=content.name, remedy=_REMEDY)
    remarks = (f"left out of the archive: {_listed(left_out)}",) if left_out else ()
    return [_join(parts, remarks) for parts in series.values()]


def _listed(left_out: list[str]) -> str:
    names = sorted(set(left_out))
    more = len(names) - _SHOWN
    return ", ".join([*names[:_SHOWN], *([f"{more:,} more"] if more > 0 else [])])


def _members(content: Content, left_out: list[str]) -> Iterator[_Bars]:
    path = content.name.replace("\\", "/")
    match = _PATH.search(path)
    if match:
        yield from _bars(match, path, content.data, left_out)
        return
    for name, data in sorted(archives.members(content.name, content.data)):
        match = _PATH.search(name)
        if match:
            yield from _bars(match, f"{content.name}/{name}", data, left_out)
        else:
            left_out.append(f"{name[:80]!r}")


def _bars(match: re.Match[str], name: str, data: bytes, left_out: list[str]) -> Iterator[_Bars]:
    symbol = naming.split_symbol(match["folder"] or match["symbol"])
    time_frame = _FRAMES.get(match["resolution"])
    if match["kind"] != "trade" or time_frame is None:
        left_out.append(f"{match['resolution']} {match['kind']} bars")
        return
    if symbol is None:
        raise DataError("its name tells no symbol", file=name, remedy=_REMEDY)
    for member, text in archives.members(name, data):
        yield _Bars(f"{name}/{member}", match["exchange"], symbol, time_frame, match["day"], text)


def _join(parts: list[_Bars], remarks: tuple[str, ...]) -> RawCandles:
    tables = []
    files = []
    candles = 0
    for part in parts:
        table = read_table(part.data, _LAYOUT, part.name, first_row=1)
        columns = table.columns
        if table.numeric_times:
            columns[0] = _midnight(part) + columns[0] / 1000.0
        tables.append((columns, table.rows))
        files.append((candles, part.name))
        candles += columns.shape[1]
    columns = np.concatenate([columns for columns, _ in tables], axis=1)
    rows = np.concatenate([rows for _, rows in tables])
    first = parts[0]
    return RawCandles(columns, rows, tuple(files), first.symbol, first.time_frame, first.exchange_name, remarks=remarks)


def _midnight(part: _Bars) -> float:
    try:
        return datetime.strptime(part.day or "", "%Y%m%d").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise DataError("its name tells no day", file=part.name, remedy=_REMEDY) from error
