# SPDX-License-Identifier: Apache-2.0
"""Importing and reading 500,000 recorded 1-minute candles: our store beside Parquet and SQLite.

Each stage of each way runs in a process of its own, in turn, on files of its own; medians. The recorded minutes are
repeated, later and later, until there are enough. The peers' libraries live in an environment below .bench/.
"""

from __future__ import annotations

import argparse
import json
import lzma
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT.parent / "shared" / "data" / "ohlcv" / "binance-spot" / "BTC_USDT-1m_2025-05_2025-08.csv.xz"
WORKER = Path(__file__).with_name("history_worker.py")
PEERS = "pandas[parquet]==3.1.1"
MINUTE, DAY = 60_000, 1440
STAGES = ("import", "read", "append", "month")
TITLES = {
    "OctoBot": "OctoBot: CSV into its store",
    "PandasParquet": "pandas read_csv, Parquet (pyarrow)",
    "PandasSQLite": "pandas read_csv, to_sql, read_sql",
    "PlainSQLite": "csv and sqlite3.executemany",
}

sys.path.append(str(ROOT / ".ci"))
try:
    from bench_peers import PeerMissingError, python_with
except ModuleNotFoundError:  # in an sdist, which lacks the repository's own tools

    class PeerMissingError(Exception):
        pass

    def python_with(requirement: str) -> Path:
        raise PeerMissingError(f"only a clone of the repository installs {requirement}")


def lines(count: int) -> Iterator[str]:
    """So many lines of CSV, the recorded ones over and over with later times."""
    with lzma.open(RECORDED, "rt") as file:
        next(file)
        recorded = [line.partition(",") for line in file]
    start = int(recorded[0][0])
    for place in range(count):
        yield f"{start + place * MINUTE},{recorded[place % len(recorded)][2]}"


def write_files(folder: Path, candles: int) -> None:
    """The CSV file, a day after it, and when the month to read begins."""
    header = "timestamp,open,high,low,close,volume\n"
    found = list(lines(candles + DAY))
    (folder / "BTC_USDT-1m.csv").write_text(header + "".join(found[:candles]))
    (folder / "BTC_USDT-1m-next.csv").write_text(header + "".join(found[candles:]))
    start = int(found[0].partition(",")[0]) // 86_400_000 * 86_400 + candles // 2 // DAY * 86_400
    (folder / "month").write_text(str(start))


def interpreters() -> dict[str, Path]:
    """What runs each way; one whose libraries cannot be installed is named and left out."""
    found = {"OctoBot": Path(sys.executable)}
    try:
        python = python_with(PEERS)
    except PeerMissingError as error:
        print(f"missing: {PEERS}: {error}")
        return found
    return found | dict.fromkeys(("PandasParquet", "PandasSQLite", "PlainSQLite"), python)


def measure(python: Path, way: str, stage: str, folder: Path) -> dict[str, Any]:
    command = [python, WORKER, way, stage, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candles", type=int, default=500_000)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    if not RECORDED.exists():
        print(f"the recorded candles are not at hand: {RECORDED}")
        return
    runs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    pythons = interpreters()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_files(folder, options.candles)
        for _ in range(options.repetitions):
            for stage in STAGES:
                for way, python in pythons.items():
                    runs.setdefault((way, stage), []).append(measure(python, way, stage, folder))
            for file in folder.glob("*.sqlite"):
                file.unlink()
    for stage in ("read", "month"):
        assert len({run["sha256"] for way in pythons for run in runs[way, stage]}) == 1, "other numbers were read"
    print_table(runs, options.candles, list(pythons))


def print_table(runs: dict[tuple[str, str], list[dict[str, Any]]], candles: int, ways: list[str]) -> None:
    print(f"{f'{candles:,} 1-minute candles: ms (ratio to ours)':<44}", end="")
    print("".join(f"{name:>18}" for name in ("import", "read all", "append a day", "read a month")), end="")
    print(f"{'file MB':>9}{'peak MB import':>16}{'read':>6}")
    for way in ways:
        print(f"{TITLES[way]:<44}", end="")
        for stage in STAGES:
            mine, ours = (statistics.median(run["seconds"] for run in runs[one, stage]) for one in (way, "OctoBot"))
            print(f"{f'{mine * 1e3:,.1f} ({mine / ours:.1f})':>18}", end="")
        peaks = [statistics.median(run["peak_mb"] for run in runs[way, stage]) for stage in ("import", "read")]
        size = runs[way, "import"][0]["bytes"] / 1e6
        print(f"{size:>9.1f}{peaks[0]:>16,.0f}{peaks[1]:>6,.0f}")


if __name__ == "__main__":
    main()
