# SPDX-License-Identifier: Apache-2.0
"""`octobot data import`."""

from __future__ import annotations

from pathlib import Path

import click

from octobot.backtesting.data import store_path
from octobot_trading.history import (
    CandleSeries,
    CandleStore,
    OrderBookSeries,
    RecordSeries,
    TickerSeries,
    TradeSeries,
    read_market_files,
)
from octobot_trading.history.kinds import CANDLES


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--symbol", help="Pair, where the file does not tell it.")
@click.option("--exchange", default=None, help="Exchange, where the file does not tell it.")
def import_data(files: tuple[Path, ...], symbol: str | None, exchange: str | None) -> None:
    """Store the market data of FILES, plain, .gz or .xz; what a file holds is told from its content.

    \b
    candles        CSV, JSON, OctoBot 2 .data or Lean zip
    trades         CSV of time, price, amount; Freqtrade's JSON
    funding rates  CSV with a column funding_rate
    mark prices    CSV of prices without volume, "mark" in the file's name
    order books    sessions recorded by cryptofeed or hftbacktest's collector, archives of Bybit and Binance futures;
                   with the trades, best prices, mark prices and funding rates in them

    Name all files of a session at once. A series is stored whole or not at all.
    """
    path = store_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    # All files are read before the first is stored, so that a mistake in one leaves nothing half done.
    found = read_market_files(files, symbol=symbol, exchange_name=exchange)
    # Of a session's series each has the counts of the whole session.
    for session in dict.fromkeys(series.quality.session for series in found):
        if session is not None:
            click.echo("\n  ".join([", ".join(session.files), *session.sentences()]))
    with CandleStore(path) as store:
        for series in found:
            _import_one(store, series)
    click.echo(f"store: {path}")


def _import_one(store: CandleStore, series: CandleSeries | RecordSeries) -> None:
    quality = series.quality
    counts = f"{quality.duplicates:,} duplicates"
    if isinstance(series, CandleSeries):
        done = store.import_series(series)
        added, already, plural = done.added, done.already_stored, CANDLES.plural
        counts += f", {quality.zero_volume:,} without volume"
    else:
        imported = store.records.import_series(series)
        added, already, plural = imported.added, imported.already_stored, series.kind.plural
    # Of trades and tickers no gap can be told; those of order books are among the counts of their replay.
    if not isinstance(series, TradeSeries | TickerSeries | OrderBookSeries):
        counts = f"{len(quality.gaps)} gaps ({quality.missing:,} {plural} missing), {counts}"
    frame = f" {series.time_frame.value}" if series.time_frame else ""
    click.echo(f"{series.exchange_name} {series.symbol}{frame}: {added:,} {plural} stored, {already:,} there before")
    click.echo(f"  {counts}")
    if quality.book is not None:
        click.echo(f"  {quality.book.sentence()}")
    for remark in quality.remarks:
        click.echo(f"  {remark}")
