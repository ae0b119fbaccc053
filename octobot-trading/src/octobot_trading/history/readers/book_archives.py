# SPDX-License-Identifier: Apache-2.0
"""Archives of order books that are no sessions: JSON lines of Bybit, CSV of Binance futures and of ccapi, and zips.

Bybit's ``<day>_<symbol>_ob500.data`` holds a message a line with the venue's time; Tardis-like CSV of Binance futures
(``symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu``) a level a row; ccapi's CSV
(``time_seconds,bid_price_bid_size,ask_price_ask_size``) the best levels at each time, ``price_size`` joined by ``|``.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from octobot_commons.errors import DataError
from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.history import naming
from octobot_trading.history.readers.content import Content
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
_LARGEST_MEMBER = 1024**3
_FIRST_BYTES = 4096
_DAMAGED = "the archive is damaged or incomplete: download it again"


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
    """The files of a zip; none where it is no zip, or one that is damaged, which others report."""
    if not content.data.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            return [_member(archive, info, content) for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile:
        return []


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
    rows = enumerate(csv.DictReader(io.StringIO(content.text().decode(errors="replace"))), 2)
    for key, group in groupby(rows, key=lambda one: itemgetter(*_MESSAGE)(one[1])):
        held = list(group)
        try:
            event = _depth_event(key, [row for _, row in held])
        except (ValueError, TypeError) as error:
            raise _bad_row(error, held[0][0], content) from error
        yield ReadyLine(event.time, [event], held[0][0], len(held), content.name)


_MESSAGE = ("symbol", "timestamp", "first_update_id", "last_update_id", "pu", "update_type")


def _depth_event(key: tuple[str, ...], rows: list[dict[str, str]]) -> BookEvent:
    symbol, time, first, last, previous, update_type = key
    whole = update_type == "snap"
    sides: tuple[list[list[str]], list[list[str]]] = ([], [])
    for row in rows:
        sides[("b", "a").index(row["side"])].append([row["price"], row["qty"]])
    ids = None if whole else UpdateIds(int(last), int(first), int(previous))
    return BookEvent(symbol, whole, *sides, int(time) / 1000, nonce=int(last) if whole else None, ids=ids)


def top_csv(content: Content) -> Iterator[ReadyLine]:
    """A snapshot of so many levels as a row tells; the file's name tells the symbol.

    Raises:
        DataError: a row has other cells; names file and row.
    """
    symbol = naming.symbol_of_file(content.name) or ""
    for row, cells in enumerate(csv.reader(io.StringIO(content.text().decode(errors="replace"))), 1):
        if row == 1 or not cells:
            continue
        try:
            time, *texts = cells
            bids, asks = (_top_levels(text) for text in texts)
            yield ReadyLine(float(time), [BookEvent(symbol, True, bids, asks, float(time))], row, 1, content.name)
        except ValueError as error:
            raise _bad_row(error, row, content) from error


def _top_levels(text: str) -> Levels:
    levels = [level.split("_") for level in text.split("|")] if text else []
    if any(len(level) != _PRICE_AND_SIZE for level in levels):
        raise ValueError(f"{text[:40]!r} is no price_size")
    return levels


_PRICE_AND_SIZE = 2


def _json_line(line: str, row: int, file: str) -> SessionLine:
    try:
        time = json.loads(line)["ts"] / 1000
    except (ValueError, TypeError, LookupError) as error:
        return SessionLine(LineKind.UNUSABLE, 0.0, None, f"it is no message of an archive: {error}", row, file)
    return SessionLine(LineKind.RECEIVED, time, None, line, row, file)


def _header(content: Content) -> tuple[str, ...]:
    first = content.data[:_FIRST_BYTES].removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    return tuple(name.strip().lower() for name in first.decode(errors="replace").split(","))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: Content) -> Content:
    name = f"{content.name}/{info.filename}"
    if info.file_size > _LARGEST_MEMBER:
        raise DataError("it expands to more than 1 GiB", file=name, remedy="split it into several files")
    try:
        return Content(name, archive.read(info), content.sha256)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError) as error:
        raise DataError(f"it cannot be read: {error}", file=name, remedy=_DAMAGED) from error


def _bad_row(error: Exception, row: int, content: Content) -> DataError:
    return DataError(
        f"it is no row of levels: {error}", file=content.name, row=row, remedy="correct or remove this row"
    )
