# SPDX-License-Identifier: Apache-2.0
"""The part of the store that keeps trades, funding rates, mark prices, tickers and order books.

A blob per series and day; of order books per quarter of an hour.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, did_you_mean
from octobot_commons.time_frame_manager import parse_time_frame
from octobot_trading.history import time_grid
from octobot_trading.history.kinds import FUNDING, KINDS, MARK_PRICES, ORDER_BOOK, RecordKind
from octobot_trading.history.parts import StoredParts
from octobot_trading.history.record_builder import Series, records_from_arrays
from octobot_trading.history.records import FundingSeries, RecordSeries, span_places
from octobot_trading.history.series_classes import SERIES_CLASSES
from octobot_trading.history.store_file import (
    damaged,
    has_record_tables,
    make_record_tables,
    transaction,
    translated_faults,
)
from octobot_trading.history.stored_books import across_blocks, import_messages, stored_gaps
from octobot_trading.history.stored_days import StoredDays
from octobot_trading.history.validation import format_time


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One line of the catalogue of everything; times are those of its first and last record."""

    #: A key of ``kinds.KINDS``.
    kind: str
    exchange_name: str
    symbol: str
    #: None for what has none.
    time_frame: TimeFrames | None
    records: int
    first_time: float
    last_time: float
    #: Records missing between first and last, of order books how often updates are; None where it cannot be told: of
    #: trades, tickers and ticks of mark prices.
    missing: int | None
    #: The files that it was imported from.
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordImport:
    """What an import did: ``added + already_stored`` is the length of the imported series."""

    kind: str
    exchange_name: str
    symbol: str
    time_frame: TimeFrames | None
    source: str
    added: int
    already_stored: int


