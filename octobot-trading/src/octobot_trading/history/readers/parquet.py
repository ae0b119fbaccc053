# SPDX-License-Identifier: Apache-2.0
"""Parquet as ``writers/parquet_file.py`` writes it: its metadata tells kind, exchange, symbol and time frame."""

from __future__ import annotations

from typing import Any

import numpy as np

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import frames
from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.kinds import CANDLES, FLOAT, INTEGER, KINDS, RecordKind
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.readers.content import Content, largest_expansion, too_large
from octobot_trading.history.record_builder import build_records
from octobot_trading.history.records import RecordSeries
from octobot_trading.history.series_builder import build_series

_MAGIC = b"PAR1"
_REMEDY_DAMAGED = "the file is damaged or incomplete: export it again"
_REMEDY_FOREIGN = "give a file that OctoBot exported, or CSV"


def matches(content: Content) -> bool:
    """A Parquet file, whatever its name."""
    return content.data.startswith(_MAGIC)


def read(content: Content, symbol: str | None, exchange_name: str | None) -> CandleSeries | RecordSeries:
    """The one series of the file; an argument goes before what the file says.

    Raises:
        DataError: the file is damaged, or no file of ours.
        EnvironmentFault: pyarrow is not installed.
    """
    table = _table(content)
    told = {_text(key): _text(value) for key, value in (table.schema.metadata or {}).items()}
    kind = KINDS.get(told.get("octobot_kind", ""))
    time_frame = told.get("time_frame", "")
    if kind is None or table.column_names != list(kind.names) or time_frame not in ("", *TimeFrames):
        raise DataError("it does not say what it holds", file=content.name, remedy=_REMEDY_FOREIGN)
    _check_columns(table, kind, content.name)
    times = frames.seconds_of(table.column(0).cast("int64").to_numpy())
    columns = (times, *(column.to_numpy() for column in table.columns[1:]))
    rows = np.arange(1, len(times) + 1)
    names: dict[str, Any] = {
        "sha256": content.sha256,
        "symbol": symbol or told.get("symbol"),
        "exchange_name": exchange_name or told.get("exchange_name"),
        "time_frame": TimeFrames(time_frame) if time_frame else None,
    }
    if kind is CANDLES:
        return build_series(RawCandles(np.array(columns), rows, ((0, content.name),)), source=content.name, **names)
    return build_records(RawRecords(kind, columns, rows, content.name), **names)


def _text(value: bytes) -> str:
    return value.decode(errors="replace")


def _check_columns(table: Any, kind: RecordKind, file: str) -> None:
    types = ["timestamp[ns, tz=UTC]", *({FLOAT: "double", INTEGER: "int64"}[field[1]] for field in kind.fields[1:])]
    for name, column, wanted in zip(table.column_names, table.columns, types, strict=True):
        if str(column.type) != wanted or column.null_count:
            what = f"{column.null_count} cells without a value" if column.null_count else f"the type {column.type}"
            raise DataError(f"a column of {what}", file=file, field=name, remedy=_REMEDY_FOREIGN)


def _table(content: Content) -> Any:
    arrow, parquet = frames.library("pyarrow"), frames.library("pyarrow.parquet")
    limit = largest_expansion(len(content.data))
    try:
        file = parquet.ParquetFile(arrow.BufferReader(content.data))
        # All columns take eight bytes; a few bytes can stand for any number of equal rows.
        if 8 * file.metadata.num_rows * file.metadata.num_columns > limit:
            raise too_large(content.name, limit)
        table = file.read()
        if table.num_rows != file.metadata.num_rows:
            raise ValueError(f"it says that it has {file.metadata.num_rows} rows and has {table.num_rows}")
        return table
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise DataError(f"it cannot be read: {str(error)[:200]}", file=content.name, remedy=_REMEDY_DAMAGED) from error
