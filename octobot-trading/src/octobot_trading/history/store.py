# SPDX-License-Identifier: Apache-2.0
"""The store of imported market data: one SQLite file, a blob per series and day.

Candles have tables of their own and are read here; ``CandleStore.records`` keeps every other kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path

import numpy as np

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, did_you_mean
from octobot_commons.sqlite_file import SqliteStore
from octobot_commons.time_frame_manager import parse_time_frame
from octobot_trading.history import time_grid
from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.kinds import CANDLES, KINDS
from octobot_trading.history.parts import StoredParts
from octobot_trading.history.record_store import RecordStore, StoredItem
from octobot_trading.history.records import RecordSeries, span_places
from octobot_trading.history.series_builder import series_from_columns
from octobot_trading.history.series_classes import SERIES_CLASSES
from octobot_trading.history.store_checks import SeriesNames, stored_faults
from octobot_trading.history.store_file import damaged, open_store_file, transaction, translated_faults
from octobot_trading.history.stored_days import StoredDays
from octobot_trading.history.validation import format_time

#: What the source of stored candles begins with that were not recorded.
DERIVED = "derived from "


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """One line of the catalogue; times are the open times of its first and last candle."""

    exchange_name: str
    symbol: str
    time_frame: TimeFrames
    candles: int
    first_time: float
    last_time: float
    #: The files that it was imported from.
    sources: tuple[str, ...]

    @property
    def is_derived(self) -> bool:
        """Whether none of it was recorded."""
        return all(source.startswith(DERIVED) for source in self.sources)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did: ``added + already_stored`` is the length of the imported series."""

    exchange_name: str
    symbol: str
    time_frame: TimeFrames
    source: str
    added: int
    already_stored: int


