# SPDX-License-Identifier: Apache-2.0
"""`octobot why-not`: why no order was made."""

from __future__ import annotations

from dataclasses import asdict

import click

from octobot.cli.dates import parse_date
from octobot.cli.log import log_to_stderr
from octobot.cli.runs.opening import load_run
from octobot.cli.tables import print_json
from octobot.report.jsonable import to_jsonable
from octobot.runs.store import NEWEST
from octobot.why import absence_lines, explain_absence


@click.command("why-not")
@click.argument("symbol")
@click.argument("time", callback=parse_date)
@click.option("--run", "run_id", default=NEWEST, show_default=True, help="The run to look into.")
@click.option("--profile", help="The profile of the run, where it is not found by its name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def why_not(symbol: str, time: float, run_id: str, profile: str | None, as_json: bool) -> None:
    """Run a stored backtest again up to TIME and print what was known and said of SYMBOL then.

    TIME is a date like 2021-01-05 or 2021-01-05T12:00, in UTC.
    """
    log_to_stderr()
    absence = explain_absence(load_run(run_id), symbol, time, profile)
    if as_json:
        print_json(to_jsonable(asdict(absence)))
    else:
        click.echo("\n".join(absence_lines(absence)))
