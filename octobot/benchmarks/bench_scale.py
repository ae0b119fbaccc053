# SPDX-License-Identifier: Apache-2.0
"""Symbols x time frames x evaluators: time per candle and per note, and memory, each run in a process of its own.

Run: python benchmarks/bench_scale.py [--hours 1000] [--repetitions 3]

From 20 symbols, 4 time frames and 10 evaluators one of the three is varied. Evaluators and strategy do nothing but hand
on, so that what grows is the engine's. "per note" is what a run takes beyond one with a single evaluator, "KB" the peak
memory beyond a process that has imported everything and replayed one symbol. A run is linear where the columns "per
candle" (for symbols and time frames) and "per note" (for evaluators) stay.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import resource
import subprocess
import sys
import time
from dataclasses import replace
from statistics import median
from typing import NamedTuple

import bench_engine as engine
from octobot_ema_cross import make_plan

from octobot.backtesting.run import run_plan
from octobot.shipped import BTC_USDT_1H
from octobot.tentacles import ActiveTentacles
from octobot_commons.enums import TimeFrames
from octobot_trading.history import CandleSeries, read_candles, resample

TIME_FRAMES = (TimeFrames.ONE_HOUR, TimeFrames.TWO_HOURS, TimeFrames.FOUR_HOURS, TimeFrames.SIX_HOURS)


class Size(NamedTuple):
    symbols: int = 20
    time_frames: int = 4
    evaluators: int = 10


class Run(NamedTuple):
    """``candles`` of all time frames; ``seconds`` of CPU, ``kilobytes`` at the peak."""

    candles: int
    notes: int
    seconds: float
    kilobytes: int


SIZES = {
    "symbols": [Size(symbols=count) for count in (1, 5, 10, 20)],
    "time frames": [Size(time_frames=count) for count in (1, 2, 3, 4)],
    "evaluators": [Size(evaluators=count) for count in (1, 2, 5, 10)],
}


def make_series(size: Size, hours: int) -> list[CandleSeries]:
    """The shipped candles under as many names."""
    whole = read_candles(BTC_USDT_1H)[0]
    base = whole.slice(None, float(whole.open_times[hours]))
    made = []
    for number in range(size.symbols):
        hourly = replace(base, symbol=f"C{number}/USDT")
        made += [hourly if frame is TIME_FRAMES[0] else resample(hourly, frame) for frame in TIME_FRAMES[: size[1]]]
    return made


def run(size: Size, hours: int) -> Run:
    classes = tuple(type(f"Noting{number}", (engine.NotingEvaluator,), {}) for number in range(size.evaluators))
    plan = make_plan(
        make_series(size, hours), ActiveTentacles(classes, (engine.ConcludingStrategy,), engine.EmptyTradingMode)
    )
    candles = sum(len(one) for one in plan.series)
    started = time.process_time()
    asyncio.run(run_plan(plan))
    seconds = time.process_time() - started
    return Run(candles, candles * size.evaluators, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def in_a_process(size: Size, hours: int) -> Run:
    command = [sys.executable, __file__, "--one", *map(str, size), "--hours", str(hours)]
    return Run(*json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=int, default=1_000)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--one", nargs=3, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(run(Size(*arguments.one), arguments.hours)))
        return
    sizes = list(dict.fromkeys([Size(1, 1, 1), *(size for group in SIZES.values() for size in group)]))
    runs: dict[Size, list[Run]] = {size: [] for size in sizes}
    for _ in range(arguments.repetitions):
        for size in sizes:
            runs[size].append(in_a_process(size, arguments.hours))
    print_table({size: _median(found) for size, found in runs.items()})


def _median(runs: list[Run]) -> Run:
    return Run(*(median(column) for column in zip(*runs, strict=True)))  # type: ignore[arg-type]


def print_table(runs: dict[Size, Run]) -> None:
    print(f"Python {platform.python_version()}, {platform.platform()}")
    floor, single = runs[Size(1, 1, 1)].kilobytes, runs[Size(evaluators=1)]
    print(f"{'varied':<14}{'of 20 x 4 x 10':<16}{'candles':>9}{'notes':>10}{'seconds':>9}"
          f"{'us per candle':>15}{'us per note':>13}{'MB more':>9}{'KB per place':>14}")  # fmt: skip
    for varied, sizes in SIZES.items():
        for size in sizes:
            found = runs[size]
            more = (found.kilobytes - floor) / 1024
            places = size.symbols * size.time_frames * size.evaluators
            per_note = (
                (found.seconds - single.seconds) / (found.notes - single.notes) * 1e6
                if varied == "evaluators" and size.evaluators > 1
                else found.seconds / found.notes * 1e6
            )
            print(f"{varied:<14}{' x '.join(map(str, size)):<16}{found.candles:>9,}{found.notes:>10,}"
                  f"{found.seconds:>9.2f}{found.seconds / found.candles * 1e6:>15.2f}{per_note:>13.2f}"
                  f"{more:>9.1f}{more * 1024 / places:>14.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
