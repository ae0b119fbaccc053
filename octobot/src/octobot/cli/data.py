# SPDX-License-Identifier: Apache-2.0
"""`octobot data`."""

from __future__ import annotations

from pathlib import Path

import click

from octobot.backtesting.data import store_path
from octobot.cli.dates import format_date
from octobot_trading.history import CandleStore, read_candles


@click.group(short_help="List and import recorded candles.")
def data() -> None:
    """Recorded candles, kept in one file of the user folder."""


@data.command("list")
def list_data() -> None:
    """Show what is stored: exchange, symbol, time frame, candles, span, files."""
    path = store_path()
    if not path.exists():
        click.echo("nothing is stored yet: import with `octobot data import FILE`; BTC/USDT 1h 2017-2024 is shipped")
        return
    with CandleStore(path) as store:
        for entry in store.catalogue():
            span = f"{format_date(entry.first_time)} to {format_date(entry.last_time)}"
            names = f"{entry.exchange_name:<12} {entry.symbol:<12} {entry.time_frame.value:<4}"
            click.echo(f"{names} {entry.candles:>10,} candles  {span}  {', '.join(entry.sources)}")


@data.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--symbol", help="Pair, where the file does not tell it.")
@click.option("--exchange", default=None, help="Exchange, where the file does not tell it.")
def import_data(files: tuple[Path, ...], symbol: str | None, exchange: str | None) -> None:
    """Store the candles of FILES: CSV, JSON, OctoBot 2 .data or Lean zip, plain, .gz or .xz.

    A file is stored whole or not at all.
    """
    path = store_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    # All files are read before the first is stored, so that a mistake in one leaves nothing half done.
    found = [series for file in files for series in read_candles(file, symbol=symbol, exchange_name=exchange)]
    with CandleStore(path) as store:
        for series in found:
            done = store.import_series(series)
            name = f"{series.exchange_name} {series.symbol} {series.time_frame.value}"
            click.echo(f"{name}: {done.added:,} candles stored, {done.already_stored:,} there before")
            quality = series.quality
            click.echo(
                f"  {len(quality.gaps)} gaps ({quality.missing:,} candles missing), {quality.duplicates:,} duplicates, "
                f"{quality.zero_volume:,} without volume"
            )
            for remark in quality.remarks:
                click.echo(f"  {remark}")
    click.echo(f"store: {path}")
