# SPDX-License-Identifier: Apache-2.0
"""`octobot data check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from octobot.backtesting.data import store_path
from octobot.cli.data.filters import Filters, filter_options, filters_of
from octobot.cli.data.output import print_json
from octobot.cli.failures import ExitCode
from octobot_commons.errors import DataError, UserInputError
from octobot_trading.history import CandleStore, Finding, audit_all, audit_store, read_market_data


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@filter_options
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for scripts.")
def check_data(files: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Check the store, or FILES that are not imported. Nothing is ever written.

    Faults are damage of the file, numbers that cannot be, and longer candles that differ from what shorter ones of the
    same symbol add up to. Remarks are gaps, duplicates, candles without volume and sudden jumps of the price, which
    may all be right. The exit code is 0 without faults and 3 with some.

    \b
    Keys of --json:
      fault                               true, or false for a remark
      check                               damage, faulty, disagreement, gaps, duplicates, zero_volume, jumps
      exchange, symbol, kind, time_frame  null where it is about the whole file
      message, count                      what it is, and of how many records
      examples                            objects; all gaps, the first five of others; times in Unix seconds
    """
    filters = filters_of(options)
    if files and filters:
        raise UserInputError("filters choose from the store, not from FILES", remedy="leave them out")
    found = list(_of_files(files) if files else _of_store(filters))
    if as_json:
        print_json([_as_json(one) for one in found])
    else:
        _print(found)
    if any(one.is_fault for one in found):
        sys.exit(ExitCode.DATA)


def _of_files(files: tuple[Path, ...]) -> Iterator[Finding]:
    series = []
    for file in files:
        try:
            series += read_market_data(file)
        except DataError as error:
            # A file whose name tells no symbol is sound, but what is in it has to be called something.
            if error.field != "symbol":
                yield Finding(True, "faulty", str(error))
            else:
                series += read_market_data(file, symbol=file.name)
    yield from audit_all(series)


def _of_store(filters: Filters) -> Iterator[Finding]:
    path = store_path()
    if not path.exists():
        if filters:
            filters.select([])
        return
    try:
        store = CandleStore(path)
    except DataError as error:
        yield Finding(True, "damage", str(error))
        return
    with store:
        yield from audit_store(store, filters.select(store.contents()) if filters else None)


def _print(found: list[Finding]) -> None:
    for one in found:
        names = " ".join(filter(None, (one.exchange_name, one.symbol, one.kind, one.time_frame)))
        click.echo(f"{'fault ' if one.is_fault else 'remark'}  {f'{names}: ' if names else ''}{one.message}")
        for example in one.examples:
            click.echo(f"          {_example(example)}")
    faults = sum(one.is_fault for one in found)
    click.echo(f"{faults} faults, {len(found) - faults} remarks")


def _example(example: dict[str, Any]) -> str:
    if "missing" in example:
        return f"{_time(example['start_time'])} to {_time(example['end_time'])}: {example['missing']:,} missing"
    if "jump" in example:
        return f"{_time(example['time'])}: {example['jump']:+.1%} against the record before"
    return (
        f"{_time(example['open_time'])}: {example['column']} is {example['recorded']:.15g},"
        f" the shorter ones give {example['derived']:.15g}"
    )


def _time(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "fault": finding.is_fault,
        "check": finding.check,
        "exchange": finding.exchange_name,
        "symbol": finding.symbol,
        "kind": finding.kind,
        "time_frame": finding.time_frame,
        "message": finding.message,
        "count": finding.count,
        "examples": list(finding.examples),
    }
