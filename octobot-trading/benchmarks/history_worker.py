# SPDX-License-Identifier: Apache-2.0
"""One stage of keeping candles in one way, in a process of its own: ``history_worker.py WAY STAGE FOLDER``.

Stages are import (FOLDER/BTC_USDT-1m.csv into a file), read (all of it as six float64 columns), append (a day more,
FOLDER/BTC_USDT-1m-next.csv) and month (30 days of it). Prints JSON: seconds, peak_mb, bytes, sha256 of what was read.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import resource
import sqlite3
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

NAMES = ("timestamp", "open", "high", "low", "close", "volume")
MONTH_SECONDS = 30 * 86400


class OctoBot:
    """The store of octobot_trading."""

    file = "candles.sqlite"

    def __init__(self, folder: Path) -> None:
        from octobot_trading import history

        self.history, self.folder, self.path = history, folder, folder / self.file

    def add(self, name: str) -> None:
        (series,) = self.history.read_market_data(self.folder / name)
        with self.history.CandleStore(self.path) as store:
            store.import_series(series)

    create = append = add

    def read(self, start: float | None = None, end: float | None = None) -> Any:
        with self.history.CandleStore(self.path) as store:
            return store.load("local", "BTC/USDT", "1m", start, end).columns()


class PandasParquet:
    """pandas.read_csv, Parquet by pyarrow; appending writes the file anew, as Parquet knows no other way."""

    file = "candles.parquet"

    def __init__(self, folder: Path) -> None:
        import pandas as pd
        import pyarrow.parquet

        self.pandas, self.parquet, self.folder, self.path = pd, pyarrow.parquet, folder, folder / self.file

    def create(self, name: str) -> None:
        self.pandas.read_csv(self.folder / name).to_parquet(self.path)

    def append(self, name: str) -> None:
        parts = [self.pandas.read_parquet(self.path), self.pandas.read_csv(self.folder / name)]
        self.pandas.concat(parts, ignore_index=True).to_parquet(self.path)

    def read(self, start: float | None = None, end: float | None = None) -> Any:
        wanted = None if start is None else [("timestamp", ">=", int(start * 1e3)), ("timestamp", "<", int(end * 1e3))]
        frame = self.pandas.read_parquet(self.path, filters=wanted)
        return [frame[name].to_numpy(dtype="float64") for name in NAMES]


class PandasSQLite:
    """pandas.read_csv, to_sql and read_sql; the time is the index."""

    file = "frame.sqlite"

    def __init__(self, folder: Path) -> None:
        import pandas as pd

        self.pandas, self.folder, self.path = pd, folder, folder / self.file

    def create(self, name: str) -> None:
        frame = self.pandas.read_csv(self.folder / name, index_col="timestamp")
        with sqlite3.connect(self.path) as connection:
            frame.to_sql("candle", connection, if_exists="append")

    append = create

    def read(self, start: float | None = None, end: float | None = None) -> Any:
        with sqlite3.connect(self.path) as connection:
            frame = self.pandas.read_sql(_query(start, end), connection)
        return [frame[name].to_numpy(dtype="float64") for name in NAMES]


class PlainSQLite:
    """The csv module and sqlite3.executemany, a row per candle; numpy only to hold what is read."""

    file = "rows.sqlite"

    def __init__(self, folder: Path) -> None:
        import numpy as np

        self.numpy, self.folder, self.path = np, folder, folder / self.file

    def create(self, name: str) -> None:
        with (self.folder / name).open(newline="") as file, sqlite3.connect(self.path) as connection:
            columns = ", ".join(f"{column} REAL" for column in NAMES[1:])
            connection.execute(f"CREATE TABLE IF NOT EXISTS candle (timestamp INTEGER PRIMARY KEY, {columns})")
            lines = csv.reader(file)
            next(lines)
            connection.executemany("INSERT INTO candle VALUES (?, ?, ?, ?, ?, ?)", lines)

    append = create

    def read(self, start: float | None = None, end: float | None = None) -> Any:
        with sqlite3.connect(self.path) as connection:
            rows = connection.execute(_query(start, end)).fetchall()
        return list(self.numpy.array(rows, dtype=float).T)


def _query(start: float | None, end: float | None) -> str:
    span = "" if start is None else f" WHERE timestamp >= {int(start * 1e3)} AND timestamp < {int(end * 1e3)}"
    return f"SELECT {', '.join(NAMES)} FROM candle{span} ORDER BY timestamp"


WAYS = {one.__name__: one for one in (OctoBot, PandasParquet, PandasSQLite, PlainSQLite)}


def run(way: str, stage: str, folder: Path) -> dict[str, Any]:
    kept = WAYS[way](folder)
    columns: Any = ()
    start = float((folder / "month").read_text())
    began = perf_counter()
    if stage == "import":
        kept.create("BTC_USDT-1m.csv")
    elif stage == "append":
        kept.append("BTC_USDT-1m-next.csv")
    elif stage == "read":
        columns = kept.read()
    else:
        columns = kept.read(start, start + MONTH_SECONDS)
    seconds = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # Ours are seconds, the others keep the file's milliseconds.
    digest = hashlib.sha256(b"".join(column.tobytes() for column in columns[1:])).hexdigest()
    return {"seconds": seconds, "peak_mb": peak, "bytes": os.path.getsize(kept.path), "sha256": digest}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
