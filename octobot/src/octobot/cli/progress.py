# SPDX-License-Identifier: Apache-2.0
"""How far a run is: a bar on a terminal, a line per tenth elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click
from tqdm import tqdm

# tqdm's thread draws bars that nobody updates. A consumer that waits for what cannot come is an error only where no
# other thread could end its wait: with this one alive a backtest would wait for ever.
tqdm.monitor_interval = 0


@contextmanager
def candle_progress(total: int, stream: TextIO | None = None, unit: str = "candles") -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many more of ``total`` candles, or whatever is counted, are done."""
    out = stream or sys.stderr
    if out.isatty():
        # Whoever reports does so rarely: every report is drawn.
        with tqdm(total=total, unit=f" {unit}", unit_scale=True, file=out, mininterval=0, dynamic_ncols=True) as bar:
            yield _Bar(bar.update)
    else:
        yield _Lines(total, out, unit)


def say(text: str, stream: TextIO | None = None) -> None:
    """Write a line, by default to stdout, above the bar where there is one."""
    with tqdm.external_write_mode(file=stream or sys.stdout):
        click.echo(text, file=stream)


class _Bar:
    def __init__(self, update: Callable[[float], object]) -> None:
        self._update = update

    def __call__(self, count: int) -> None:
        self._update(count)


class _Lines:
    def __init__(self, total: int, stream: TextIO, unit: str) -> None:
        self._total = total
        self._unit = unit
        self._stream = stream
        self._done = 0
        self._tenths = 0
        self._started = time.perf_counter()

    def __call__(self, count: int) -> None:
        self._done += count
        tenths = 10 * self._done // self._total if self._total else 10
        if tenths > self._tenths:
            self._tenths = tenths
            rate = self._done / max(time.perf_counter() - self._started, 1e-9)
            done = min(self._done, self._total)  # events of feeds are counted too
            left = (self._total - done) / rate
            line = f"{done:,} of {self._total:,} {self._unit}, {rate:,.0f} a second, {left:.0f} s left"
            click.echo(line, file=self._stream)