class RecordStore:
    """Records by kind, exchange, symbol and, of mark prices, time frame: ``CandleStore.records``.

    Nothing is written but by an import or a removal, each all or nothing.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def import_series(self, series: RecordSeries) -> RecordImport:
        """Add records; those that are stored already are skipped. Either all of them get in or none.

        Raises:
            DataError: a stored record has other numbers, or mark prices lie on another grid than the stored ones.
            EnvironmentFault: the store cannot be written.
        """
        kind = series.kind
        if not len(series):
            raise DataError(f"there is no {kind.noun} to import", file=series.source, remedy="give data with some")
        names = (kind.name, series.exchange_name, series.symbol, _text(series.time_frame))
        with translated_faults(self._path), transaction(self._connection):
            make_record_tables(self._connection)
            self._connection.execute(
                "INSERT OR IGNORE INTO record_series (kind, exchange_name, symbol, time_frame) VALUES (?, ?, ?, ?)",
                names,
            )
            series_id = self._find_id(*names) or 0
            self._check_grid(series_id, series)
            days = StoredDays(self._connection, self._path, kind)
            add = days.import_all if kind is not ORDER_BOOK else partial(import_messages, days)
            added = add(series_id, kind.records(series.columns), series.source)
            self._connection.execute(
                "INSERT OR IGNORE INTO record_source (series_id, file, sha256) VALUES (?, ?, ?)",
                (series_id, series.source, series.sha256),
            )
        return RecordImport(*names[:3], series.time_frame, series.source, added, len(series) - added)

    def load(
        self,
        series_class: type[Series],
        exchange_name: str,
        symbol: str,
        time_frame: TimeFrames | str | None = None,
        start_time: float | None = None,
        end_time: float | None = None,
    ) -> Series:
        """The stored records with ``start_time <= time < end_time``; ``sha256`` is that of their numbers.

        Raises:
            DataError: there are none, or the store is damaged; names what is stored.
            EnvironmentFault: the store cannot be read.
        """
        kind = series_class.kind
        frame = None if time_frame is None else parse_time_frame(time_frame)
        if start_time is not None and end_time is not None and start_time >= end_time:
            span = f"{format_time(start_time)} is not before {format_time(end_time)}"
            raise DataError(span, file=self._path, remedy="choose a start before the end")
        with translated_faults(self._path):
            series_id = self._stored_id(kind, exchange_name, symbol, frame)
            records = StoredDays(self._connection, self._path, kind).read(series_id, start_time, end_time)
        if kind is ORDER_BOOK:
            records = across_blocks(records)
        first, last = span_places(records[kind.names[0]], start_time, end_time)
        if first >= last:
            raise DataError(
                f"no {kind.noun} of {symbol} in this span", file=self._path, remedy="see `octobot data list` for spans"
            )
        return records_from_arrays(
            series_class,
            *(records[name][first:last] for name in kind.names),
            symbol=symbol,
            time_frame=frame,
            exchange_name=exchange_name,
            source=str(self._path),
            ticks=kind is MARK_PRICES and frame is None,
        )

    def parts(
        self, kind: RecordKind, exchange_name: str, symbol: str, time_frame: TimeFrames | str | None = None
    ) -> StoredParts:
        """Stored records that are read a part at a time, while the store is open.

        Raises:
            DataError: they are not stored; names what is.
            EnvironmentFault: the store cannot be read.
        """
        frame = None if time_frame is None else parse_time_frame(time_frame)
        with translated_faults(self._path):
            series_id = self._stored_id(kind, exchange_name, symbol, frame)
        return StoredParts(StoredDays(self._connection, self._path, kind), series_id, symbol, frame, str(self._path))

    def remove(
        self, kind: RecordKind, exchange_name: str, symbol: str, time_frame: TimeFrames | str | None = None
    ) -> int:
        """Forget a series; returns how many records it had.

        Raises:
            DataError: it is not stored.
            EnvironmentFault: the store cannot be written.
        """
        frame = None if time_frame is None else parse_time_frame(time_frame)
        with translated_faults(self._path), transaction(self._connection):
            return self.remove_in(kind, exchange_name, symbol, frame)

    def remove_in(self, kind: RecordKind, exchange_name: str, symbol: str, time_frame: TimeFrames | None) -> int:
        """As ``remove``, in the transaction of the caller."""
        series_id = self._stored_id(kind, exchange_name, symbol, time_frame)
        query = "SELECT COALESCE(SUM(records), 0) FROM record_day WHERE series_id = ?"
        (records,) = self._connection.execute(query, (series_id,)).fetchone()
        self._connection.execute("DELETE FROM record_series WHERE id = ?", (series_id,))
        return int(records)

    def catalogue(self) -> list[StoredItem]:
        """Everything stored but candles, by exchange, symbol, kind and time frame.

        Raises:
            DataError: the store is damaged.
            EnvironmentFault: the store cannot be read.
        """
        with translated_faults(self._path):
            if not has_record_tables(self._connection):
                return []
            rows = self._connection.execute(
                "SELECT kind, exchange_name, symbol, time_frame, SUM(records), MIN(first_time), MAX(last_time), id"
                " FROM record_series JOIN record_day ON series_id = id GROUP BY id"
            ).fetchall()
            found = [self._item(*row) for row in rows]
        return sorted(found, key=lambda one: (one.exchange_name, one.symbol, one.kind, one.time_frame or ""))

    def _item(
        self, kind: str, exchange: str, symbol: str, frame: str, records: int, first: float, last: float, series_id: int
    ) -> StoredItem:
        # Mark prices have a time frame or are ticks.
        known = kind in SERIES_CLASSES and (kind == MARK_PRICES.name or KINDS[kind].has_time_frame == bool(frame))
        if not (known and isinstance(first, float) and isinstance(last, float) and frame in ("", *TimeFrames)):
            raise damaged(self._path, f"the entry of {exchange} {symbol} {kind}")
        time_frame = TimeFrames(frame) if frame else None
        query = "SELECT DISTINCT file FROM record_source WHERE series_id = ? ORDER BY rowid"
        sources = tuple(file for (file,) in self._connection.execute(query, (series_id,)))
        missing = None
        if time_frame is not None:
            missing = time_grid.missing_between(first, last, records, time_frame)
        elif kind == FUNDING.name:
            missing = self.load(FundingSeries, exchange, symbol).quality.missing
        elif kind == ORDER_BOOK.name:
            missing = stored_gaps(StoredDays(self._connection, self._path, ORDER_BOOK), series_id)
        return StoredItem(kind, exchange, symbol, time_frame, records, first, last, missing, sources)

    def _find_id(self, *names: str) -> int | None:
        if not has_record_tables(self._connection):
            return None
        row = self._connection.execute(
            "SELECT id FROM record_series WHERE kind = ? AND exchange_name = ? AND symbol = ? AND time_frame = ?", names
        ).fetchone()
        if row is None:
            return None
        if not isinstance(row[0], int):
            raise damaged(self._path, f"the entry of {' '.join(names)}")
        return row[0]

    def _stored_id(self, kind: RecordKind, exchange_name: str, symbol: str, time_frame: TimeFrames | None) -> int:
        series_id = self._find_id(kind.name, exchange_name, symbol, _text(time_frame))
        if series_id is None:
            wanted = _described(kind.name, exchange_name, symbol, time_frame)
            held = [_described(one.kind, one.exchange_name, one.symbol, one.time_frame) for one in self.catalogue()]
            hint = f"stored: {', '.join(held)}" if held else "import a file first"
            raise DataError(f"no {wanted} are stored", file=self._path, remedy=did_you_mean(wanted, held, hint))
        return series_id

    def _check_grid(self, series_id: int, series: RecordSeries) -> None:
        if series.time_frame is None:
            return
        query = "SELECT MIN(first_time) FROM record_day WHERE series_id = ?"
        (stored,) = self._connection.execute(query, (series_id,)).fetchone()
        if stored is None:
            return
        if not isinstance(stored, float):
            raise damaged(self._path, f"a time is {stored!r}")
        if time_grid.is_off_grid(stored, series.times[0], series.time_frame):
            raise DataError(
                f"its {series.kind.plural} open at other times ({format_time(series.times[0])}) than the stored ones"
                f" ({format_time(stored)})",
                file=series.source,
                remedy="remove the stored series first, or import under another exchange name",
            )


def _text(time_frame: TimeFrames | None) -> str:
    return "" if time_frame is None else time_frame.value


def _described(kind: str, exchange_name: str, symbol: str, time_frame: Any) -> str:
    return " ".join(filter(None, (KINDS[kind].plural, exchange_name, symbol, time_frame and time_frame.value)))
