# SPDX-License-Identifier: Apache-2.0
"""`octobot data collect`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import cast

import click

from octobot.backtesting.data import store_path
from octobot.cli.data.collected import say_candles, say_records
from octobot.cli.dates import parse_date, parse_frames
from octobot.cli.progress import candle_progress, say
from octobot_commons.clock import LiveClock
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, EnvironmentFault, OctoBotError, TentacleLoadError, did_you_mean, suggest
from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry
from octobot_trading.collecting import (
    AbstractCollector,
    AbstractRecordCollector,
    CollectorOptions,
    Retrier,
    RetryPolicy,
    collect_record_series,
    collect_series,
)
from octobot_trading.collecting.collection import Progress
from octobot_trading.collecting.records import COLLECTED_KINDS
from octobot_trading.collecting.spans import count_candles
from octobot_trading.collecting.told_hours import count_hours
from octobot_trading.errors import TemporaryFault
from octobot_trading.history import CandleStore
from octobot_trading.history.kinds import CANDLES, KINDS

_GO_ON = "what came before is stored: the same command goes on from there"


@click.command("collect")
@click.argument("exchange")
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@click.option(
    "--kind",
    default=CANDLES.name,
    show_default=True,
    type=click.Choice([CANDLES.name, *COLLECTED_KINDS]),
    help="What to collect.",
)
@click.option(
    "--time-frame", "time_frames", multiple=True, metavar="TF", callback=parse_frames,
    help="Of candles, which need one; may be given several times.",
)  # fmt: skip
@click.option("--start", required=True, metavar="DATE", callback=parse_date, help="The first day, UTC.")
@click.option("--end", metavar="DATE", callback=parse_date, help="The day to stop before; by default now.")
@click.option("--api-url", metavar="URL", help="Scheme, host and port to ask instead of the exchange's, as a proxy's.")
@click.option("--attempts", default=8, show_default=True, type=click.IntRange(1), help="How often a request is made.")
def collect_data(
    exchange: str,
    symbols: tuple[str, ...],
    kind: str,
    time_frames: tuple[TimeFrames, ...],
    start: float,
    end: float | None,
    api_url: str | None,
    attempts: int,
) -> None:
    """Store the candles of SYMBOLs that EXCHANGE has and the store has not, or their trades or funding rates.

    Every answer of the exchange is stored at once and as a whole. Whoever stops this, or whose network does, loses
    nothing: the same command goes on where it was, and later on it brings what is new. Nothing is asked for faster
    than the exchange allows, and again, ever more slowly, when it does not answer.
    """
    if (kind == CANDLES.name) != bool(time_frames):
        given = "needs one" if not time_frames else f"is for candles, {COLLECTED_KINDS[kind].plural} have none"
        raise click.UsageError(f"--time-frame {given}, like 1h")
    clock = LiveClock()
    now = clock.now()
    collector = make_collector(exchange, CollectorOptions(api_url=api_url))
    asked = Asked(symbols, kind, time_frames, start, end)
    path = store_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _hint_to_go_on(), CandleStore(path) as store, candle_progress(asked.total(now), unit=asked.unit) as progress:
        retrier = Retrier(RetryPolicy(attempts=attempts), clock, on_retry=_say_retry)
        added = asyncio.run(_collect(collector, store, asked, retrier, progress))
    what, seconds = KINDS[kind].plural, clock.now() - now
    click.echo(f"{added:,} {what} stored in {seconds:.1f} s, {collector.requests:,} requests; store: {path}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was given."""

    symbols: tuple[str, ...]
    kind: str
    time_frames: tuple[TimeFrames, ...]
    start: float
    end: float | None

    @property
    def unit(self) -> str:
        """What progress is counted in."""
        return "candles" if self.time_frames else "hours"

    def total(self, now: float) -> int:
        """How much of that there is."""
        end = now if self.end is None else min(self.end, now)
        symbols, frames = dict.fromkeys(self.symbols), dict.fromkeys(self.time_frames)
        of_one = sum(count_candles(self.start, end, frame) for frame in frames) or count_hours(self.start, end)
        return len(symbols) * of_one


def make_collector(exchange: str, options: CollectorOptions) -> AbstractCollector:
    """A collector of the first installed kind that knows the exchange.

    Raises:
        DataError: none knows it; the nearest name is suggested.
        TentacleLoadError, EnvironmentFault: a collector does not work, and no other knows the exchange or a near name.
    """
    known: list[str] = []
    failures: list[OctoBotError] = []
    for info in TentacleRegistry.discover().by_kind(TentacleKind.COLLECTOR):
        try:
            collector_class = info.load()
            names = collector_class.get_exchange_names() if issubclass(collector_class, AbstractCollector) else ()
        except (TentacleLoadError, EnvironmentFault) as failure:
            failures.append(failure)
            continue
        if exchange in names:
            return cast("type[AbstractCollector]", collector_class)(exchange, options)
        known += names
    if failures and suggest(exchange, known) is None:
        raise failures[0]
    remedy = did_you_mean(exchange, known, "exchanges are named as in ccxt, like binance or kraken")
    raise DataError(f"no collector knows the exchange {exchange!r}", field="EXCHANGE", remedy=remedy)


async def _collect(
    collector: AbstractCollector, store: CandleStore, asked: Asked, retrier: Retrier, progress: Progress
) -> int:
    async with collector:
        await retrier.call(collector.open)
        if asked.time_frames:
            candles = await collect_series(
                collector, store, product(asked.symbols, asked.time_frames), asked.start, asked.end,
                retrier=retrier, progress=progress, on_done=say_candles,
            )  # fmt: skip
            return sum(one.added for one in candles)
        if not isinstance(collector, AbstractRecordCollector):
            raise DataError(f"the collector of {collector.exchange_name} brings candles only", field="--kind")
        records = await collect_record_series(
            collector, store, COLLECTED_KINDS[asked.kind], asked.symbols, asked.start, asked.end,
            retrier=retrier, progress=progress, on_done=say_records,
        )  # fmt: skip
        return sum(one.added for one in records)


def _say_retry(fault: TemporaryFault, attempt: int, delay_seconds: float) -> None:
    say(f"attempt {attempt} failed, the next one in {delay_seconds:.0f} s: {fault.message}", sys.stderr)


@contextmanager
def _hint_to_go_on() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, EnvironmentFault):
        click.echo(_GO_ON, err=True)
        raise
