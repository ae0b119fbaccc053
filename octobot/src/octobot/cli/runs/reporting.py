# SPDX-License-Identifier: Apache-2.0
"""`octobot runs report`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from octobot.cli.runs.opening import load_run
from octobot.report import compute_summary, write_report
from octobot.runs.backtests import stored_result, stored_summary
from octobot.runs.candles import find_candles


@click.command("report")
@click.argument("name", metavar="ID")
@click.option(
    "--output", required=True, metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False), help="For the page."
)
def report_run(name: str, output: Path) -> None:
    """Write the report page of a stored run again. ID may be "newest".

    The candles are not kept with the run. They are looked for where they came from, in the store of market data and
    among the shipped ones, and have to be the very same.
    """
    run = load_run(name)
    # What has no result is refused before candles are looked for.
    stored_result(run, {})
    result = stored_result(run, find_candles(run.start.candles))
    assert run.end is not None
    # The accounts of the other fill rules are not kept, what came of them is.
    summary = replace(compute_summary(result), band=stored_summary(run.end.figures).band)
    click.echo(f"Report          {write_report(result, summary, output)}")
