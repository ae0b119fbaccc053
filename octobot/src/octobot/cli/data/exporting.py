# SPDX-License-Identifier: Apache-2.0
"""`octobot data export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from octobot.backtesting.data import store_path
from octobot.cli.data.filters import filter_options, filters_of
from octobot.cli.data.listing import stored_items
from octobot.cli.data.output import describe
from octobot.cli.dates import parse_date
from octobot_commons.atomic_file import refuse_existing
from octobot_commons.errors import UserInputError
from octobot_trading.history import EXPORT_FORMATS, CandleStore, StoredItem, export_series
from octobot_trading.history.exporting import export_format, file_name
from octobot_trading.history.kinds import MARK_PRICES
from octobot_trading.history.naming import symbol_of_file


@click.command("export")
@filter_options
@click.option("--start", metavar="D", callback=parse_date, help="From this moment on; ISO, UTC.")
@click.option("--end", metavar="D", callback=parse_date, help="Before this moment; ISO, UTC.")
@click.option("--format", "wanted", type=click.Choice(EXPORT_FORMATS), help="Of the files in a folder; default csv.")
@click.option(
    "--output", required=True, metavar="FILE|FOLDER", type=click.Path(path_type=Path), help="Where it is written."
)
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
def export_data(
    start: float | None, end: float | None, wanted: str | None, output: Path, force: bool, **options: Any
) -> None:
    """Write stored series as CSV, Parquet or OctoBot 2 .data files.

    A FILE's ending tells the format: .csv, .csv.gz, .csv.xz, .parquet or .data. CSV and Parquet hold one series, .data
    candles of one exchange. A path without an ending is a FOLDER; it gets a file for each series. Parquet needs
    pyarrow.

    CSV has a header, times in Unix seconds and numbers that `octobot data import` reads as the very same ones. A file
    is written whole or not at all.
    """
    chosen = _within(filters_of(options).select(stored_items()), start, end)
    is_folder = output.is_dir() or not output.suffix
    files = _per_series(chosen, output, wanted or "csv") if is_folder else {_checked(output, wanted): chosen}
    for path in files:
        # All of them before the first is written.
        refuse_existing(path, force)
    with CandleStore(store_path()) as store:
        for path, items in files.items():
            _export(store, items, path, (start, end), force)


def _within(items: list[StoredItem], start: float | None, end: float | None) -> list[StoredItem]:
    """The series that reach into the span; all of them where none does, which loading them will tell."""
    found = [
        one for one in items if (start is None or one.last_time >= start) and (end is None or one.first_time < end)
    ]
    for one in items if found else []:
        if one not in found:
            click.echo(f"left out, as nothing of it is in this span: {describe(one)}")
    return found or items


def _checked(path: Path, wanted: str | None) -> Path:
    found = export_format(path)
    if wanted not in (None, found):
        raise UserInputError(
            f"its ending says {found}, not {wanted}", file=path, field="--format", remedy="leave --format out"
        )
    return path


def _per_series(items: list[StoredItem], folder: Path, ending: str) -> dict[Path, list[StoredItem]]:
    files: dict[Path, list[StoredItem]] = {}
    for one in items:
        path = folder / file_name(one.exchange_name, one.symbol, one.kind, one.time_frame, ending)
        files.setdefault(path, []).append(one)
    return files


def _export(
    store: CandleStore, items: list[StoredItem], path: Path, span: tuple[float | None, float | None], force: bool
) -> None:
    if len(items) > 1 and export_format(path) != "data":
        raise UserInputError(
            f"{len(items)} series fit, and this file holds one: {', '.join(map(describe, items))}",
            file=path,
            field="--output",
            remedy="name a folder, or choose one of them",
        )
    series = [store.load_item(one, *span) for one in items]
    export_series(series, path, overwrite=force)
    records = sum(map(len, series))
    click.echo(f"{path}: {', '.join(map(describe, items))}, {records:,} records")
    for hint in _hints(items, path):
        click.echo(f"  {hint}")


def _hints(items: list[StoredItem], path: Path) -> list[str]:
    """What importing the file again will ask for."""
    if export_format(path) in ("data", "parquet"):
        return []
    (item,) = items
    hints = []
    if symbol_of_file(str(path)) != item.symbol:
        hints.append(f"its name does not tell the symbol: import it with --symbol {item.symbol}")
    if item.kind == MARK_PRICES.name and "mark" not in path.name:
        hints.append("its name does not say mark, without which it cannot be imported")
    return hints
