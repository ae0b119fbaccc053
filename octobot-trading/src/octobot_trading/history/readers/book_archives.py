# SPDX-License-Identifier: Apache-2.0
"""Archives of order books that are no sessions: JSON lines of Bybit, CSV of Binance futures and of ccapi, and zips.

Bybit's ``<day>_<symbol>_ob500.data`` holds a message a line with the venue's time; Tardis-like CSV of Binance futures
(``symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu``) a level a row; ccapi's CSV
(``time_seconds,bid_price_bid_size,ask_price_ask_size``) the best levels at each time, ``price_size`` joined by ``|``.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from octobot_commons.errors import DataError
from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.history import naming
from octobot_trading.history.readers import archives
from octobot_trading.history.readers.cells import parse_integer, parse_number
from octobot_trading.history.readers.content import Content, without_mark
from octobot_trading.history.readers.event_checks import check_event
from octobot_trading.history.readers.recorded_session import LineKind, SessionLine
from octobot_trading.history.readers.venues.events import BookEvent, Levels

DEPTH_COLUMNS = (
    "symbol",
    "timestamp",
    "first_update_id",
    "last_update_id",
    "side",
    "update_type",
    "price",
    "qty",
    "pu",
)
TOP_COLUMNS = ("time_seconds", "bid_price_bid_size", "ask_price_ask_size")
_FIRST_BYTES = 4096
#: Of the columns, those that are equal in the rows of one message.
_MESSAGE = (0, 1, 2, 3, 8, 5)
_SIDE, _PRICE, _SIZE = 4, 6, 7
_PRICE_AND_SIZE = 2


class ReadyLine(NamedTuple):
    """What some rows of a CSV tell; ``rows`` is how many, ``row`` the first of them."""

    time: float
    events: list[BookEvent]
    row: int
    rows: int
    file: str


def is_json_lines(content: Content) -> bool:
    """Bybit's archive of order books."""
    first = content.data[:_FIRST_BYTES].lstrip()
    return first.startswith(b"{") and b'"topic":"orderbook.' in first and b'"data":' in first


def is_depth_csv(content: Content) -> bool:
    """Levels of Binance futures."""
    return _header(content) == DEPTH_COLUMNS


def is_top_csv(content: Content) -> bool:
    """ccapi's best levels."""
    return _header(content) == TOP_COLUMNS


def members(content: Content) -> list[Content]:
    """The files of a zip, of equal ones the last; none where it is no zip.

    Raises:
        DataError: it is damaged.
    """
    if not archives.is_archive(content.data):
        return []
    files = ((f"{content.name}/{name}", data) for name, data in archives.members(content.name, content.data))
    found = (Content(name, without_mark(name, data), hashlib.sha256(data).hexdigest()) for name, data in files)
    return list({one.sha256: one for one in found}.values())


def json_lines(content: Content) -> Iterator[SessionLine]:
    """The lines, with the venue's times as those of arrival, which nobody told."""
    for row, line in enumerate(content.text().decode(errors="replace").split("\n"), 1):
        if line.strip():
            yield _json_line(line, row, content.name)


def depth_csv(content: Content) -> Iterator[ReadyLine]:
    """Consecutive rows of the same numbers are one message.

    Raises:
        DataError: a row has other cells; names file and row.
    """
    rows = _rows(content, len(DEPTH_COLUMNS))
    for key, group in groupby(rows, key=lambda one: [one[1][place] for place in _MESSAGE]):
        held = list(group)
        try:
            event = _depth_event(key, [cells for _, cells in held])
            check_event(event)
        except (ValueError, OverflowError) as error:
            raise _bad_row(error, held[0][0], content) from error
        yield ReadyLine(event.time, [event], held[0][0], len(held), content.name)


def _depth_event(key: list[str], rows: list[list[str]]) -> BookEvent:
    symbol, time, first, last, previous, update_type = key
    whole = update_type == "snap"
    sides: tuple[list[list[str]], list[list[str]]] = ([], [])
    for row in rows:
        sides[("b", "a").index(row[_SIDE])].append([row[_PRICE], row[_SIZE]])
    ids = None if whole else UpdateIds(parse_integer(last), parse_integer(first), parse_integer(previous))
    nonce = parse_integer(last) if whole else None
    return BookEvent(symbol, whole, *sides, parse_integer(time) / 1000, nonce=nonce, ids=ids)


def top_csv(content: Content) -> Iterator[ReadyLine]:
    """A snapshot of so many levels as a row tells; the file's name tells the symbol.

    Raises:
        DataError: a row has other cells; names file and row.
    """
    symbol = naming.symbol_of_file(content.name) or ""
    for row, (text, *sides) in _rows(content, len(TOP_COLUMNS)):
        try:
            time = parse_number(text)
            bids, asks = map(_top_levels, sides)
            event = BookEvent(symbol, True, bids, asks, time)
            check_event(event)
        except ValueError as error:
            raise _bad_row(error, row, content) from error
        yield ReadyLine(time, [event], row, 1, content.name)


def _rows(content: Content, cells: int) -> Iterator[tuple[int, list[str]]]:
    """The rows after the header that are not blank, with their numbers.

    Raises:
        DataError: one has another number of cells, or goes over several lines.
    """
    # Without splitlines, for which there are more ends of lines than there are in CSV.
    lines = content.text().decode(errors="replace").replace("\r\n", "\n").split("\n")
    for row, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        try:
            (found,) = csv.reader([line], strict=True)
        except (csv.Error, ValueError) as error:
            raise _bad_row(error, row, content) from error
        if len(found) != cells:
            raise _bad_row(f"{len(found)} cells where the layout has {cells}", row, content)
        yield row, found


def _top_levels(text: str) -> Levels:
    levels = [level.split("_") for level in text.split("|")] if text else []
    if any(len(level) != _PRICE_AND_SIZE for level in levels):
        raise ValueError(f"{text[:40]!r} is no price_size")
    return levels


def _json_line(line: str, row: int, file: str) -> SessionLine:
    try:
        time = json.loads(line)["ts"] / 1000
        if not 0 <= time < math.inf:
            raise ValueError("its time is none")
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        return SessionLine(LineKind.UNUSABLE, 0.0, None, f"it is no message of an archive: {error}", row, file)
    return SessionLine(LineKind.RECEIVED, time, None, line, row, file)


def _header(content: Content) -> tuple[str, ...]:
    first = content.data[:_FIRST_BYTES].partition(b"\n")[0]
    return tuple(name.strip().lower() for name in first.decode(errors="replace").split(","))


def _bad_row(error: Exception | str, row: int, content: Content) -> DataError:
    return DataError(
        f"it is no row of levels: {str(error)[:200]}", file=content.name, row=row, remedy="correct or remove this row"
    )
