# SPDX-License-Identifier: Apache-2.0
"""`octobot runs show`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from octobot.cli.dates import format_date
from octobot.cli.runs.opening import load_run
from octobot.cli.runs.output import run_as_json
from octobot.cli.tables import LEFT, format_table, print_json
from octobot.report import format_summary
from octobot.runs import StoredRun
from octobot.runs.backtests import stored_result, stored_summary

_ORDER = ("creation_time", "order_id", "symbol", "side", "type", "quantity", "price", "status", "filled_quantity")
_FILL = ("time", "fill_id", "order_id", "symbol", "side", "quantity", "price", "cost", "fee", "fee_asset")


@click.command("show")
@click.argument("name", metavar="ID")
@click.option("--orders", is_flag=True, help="Every order.")
@click.option("--fills", is_flag=True, help="Every fill.")
@click.option("--json", "as_json", is_flag=True, help="Everything that is kept, orders and fills too, as one object.")
def show_run(name: str, orders: bool, fills: bool, as_json: bool) -> None:
    """Show a stored run: its figures, settings and code. ID may be "newest"."""
    run = load_run(name)
    if as_json:
        print_json(run_as_json(run))
        return
    _print_head(run)
    if orders:
        _print_table(_ORDER, run.orders)
    if fills:
        _print_table(_FILL, [fill.to_dict() for fill in run.fills])


def _print_head(run: StoredRun) -> None:
    start = run.start
    error = f": {run.error}" if run.error else ""
    click.echo(f"Run             {run.id}, {start.kind} of {start.name}, {run.status}{error}")
    ended = "" if run.end is None else f", ended {format_date(run.end.ended_time)}"
    click.echo(f"Started         {format_date(start.started_time)}{ended} UTC, seed {start.seed}")
    click.echo(f"Kept            {len(run.orders):,} orders, {len(run.fills):,} fills")
    if run.end is not None:
        summary = stored_summary(run.end.figures)
        click.echo(f"\n{format_summary(summary, stored_result(run, {}), color=sys.stdout.isatty())}")
    click.echo("\nCode")
    for kind in ("packages", "tentacles"):
        for name, known in start.code.get(kind, {}).items():
            digest = (known["sha256"] or "no file")[:16]
            click.echo(f"  {name:<36} {digest}  {known.get('version') or known.get('module') or ''}".rstrip())
    click.echo(f"\nSettings {run.settings_sha256[:16]}\n{json.dumps(start.settings, indent=2)}")


def _print_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    cells = [[_cell(name, row[name]) for name in columns] for row in rows]
    click.echo("\n" + "\n".join(format_table(columns, cells, [LEFT] * len(columns))))


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "-"
    return format_date(value) if name.endswith("time") else str(value)