class CandleStore(SqliteStore):
    """Recorded candles by exchange, symbol and time frame, and in ``records`` what is no candle.

    Use it as a context manager, in one thread.

    Raises:
        DataError: the file is no store, is damaged or was made by a newer version.
        EnvironmentFault: the file cannot be opened.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        file = Path(fspath(path))
        super().__init__(file, open_store_file(file))
        self._days = StoredDays(self._connection, self.path)
        #: Everything that is no candle.
        self.records = RecordStore(self._connection, self.path)

    def import_series(self, series: CandleSeries) -> ImportSummary:
        """Add recorded candles; those that are stored already are skipped. Either all of them get in or none.

        Derived ones come in by ``import_derived`` only, so that nobody takes them for a recording.

        Raises:
            DataError: a stored candle has other numbers, the candles lie on another grid than the stored ones, or
                they are derived from shorter ones.
            EnvironmentFault: the store cannot be written.
        """
        if series.quality.derived_from:
            remedy = "import the recorded series; longer candles are derived when they are used"
            raise DataError(f"candles derived from {series.quality.derived_from}", file=series.source, remedy=remedy)
        return self._import([series])[0]

    def import_derived(self, series: Sequence[CandleSeries]) -> list[ImportSummary]:
        """Add resampled candles, all series or none; their source says ``derived from 1m``.

        Raises:
            DataError: a stored candle has other numbers, or the candles lie on another grid than the stored ones.
            EnvironmentFault: the store cannot be written.
        """
        return self._import(
            [replace(one, source=f"{DERIVED}{one.quality.derived_from or one.time_frame.value}") for one in series]
        )

    def _import(self, series: Sequence[CandleSeries]) -> list[ImportSummary]:
        with translated_faults(self.path), transaction(self._connection):
            return [self._import_one(one) for one in series]

    def _import_one(self, series: CandleSeries) -> ImportSummary:
        if not len(series):
            raise DataError("there is no candle to import", file=series.source, remedy="give data with candles")
        candles = CANDLES.records(series.columns())
        series_id = self._series_id(series)
        self._check_grid(series_id, series)
        added = self._days.import_all(series_id, candles, series.source)
        self._connection.execute(
            "INSERT OR IGNORE INTO source (series_id, file, sha256) VALUES (?, ?, ?)",
            (series_id, series.source, series.sha256),
        )
        names = (series.exchange_name, series.symbol, series.time_frame)
        return ImportSummary(*names, series.source, added, len(series) - added)

    def catalogue(self) -> list[StoredSeries]:
        """Everything stored, by exchange, symbol and length of candles."""
        with translated_faults(self.path):
            rows = self._connection.execute(
                "SELECT exchange_name, symbol, time_frame, SUM(candles), MIN(first_time), MAX(last_time), id"
                " FROM series JOIN day ON series_id = id GROUP BY id"
            ).fetchall()
            found = [self._stored_series(*row) for row in rows]
        order = list(TimeFrames)
        return sorted(found, key=lambda item: (item.exchange_name, item.symbol, order.index(item.time_frame)))

    def contents(self) -> list[StoredItem]:
        """Everything stored, of every kind, by exchange and symbol; candles first, by their length.

        Raises:
            DataError: the store is damaged.
            EnvironmentFault: the store cannot be read.
        """
        candles = [
            StoredItem(
                CANDLES.name,
                one.exchange_name,
                one.symbol,
                one.time_frame,
                one.candles,
                one.first_time,
                one.last_time,
                time_grid.missing_between(one.first_time, one.last_time, one.candles, one.time_frame),
                one.sources,
            )
            for one in self.catalogue()
        ]
        # Both lists are sorted and a sort keeps what is equal in its order.
        return sorted([*candles, *self.records.catalogue()], key=lambda one: (one.exchange_name, one.symbol))

    def load(
        self,
        exchange_name: str,
        symbol: str,
        time_frame: TimeFrames | str,
        start_time: float | None = None,
        end_time: float | None = None,
    ) -> CandleSeries:
        """The stored candles with ``start_time <= open time < end_time``; ``sha256`` is that of their numbers.

        Raises:
            DataError: there are none, or the store is damaged; names what is stored.
            EnvironmentFault: the store cannot be read.
        """
        frame = parse_time_frame(time_frame)
        if start_time is not None and end_time is not None and start_time >= end_time:
            span = f"{format_time(start_time)} is not before {format_time(end_time)}"
            raise DataError(span, file=self.path, remedy="choose a start before the end")
        with translated_faults(self.path):
            columns = self._days.read_columns(self._stored_id(exchange_name, symbol, frame), start_time, end_time)
        first, last = span_places(columns[0], start_time, end_time)
        if first >= last:
            raise self._nothing_in_span(exchange_name, symbol, frame)
        if last - first < columns.shape[1]:
            columns = np.ascontiguousarray(columns[:, first:last])
        return series_from_columns(
            columns, symbol=symbol, time_frame=frame, exchange_name=exchange_name, source=str(self.path)
        )

    def parts(self, exchange_name: str, symbol: str, time_frame: TimeFrames | str) -> StoredParts:
        """Stored candles that are read a part at a time, while the store is open.

        Raises:
            DataError: they are not stored; names what is.
            EnvironmentFault: the store cannot be read.
        """
        frame = parse_time_frame(time_frame)
        with translated_faults(self.path):
            series_id = self._stored_id(exchange_name, symbol, frame)
        return StoredParts(self._days, series_id, symbol, frame, str(self.path))

    def remove(self, exchange_name: str, symbol: str, time_frame: TimeFrames | str) -> int:
        """Forget a series; returns how many candles it had.

        Raises:
            DataError: it is not stored.
            EnvironmentFault: the store cannot be written.
        """
        with translated_faults(self.path), transaction(self._connection):
            return self._remove(exchange_name, symbol, parse_time_frame(time_frame))

    def faults(self) -> Iterator[tuple[SeriesNames, str]]:
        """What is damaged in the file, with the series it is in; nothing is written. See ``auditing`` for all checks.

        Raises:
            DataError: it is so damaged that it cannot be read on.
            EnvironmentFault: the store cannot be read.
        """
        with translated_faults(self.path):
            yield from stored_faults(self._connection)

    def load_item(
        self, item: StoredItem, start_time: float | None = None, end_time: float | None = None
    ) -> CandleSeries | RecordSeries:
        """What a line of ``contents`` stands for, of whatever kind; as ``load`` does it."""
        names = (item.exchange_name, item.symbol)
        if item.kind != CANDLES.name:
            series_class = SERIES_CLASSES[item.kind]
            return self.records.load(series_class, *names, item.time_frame, start_time, end_time)
        assert item.time_frame is not None, "candles have one"
        return self.load(*names, item.time_frame, start_time, end_time)

    def remove_items(self, items: Iterable[StoredItem]) -> int:
        """Forget several series, all or none of them; returns how many records they had.

        Raises:
            DataError: one of them is not stored (any more).
            EnvironmentFault: the store cannot be written.
        """
        with translated_faults(self.path), transaction(self._connection):
            return sum(self._remove_item(one) for one in items)

    def compact(self) -> int:
        """Give the space of what was removed back to the disk; returns how many bytes.

        SQLite writes the whole file anew beside it and keeps a journal: an interruption leaves the store as it was.

        Raises:
            EnvironmentFault: the disk has no room for the copy, or another program uses the store.
        """
        before = self.path.stat().st_size
        with translated_faults(self.path):
            self._connection.execute("VACUUM")
        return before - self.path.stat().st_size

    def _remove_item(self, item: StoredItem) -> int:
        if item.kind != CANDLES.name:
            return self.records.remove_in(KINDS[item.kind], item.exchange_name, item.symbol, item.time_frame)
        assert item.time_frame is not None, "candles have one"
        return self._remove(item.exchange_name, item.symbol, item.time_frame)

    def _remove(self, exchange_name: str, symbol: str, time_frame: TimeFrames) -> int:
        series_id = self._stored_id(exchange_name, symbol, time_frame)
        query = "SELECT COALESCE(SUM(candles), 0) FROM day WHERE series_id = ?"
        (candles,) = self._connection.execute(query, (series_id,)).fetchone()
        self._connection.execute("DELETE FROM series WHERE id = ?", (series_id,))
        return int(candles)

    def _series_id(self, series: CandleSeries) -> int:
        names = (series.exchange_name, series.symbol, series.time_frame.value)
        self._connection.execute(
            "INSERT OR IGNORE INTO series (exchange_name, symbol, time_frame) VALUES (?, ?, ?)", names
        )
        return self._find_id(*names) or 0

    def _find_id(self, exchange_name: str, symbol: str, time_frame: str) -> int | None:
        row = self._connection.execute(
            "SELECT id FROM series WHERE exchange_name = ? AND symbol = ? AND time_frame = ?",
            (exchange_name, symbol, time_frame),
        ).fetchone()
        if row is None:
            return None
        if not isinstance(row[0], int):
            raise damaged(self.path, f"the entry of {exchange_name} {symbol} {time_frame}")
        return row[0]

    def _stored_id(self, exchange_name: str, symbol: str, time_frame: TimeFrames) -> int:
        series_id = self._find_id(exchange_name, symbol, time_frame.value)
        if series_id is None:
            wanted = f"{exchange_name} {symbol} {time_frame.value}"
            held = [f"{item.exchange_name} {item.symbol} {item.time_frame.value}" for item in self.catalogue()]
            hint = f"stored: {', '.join(held)}" if held else "import a file first"
            raise DataError(f"no {wanted} is stored", file=self.path, remedy=did_you_mean(wanted, held, hint))
        return series_id

    def _stored_series(
        self, exchange: str, symbol: str, frame: str, candles: int, first: float, last: float, series_id: int
    ) -> StoredSeries:
        if not (isinstance(first, float) and isinstance(last, float) and frame in list(TimeFrames)):
            raise damaged(self.path, f"the entry of {exchange} {symbol} {frame}")
        return StoredSeries(exchange, symbol, TimeFrames(frame), candles, first, last, self._sources(series_id))

    def _sources(self, series_id: int) -> tuple[str, ...]:
        query = "SELECT DISTINCT file FROM source WHERE series_id = ? ORDER BY rowid"
        return tuple(file for (file,) in self._connection.execute(query, (series_id,)))

    def _check_grid(self, series_id: int, series: CandleSeries) -> None:
        query = "SELECT MIN(first_time) FROM day WHERE series_id = ?"
        (stored,) = self._connection.execute(query, (series_id,)).fetchone()
        if stored is None:
            return
        if not isinstance(stored, float):
            raise damaged(self.path, f"a time is {stored!r}")
        if time_grid.is_off_grid(stored, series.open_times[0], series.time_frame):
            raise DataError(
                f"its candles open at other times ({format_time(series.open_times[0])}) than the stored ones"
                f" ({format_time(stored)})",
                file=series.source,
                remedy="remove the stored series first, or import under another exchange name",
            )

    def _nothing_in_span(self, exchange_name: str, symbol: str, time_frame: TimeFrames) -> DataError:
        names = (exchange_name, symbol, time_frame)
        stored = [item for item in self.catalogue() if (item.exchange_name, item.symbol, item.time_frame) == names]
        if not stored:
            return damaged(self.path, f"{symbol} {time_frame.value} has no candle")
        return DataError(
            f"no candle of {symbol} {time_frame.value} in this span",
            file=self.path,
            remedy=f"stored are {format_time(stored[0].first_time)} to {format_time(stored[0].last_time)}",
        )
