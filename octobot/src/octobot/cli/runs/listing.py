# SPDX-License-Identifier: Apache-2.0
"""`octobot runs list`."""

from __future__ import annotations

import click

from octobot.cli.dates import parse_date
from octobot.cli.runs.output import line_as_json, print_lines
from octobot.cli.tables import print_json
from octobot.runs import RunKind, RunLine, RunStatus, RunStore, runs_path


@click.command("list")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([one.value for one in RunKind]), help="What ran; several."
)
@click.option("--profile", "profiles", metavar="P", multiple=True, help="Profile; several.")
@click.option("--symbol", "symbols", metavar="S", multiple=True, help="Pair that was traded; several.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice([one.value for one in RunStatus]),
    help="How it ended; several.",
)
@click.option("--start", metavar="D", callback=parse_date, help="Begun from this moment on; ISO, UTC.")
@click.option("--end", metavar="D", callback=parse_date, help="Begun before this moment; ISO, UTC.")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="No more than the newest N.")
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for scripts.")
def list_runs(
    kinds: tuple[str, ...],
    profiles: tuple[str, ...],
    symbols: tuple[str, ...],
    statuses: tuple[str, ...],
    start: float | None,
    end: float | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """Show stored runs, newest first.

    \b
    Keys of --json:
      id, kind, profile, status  texts; a killed run's process ended without a word
      started_time, ended_time   Unix seconds; null for what has not ended
      symbols                    pairs
      orders, fills              how many
      profit_percent             null where it is not known
      settings_sha256            equal for equal settings
    """
    lines = _stored_lines()
    found = [
        one
        for one in lines
        if (not kinds or one.kind in kinds)
        and (not profiles or one.name in profiles)
        and (not symbols or set(symbols) & set(one.symbols))
        and (not statuses or one.status in statuses)
        and (start is None or one.started_time >= start)
        and (end is None or one.started_time < end)
    ][:limit]
    if as_json:
        print_json([line_as_json(one) for one in found])
    elif found:
        print_lines(found)
    else:
        click.echo("no stored run fits these filters" if lines else "no run is stored yet: run `octobot backtest`")


def _stored_lines() -> list[RunLine]:
    path = runs_path()
    if not path.exists():
        return []
    with RunStore(path) as store:
        return store.runs()
