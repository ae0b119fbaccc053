# SPDX-License-Identifier: Apache-2.0
"""The candles that every engine is given, as CSV files of the wanted length.

Real ones where they are at hand: 130,708 one-minute candles of BTC/USDT, played backwards and forwards again where more
are asked for (open and close swapped, times going on), so that no price jumps. Else a random walk from a fixed seed.
"""

from __future__ import annotations

import csv
import datetime as dt
import lzma
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

RECORDED = Path(__file__).parents[2] / "../shared/data/ohlcv/binance-spot/BTC_USDT-1m_2025-05_2025-08.csv.xz"
MINUTE = 60_000
START = 1_747_699_200_000

Row = tuple[float, float, float, float, float]  # open, high, low, close, volume


def describe() -> str:
    return f"recorded: {RECORDED.name}" if RECORDED.exists() else f"random walk ({RECORDED.name} is not at hand)"


def write_csv(path: Path, candles: int) -> Path:
    """Write `candles` rows, once; the date column is for those that read no milliseconds."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "open", "high", "low", "close", "volume"])
        for number, row in enumerate(islice(_rows(), candles)):
            writer.writerow([START + number * MINUTE, *row])
    partial.rename(path)
    return path


def with_dates(path: Path) -> Path:
    """The same candles with the time as text in the first column."""
    dated = path.with_name(f"dated_{path.name}")
    if dated.exists():
        return dated
    with path.open(newline="") as file, dated.with_suffix(".partial").open("w", newline="") as copy:
        writer = csv.writer(copy)
        rows = csv.reader(file)
        writer.writerow(["datetime", *next(rows)[1:]])
        for time, *rest in rows:
            date = dt.datetime.fromtimestamp(int(time) / 1000, dt.UTC)
            writer.writerow([date.strftime("%Y-%m-%d %H:%M:%S"), *rest])
    dated.with_suffix(".partial").rename(dated)
    return dated


def _rows() -> Iterator[Row]:
    if not RECORDED.exists():
        yield from _random_walk()
        return
    with lzma.open(RECORDED, "rt", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        rows: list[Row] = [tuple(float(cell) for cell in row[1:6]) for row in reader]  # type: ignore[misc]
    backwards: list[Row] = [(close, high, low, open_, volume) for open_, high, low, close, volume in reversed(rows)]
    while True:
        yield from rows
        yield from backwards


def _random_walk() -> Iterator[Row]:
    chance = random.Random(20)
    close = 100_000.0
    while True:
        open_ = close
        close = round(open_ * (1 + chance.gauss(0, 5e-4)), 2)
        high, low = max(open_, close), min(open_, close)
        yield open_, round(high * 1.0001, 2), round(low * 0.9999, 2), close, round(chance.uniform(1, 20), 5)
