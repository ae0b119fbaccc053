# SPDX-License-Identifier: Apache-2.0
"""CSV, plain or compressed: a header with the kind's columns, times in Unix seconds, the shortest text of each number.

Two columns of trades are written for people: ``side`` as buy, sell or unknown, and no ``id`` where there is none.
"""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.kinds import BUY, NO_ID, SELL, TRADES, UNKNOWN_SIDE
from octobot_trading.history.records import RecordSeries

#: Rows turned into text at a time.
_ROWS = 8192
_SIDES = {BUY: "buy", SELL: "sell", UNKNOWN_SIDE: "unknown"}

#: A third larger than the best and several times as fast.
_XZ_PRESET = 2

_File: TypeAlias = BinaryIO | gzip.GzipFile | lzma.LZMAFile
_Column: TypeAlias = tuple[str, NDArray[Any], Callable[[Any], str]]


def write(series: CandleSeries | RecordSeries, path: Path, ending: str) -> None:
    """Write one series to ``path``; ``ending`` is csv, csv.gz or csv.xz."""
    columns = list(_columns(series))
    with ExitStack() as stack:
        file = _open(stack, path, ending)
        file.write((",".join(name for name, _, _ in columns) + "\n").encode())
        for first in range(0, len(series), _ROWS):
            file.write(_lines(columns, first).encode())


def _open(stack: ExitStack, path: Path, ending: str) -> _File:
    file = stack.enter_context(path.open("wb"))
    if ending == "csv.gz":
        # Without a time of its own, the same data makes the same file.
        return stack.enter_context(gzip.GzipFile("", "wb", 6, file, mtime=0))
    if ending == "csv.xz":
        return stack.enter_context(lzma.LZMAFile(file, "wb", preset=_XZ_PRESET))
    return file


def _columns(series: CandleSeries | RecordSeries) -> Iterator[_Column]:
    columns = series.columns() if isinstance(series, CandleSeries) else series.columns
    for name, column in zip(series.kind.names, columns, strict=True):
        if series.kind is TRADES and name == "id" and (column == NO_ID).all():
            continue
        if series.kind is TRADES and name == "side":
            yield name, column, _SIDES.__getitem__
        else:
            yield name, _whole_times(column) if name == series.kind.names[0] else column, repr


def _whole_times(times: NDArray[np.float64]) -> NDArray[Any]:
    whole = times.astype(np.int64)
    return whole if np.array_equal(whole, times) else times


def _lines(columns: list[_Column], first: int) -> str:
    cells = [map(to_text, column[first : first + _ROWS].tolist()) for _, column, to_text in columns]
    return "\n".join(map(",".join, zip(*cells, strict=True))) + "\n"
