# SPDX-License-Identifier: Apache-2.0
"""`octobot data collect`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import click

from octobot.backtesting.data import store_path
from octobot.cli.dates import format_date, parse_date, parse_frames
from octobot.cli.progress import candle_progress, say
from octobot_commons.clock import LiveClock
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, EnvironmentFault, OctoBotError, TentacleLoadError, did_you_mean, suggest
from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.collecting import (
    AbstractCollector,
    Collected,
    CollectorOptions,
    Retrier,
    RetryPolicy,
    collect_series,
)
from octobot_trading.collecting.collection import Progress
from octobot_trading.collecting.spans import count_candles
from octobot_trading.errors import TemporaryFault
from octobot_trading.history import CandleStore
from octobot_trading.history.validation import format_time

_GO_ON = "what came before is stored: the same command goes on from there"
_GAPS_TOLD = 3


@click.command("collect")
@click.argument("exchange")
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@click.option(
    "--time-frame", "time_frames", multiple=True, required=True, metavar="TF", callback=parse_frames,
    help="Of the candles; may be given several times.",
)  # fmt: skip
@click.option("--start", required=True, metavar="DATE", callback=parse_date, help="The first day, UTC.")
@click.option("--end", metavar="DATE", callback=parse_date, help="The day to stop before; by default now.")
@click.option("--api-url", metavar="URL", help="Scheme, host and port to ask instead of the exchange's, as a proxy's.")
@click.option("--attempts", default=8, show_default=True, type=click.IntRange(1), help="How often a request is made.")
def collect_data(
    exchange: str,
    symbols: tuple[str, ...],
    time_frames: tuple[TimeFrames, ...],
    start: float,
    end: float | None,
    api_url: str | None,
    attempts: int,
) -> None:
    """Store the candles of SYMBOLs that EXCHANGE has and the store has not.

    Every answer of the exchange is stored at once and as a whole. Whoever stops this, or whose network does, loses
    nothing: the same command goes on where it was, and later on it brings what is new. Candles are asked for no faster
    than the exchange allows, and again, ever more slowly, when it does not answer.
    """
    collector = make_collector(exchange, CollectorOptions(api_url=api_url))
    series = [(symbol, time_frame) for symbol in dict.fromkeys(symbols) for time_frame in dict.fromkeys(time_frames)]
    clock = LiveClock()
    now = clock.now()
    total = sum(count_candles(start, min(end or now, now), time_frame) for _, time_frame in series)
    path = store_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _hint_to_go_on(), CandleStore(path) as store, candle_progress(total) as progress:
        retrier = Retrier(RetryPolicy(attempts=attempts), clock, on_retry=_say_retry)
        done = asyncio.run(_collect(collector, store, series, start, end, retrier, progress))
    added, seconds = sum(one.added for one in done), clock.now() - now
    click.echo(f"{added:,} candles stored in {seconds:.1f} s, {collector.requests:,} requests; store: {path}")


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
    collector: AbstractCollector,
    store: CandleStore,
    series: list[tuple[str, TimeFrames]],
    start: float,
    end: float | None,
    retrier: Retrier,
    progress: Progress,
) -> list[Collected]:
    async with collector:
        await retrier.call(collector.open)
        return await collect_series(
            collector, store, series, start, end, retrier=retrier, progress=progress, on_done=_say_done
        )


def _say_done(done: Collected) -> None:
    name = f"{done.exchange_name} {done.symbol} {done.time_frame.value}"
    say(f"{name}: {done.added:,} candles stored, {done.already_stored:,} there before, {done.requests:,} requests")
    if done.first_time is None:
        say("  the exchange has none of that time")
    elif done.first_time >= done.start_time + get_seconds(done.time_frame):
        say(f"  the exchange's first one is of {format_date(done.first_time)}")
    if done.gaps:
        missing = sum(gap.missing for gap in done.gaps)
        say(f"  {len(done.gaps):,} gaps: {missing:,} candles that the exchange does not have")
        for gap in done.gaps[:_GAPS_TOLD]:
            say(f"    {format_time(gap.start_time)} to {format_time(gap.end_time)}: {gap.missing:,}")
        if len(done.gaps) > _GAPS_TOLD:
            say("    ... all of them: `octobot data check --json`")


def _say_retry(fault: TemporaryFault, attempt: int, delay_seconds: float) -> None:
    say(f"attempt {attempt} failed, the next one in {delay_seconds:.0f} s: {fault.message}", sys.stderr)


@contextmanager
def _hint_to_go_on() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, EnvironmentFault):
        click.echo(_GO_ON, err=True)
        raise
