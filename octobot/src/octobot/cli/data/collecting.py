# SPDX-License-Identifier: Apache-2.0
"""`octobot data collect`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from octobot.backtesting.data import store_path
from octobot.cli.dates import format_date, parse_date, parse_frames
from octobot.cli.progress import candle_progress
from octobot_commons.clock import LiveClock
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, EnvironmentFault, did_you_mean
from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry
from octobot_trading.collecting import AbstractCollector, Collected, CollectorOptions, RetryPolicy, collect_candles
from octobot_trading.collecting.collection import Progress, count_candles
from octobot_trading.collecting.retries import Retrier
from octobot_trading.errors import TemporaryFault
from octobot_trading.history import CandleStore

_GO_ON = "what came before is stored: the same command goes on from there"
Series = tuple[str, TimeFrames]


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
    total = sum(count_candles(start, end or time.time(), time_frame) for _, time_frame in series)
    path = store_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _hint_to_go_on(), CandleStore(path) as store, candle_progress(total) as progress:
        retrier = Retrier(RetryPolicy(attempts=attempts), LiveClock(), on_retry=_say_retry)
        asyncio.run(_collect(collector, store, series, start, end, retrier, progress))
    click.echo(f"store: {path}")


def make_collector(exchange: str, options: CollectorOptions) -> AbstractCollector:
    """A collector of the first installed kind that knows the exchange.

    Raises:
        DataError: none knows it; the nearest name is suggested.
    """
    known: list[str] = []
    registry = TentacleRegistry.discover()
    for info in registry.by_kind(TentacleKind.COLLECTOR):
        collector_class = info.load()
        if issubclass(collector_class, AbstractCollector):
            names = collector_class.get_exchange_names()
            if exchange in names:
                return collector_class(exchange, options)
            known += names
    remedy = did_you_mean(exchange, known, "exchanges are named as in ccxt, like binance or kraken")
    raise DataError(f"no collector knows the exchange {exchange!r}", field="EXCHANGE", remedy=remedy)


async def _collect(
    collector: AbstractCollector,
    store: CandleStore,
    series: list[Series],
    start: float,
    end: float | None,
    retrier: Retrier,
    progress: Progress,
) -> None:
    async with collector:
        await retrier.call(collector.open)
        # A mistake in one of them shows before anything is asked for.
        for symbol, time_frame in series:
            collector.check(symbol, time_frame)
        for symbol, time_frame in series:
            began, requests = time.perf_counter(), collector.requests
            done = await collect_candles(
                collector, store, symbol, time_frame, start, end, retrier=retrier, progress=progress
            )
            _say_done(done, collector.requests - requests, time.perf_counter() - began)


def _say_done(done: Collected, requests: int, seconds: float) -> None:
    name = f"{done.exchange_name} {done.symbol} {done.time_frame.value}"
    counts = f"{done.added:,} candles stored, {done.already_stored:,} there before"
    click.echo(f"{name}: {counts}, {requests:,} requests, {seconds:.1f} s")
    if done.first_time is None:
        click.echo("  the exchange has none of that time")
    elif done.first_time > done.start_time:
        click.echo(f"  the exchange's first one is of {format_date(done.first_time)}")
    if done.gaps:
        missing = sum(gap.missing for gap in done.gaps)
        click.echo(f"  {len(done.gaps)} gaps: {missing:,} candles that the exchange does not have")


def _say_retry(fault: TemporaryFault, attempt: int, delay_seconds: float) -> None:
    click.echo(f"attempt {attempt} failed, the next one in {delay_seconds:.0f} s: {fault.message}", err=True)


@contextmanager
def _hint_to_go_on() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, EnvironmentFault):
        click.echo(_GO_ON, err=True)
        raise
