# SPDX-License-Identifier: Apache-2.0
"""`octobot backtest`."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from octobot.backtesting import BacktestRequest, BacktestResult
from octobot.backtesting.plan import Plan, make_plan
from octobot.backtesting.run import run_plan
from octobot.cli.dates import parse_date, parse_frames
from octobot.cli.log import log_to_stderr
from octobot.cli.progress import candle_progress
from octobot.report import Summary, compute_summary, format_summary, to_jsonable, write_report
from octobot.runs import RunStore
from octobot.runs.backtests import plan_code, store_backtest, store_failure
from octobot_commons.enums import TimeFrames
from octobot_trading.enums import FillRule

#: What may be asked for: the rules, and whether shorter candles are asked for.
_FILL_RULES = {
    **{rule.value: ((rule,), False) for rule in FillRule},
    "band": (tuple(FillRule), False),
    "path": ((FillRule.PESSIMISTIC,), True),
}


@click.command(short_help="Replay recorded candles through a profile and report.")
@click.option("--profile", default="daily_trading", show_default=True, help="Name or folder of a profile.")
@click.option("--data", "files", multiple=True, type=click.Path(path_type=Path), help="File of candles; repeatable.")
@click.option("--symbol", "symbols", multiple=True, help="Pair in place of the profile's, like BTC/USDT; repeatable.")
@click.option(
    "--time-frame",
    "time_frames",
    multiple=True,
    callback=parse_frames,
    help="Time frame in place of the strategies' own, like 1h; repeatable.",
)
@click.option("--start", callback=parse_date, help="First day (or moment) to trade, UTC; what is before is history.")
@click.option("--end", callback=parse_date, help="Candles that close after this are left out, UTC.")
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), help="Folder for the report page.")
@click.option("--json", "as_json", is_flag=True, help="Print one machine-readable result and nothing else.")
@click.option("--all-notes", is_flag=True, help="With --json: every note, not only the last of each evaluator.")
@click.option("--seed", default=0, show_default=True, help="Of the random numbers that tentacles draw.")
@click.option(
    "--fill-rule",
    type=click.Choice(list(_FILL_RULES)),
    default="pessimistic",
    show_default=True,
    help="What to believe of candles that do not say in which order they reached their prices: one rule, all three in"
    " one run (band), or what the shortest recorded candles say (path).",
)
@click.option("--feeds", type=click.Path(path_type=Path), help="File of recorded service feeds, for social evaluators.")
@click.option("--no-causes", is_flag=True, help="Do not keep with each order what it was made from.")
@click.option("--no-store", is_flag=True, help="Do not keep the run for `octobot runs`.")
def backtest(
    profile: str,
    files: tuple[Path, ...],
    symbols: tuple[str, ...],
    time_frames: tuple[TimeFrames, ...],
    start: float | None,
    end: float | None,
    report: Path | None,
    as_json: bool,
    all_notes: bool,
    seed: int,
    fill_rule: str,
    feeds: Path | None,
    no_causes: bool,
    no_store: bool,
) -> None:
    """Replay recorded candles through a profile's tentacles and report what came of it.

    Without --data the candles come from what `octobot data import` has stored, or, for BTC/USDT, from the seven years
    of hourly candles that are shipped.
    """
    log_to_stderr()
    rules, path = _FILL_RULES[fill_rule]
    request = BacktestRequest(
        profile,
        files,
        symbols,
        time_frames,
        start,
        end,
        seed,
        all_notes,
        rules,
        path,
        keeps_causes=not no_causes,
        feeds=feeds,
    )
    started_time, started = time.time(), time.perf_counter()
    plan = make_plan(request)
    loaded = time.perf_counter()
    # A store that cannot be used shows before the run, and the code is that which runs.
    keeping = None if no_store else Keeping(plan)
    try:
        result = _run(plan)
    except Exception as error:
        if keeping is not None:
            click.echo(keeping.keep_failure(plan, error, started_time), err=True)
        raise
    summary = compute_summary(result)
    page = None if report is None else write_report(result, summary, report)
    result.timings.update(load_seconds=loaded - started, total_seconds=time.perf_counter() - started)
    if as_json:
        json.dump(json_result(result, summary), sys.stdout, indent=1)
        click.echo()
    else:
        click.echo(format_summary(summary, result, color=sys.stdout.isatty()))
    if page is not None:
        click.echo(f"Report          {page}", err=as_json)
    if keeping is not None:
        click.echo(keeping.keep(result, summary, started_time), err=as_json)


class Keeping:
    """Stores a backtest, and tells what that costs."""

    def __init__(self, plan: Plan) -> None:
        started = time.perf_counter()
        with RunStore():
            self._code = plan_code(plan)
        self._seconds = time.perf_counter() - started

    def keep(self, result: BacktestResult, summary: Summary, started_time: float) -> str:
        """Store the run; returns a line with its id."""
        started = time.perf_counter()
        with RunStore() as store:
            name = store_backtest(store, result, summary, self._code, started_time, time.time())
        self._seconds += time.perf_counter() - started
        return f"Run             {name}  (stored in {self._seconds:.2f} s)"

    def keep_failure(self, plan: Plan, error: Exception, started_time: float) -> str:
        """Store that the run failed; returns a line with its id."""
        with RunStore() as store:
            name = store_failure(store, plan, self._code, started_time, error)
        return f"Run             {name}, failed"


def _run(plan: Plan) -> BacktestResult:
    total = sum(len(series.slice(plan.request.start_time, None)) for series in plan.all_series())
    with candle_progress(total) as progress:
        return asyncio.run(run_plan(plan, progress))


def json_result(result: BacktestResult, summary: Summary) -> dict[str, Any]:
    """The machine-readable result. Only ``timings`` may differ between two runs of the same request."""
    figures = summary.to_dict()
    # The lists stand beside the summary: in it they would be there twice.
    figures.pop("closed_trades")
    content = {
        "summary": figures,
        "trades": [fill.to_dict() for fill in result.fills],
        "orders": result.orders,
        "notes": result.notes.get("all", result.notes),
        "failures": result.failures,
        "refusals": result.refusals,
        "settings": result.settings,
        "inputs": result.inputs,
        "timings": result.timings,
    }
    jsonable: dict[str, Any] = to_jsonable(content)
    return jsonable
