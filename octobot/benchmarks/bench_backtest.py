# SPDX-License-Identifier: Apache-2.0
"""Candles per second of whole backtests: this bot's full chain beside other engines doing the same work.

Run: python benchmarks/bench_backtest.py [--sizes 10000 100000] [--repetitions 5] [--json]; PEERS=all adds engines.

The work is told in engines/measured.py. Each engine runs as a process of its own, in its own environment below .bench/,
and reads its candles from a CSV file with its own reader; all of them run once per repetition, in turn, and medians are
shown. Seconds are CPU seconds of that process without its imports. "From file" counts reading and running, "run" what
comes after reading. The ratio is ours divided by theirs: above 1 this bot is faster. Figures of different runs or
machines are not comparable, ratios are.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import series
from peers import BENCH, ENGINES, OURS, Engine, PeerMissingError, python_of, selected

Runs = dict[tuple[str, int], list[dict[str, Any]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="candles (try 500000)")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print every run as JSON")
    arguments = parser.parse_args()
    sizes = sorted(set(arguments.sizes))
    files = {size: series.write_csv(BENCH / "candles" / f"{_source()}-1m_{size}.csv", size) for size in sizes}
    pythons, remarks = prepare(selected())
    runs: Runs = {}
    for _ in range(arguments.repetitions):
        for size in sizes:
            for engine, python in pythons.items():
                runs.setdefault((engine.name, size), []).append(run(engine, python, files[size]))
    if arguments.json:
        json.dump({f"{name} {size}": results for (name, size), results in runs.items()}, sys.stdout, indent=1)
    else:
        print_table(runs, sizes, list(pythons), remarks, arguments.repetitions)


def prepare(engines: list[Engine]) -> tuple[dict[Engine, Path], list[str]]:
    """The interpreter of each engine that runs, and a remark for each that does not."""
    pythons: dict[Engine, Path] = {}
    remarks = []
    for engine in engines:
        if engine.reason is not None:
            remarks.append(f"{engine.name}: not driven: {engine.reason}")
            continue
        try:
            pythons[engine] = python_of(engine)
        except PeerMissingError as error:
            remarks.append(f"{engine.name}: missing: {error}")
    return pythons, remarks


def run(engine: Engine, python: Path, file: Path) -> dict[str, Any]:
    """One run's report, the last line that it prints."""
    data = series.with_dates(file) if engine.needs_dates else file
    command = [str(python), str(ENGINES / engine.script), str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{engine.name} failed:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def print_table(runs: Runs, sizes: list[int], engines: list[Engine], remarks: list[str], repetitions: int) -> None:
    print(f"EMA(10)/EMA(20) cross, one symbol, 1-minute candles; {series.describe()}")
    print(f"{platform.platform()}, {os.cpu_count()} cores; medians of {repetitions} interleaved runs\n")
    heads = "".join(f"{f'{size:,} from file':>22}{'run':>16}{'fills':>8}" for size in sizes)
    print(f"{'candles/s (ratio ours : theirs)':<32}{'Python':>8}{heads}{'peak MB':>9}")
    for engine in engines:
        cells = ""
        for size in sizes:
            results = runs[engine.name, size]
            ours = runs[OURS.name, size]
            fills = ",".join(sorted({str(result["fills"]) for result in results}))
            whole, alone = rate(results, "load", "run"), rate(results, "run")
            cells += f"{_cell(whole, rate(ours, 'load', 'run')):>22}{_cell(alone, rate(ours, 'run')):>16}{fills:>8}"
        largest = runs[engine.name, sizes[-1]]
        peak = median(result["peak_rss_mb"] for result in largest)
        print(f"{largest[0]['engine']:<32}{largest[0]['python']:>8}{cells}{peak:>9.0f}")
    print(*remarks, sep="\n")
    for size in sizes:
        check_agreement({engine.name: runs[engine.name, size][0]["fills"] for engine in engines}, size)


def rate(results: list[dict[str, Any]], *phases: str) -> float:
    """Median candles per second of these phases together."""
    return median(result["candles"] / sum(result["seconds"][phase] for phase in phases) for result in results)


def check_agreement(fills: dict[str, int], size: int) -> None:
    """All engines did the same work: their fills differ by one at the most."""
    if max(fills.values()) - min(fills.values()) > 1:
        raise SystemExit(f"the engines do not agree on {size:,} candles: {fills}")


def _cell(theirs: float, ours: float) -> str:
    return f"{theirs / 1000:,.1f}K ({ours / theirs:.2f})"


def _source() -> str:
    return "BTC_USDT" if series.RECORDED.exists() else "random"


if __name__ == "__main__":
    main()
