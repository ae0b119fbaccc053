# SPDX-License-Identifier: Apache-2.0
"""From the rows of a reader, or from arrays, to a checked series of trades, funding rates, mark prices or tickers."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import parse_time_frame
from octobot_trading.history import naming, time_grid
from octobot_trading.history.candle_series import UNKNOWN_EXCHANGE, SeriesQuality
from octobot_trading.history.kinds import MARK_PRICES
from octobot_trading.history.order_books import OrderBookSeries, sequence_gaps
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.record_checks import check_records
from octobot_trading.history.records import RecordSeries, record_gaps
from octobot_trading.history.series_classes import SERIES_CLASSES
from octobot_trading.history.validation import check_grid

Series = TypeVar("Series", bound=RecordSeries)


def records_from_arrays(
    series_class: type[Series],
    *columns: ArrayLike,
    symbol: str,
    time_frame: TimeFrames | str | None = None,
    exchange_name: str = UNKNOWN_EXCHANGE,
    source: str = "memory",
    ticks: bool = False,
) -> Series:
    """A series of records that are at hand as numbers, checked like those of a file; rows count from 1.

    ``columns`` are those of ``series_class.kind.names``, times in Unix seconds. ``ticks``: mark prices come as they
    came and have no time frame, rather than the one that their times tell.

    Raises:
        DataError: the numbers are no such records; it names the row.
    """
    kind = series_class.kind
    if len(columns) != len(kind.fields):
        raise DataError(f"{len(columns)} columns; {kind.plural} have {', '.join(kind.names)}", file=source)
    arrays = tuple(np.asarray(column, dtype=field[1]) for column, field in zip(columns, kind.fields, strict=True))
    if len({array.shape for array in arrays}) != 1 or arrays[0].ndim != 1:
        raise DataError(f"columns of different shapes: {[array.shape for array in arrays]}", file=source)
    raw = RawRecords(kind, arrays, np.arange(1, len(arrays[0]) + 1), source, ticks=ticks)
    frame = None if time_frame is None else parse_time_frame(time_frame)
    made = build_records(
        raw, sha256=_columns_sha256(arrays), symbol=symbol, time_frame=frame, exchange_name=exchange_name
    )
    assert isinstance(made, series_class)
    return made


def build_records(
    raw: RawRecords,
    *,
    sha256: str,
    symbol: str | None = None,
    time_frame: TimeFrames | None = None,
    exchange_name: str | None = None,
) -> RecordSeries:
    """Check the rows and tell what the file leaves open: an argument goes before what the file's name says.

    Raises:
        DataError: a row is no record, out of order or off the grid; the symbol or time frame cannot be told.
    """
    symbol = symbol or naming.symbol_of_file(raw.file)
    if symbol is None:
        raise DataError(
            "its name does not tell the symbol",
            file=raw.file,
            field="symbol",
            remedy="give the symbol, like BTC/USDT, or name the file like BTC_USDT-trades.csv",
        )
    checked, remarks = check_records(raw)
    frame = _time_frame(checked, time_frame) if raw.kind is MARK_PRICES and not raw.ticks else None
    built = SERIES_CLASSES[raw.kind.name](
        exchange_name or naming.exchange_of_file(raw.file) or UNKNOWN_EXCHANGE,
        symbol,
        frame,
        checked.columns,
        raw.file,
        sha256,
        SeriesQuality(
            rows_read=len(raw),
            duplicates=len(raw) - len(checked),
            gaps=record_gaps(raw.kind, checked.columns[0], frame),
            remarks=remarks,
        ),
    )
    if isinstance(built, OrderBookSeries):
        gaps = tuple(sequence_gaps(built.messages()))
        return replace(built, quality=replace(built.quality, gaps=gaps))
    return built


def _time_frame(raw: RawRecords, asked: TimeFrames | None) -> TimeFrames:
    times = raw.columns[0]
    step = time_grid.most_frequent_step(times)
    frame = asked or (naming.time_frame_of_file(raw.file) if step is None else time_grid.time_frame_of_step(step))
    if frame is None:
        what = "one mark price does" if step is None else f"mark prices {step:g} seconds apart do"
        raise DataError(f"{what} not tell the time frame", file=raw.file, remedy="give the time frame, like 1h")
    check_grid(RawCandles(times[None, :], raw.rows, ((0, raw.file),)), frame)
    return frame


def _columns_sha256(columns: tuple[NDArray[Any], ...]) -> str:
    digest = hashlib.sha256()
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
