# SPDX-License-Identifier: Apache-2.0
"""`octobot verify`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from octobot.backtesting import BacktestRequest
from octobot.cli.dates import parse_date, parse_frames
from octobot.cli.failures import ExitCode
from octobot.cli.log import log_to_stderr
from octobot.cli.tables import LEFT, RIGHT, format_table, print_json
from octobot.report.jsonable import to_jsonable
from octobot.verify import LookAheadOptions, WarmupOptions, verify_look_ahead, verify_warmup
from octobot.verify.text import look_ahead_lines, warmup_rows

_HEADER = ("tentacle", "symbol", "time frame", "needs", "declares", "")


@click.group(short_help="Look for what backtests would not show.")
def verify() -> None:
    """Run a profile again and again, on other data, and say what does not hold. The exit code is 6 where that is so."""


def _market_options(command: Callable[..., Any]) -> Callable[..., Any]:
    path = click.Path(path_type=Path)
    options = (
        click.argument("profile"),
        click.option("--data", "files", multiple=True, type=path, help="File of candles; repeatable."),
        click.option("--symbol", "symbols", multiple=True, help="Pair in place of the profile's; repeatable."),
        click.option("--time-frame", "time_frames", multiple=True, callback=parse_frames,
                     help="Time frame in place of the strategies' own, like 1h; repeatable."),
        click.option("--start", callback=parse_date, help="First day (or moment) to trade, UTC."),
        click.option("--end", callback=parse_date, help="Candles that close after this are left out, UTC."),
        click.option("--feeds", type=path, help="File of recorded service feeds, for social evaluators."),
        click.option("--seed", default=0, show_default=True, help="Of what is drawn: by tentacles, and times to try."),
        click.option("--allow", "allowed", multiple=True, type=path,
                     help="File or folder that tentacles may read, as it tells nothing of the future; repeatable."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@verify.command("lookahead")
@_market_options
@click.option("--cuts", default=1, show_default=True, type=click.IntRange(1),
              help="How often each time frame is cut at the close, and in the middle, of a candle.")  # fmt: skip
@click.option("--tolerance", default=0.0, show_default=True, help="How far apart equal notes may be.")
def look_ahead(cuts: int, tolerance: float, allowed: tuple[Path, ...], as_json: bool, seed: int, **market: Any) -> None:
    """Find tentacles of PROFILE that know what they cannot.

    Each backtest runs in a process of its own: on the whole data, once more, on data that end at some time, and on data
    that go on otherwise. Whatever was noted and ordered up to that time must be the same.

    \b
    Keys of --json:
      profile, runs, cuts   what was run
      notes                 how many notes of each tentacle were looked at
      findings              kind, tentacle, symbol, time_frame, time, what, expected, found, run, file, line, message
      affected              tentacles that only follow those that were found
    """
    log_to_stderr()
    options = LookAheadOptions(cuts, seed, tolerance, allowed)
    report = asyncio.run(verify_look_ahead(_request(seed=seed, **market), options, _progress()))
    if as_json:
        print_json(to_jsonable(msgspec.to_builtins(report)))
    else:
        click.echo("\n".join(look_ahead_lines(report)))
    if report.findings:
        sys.exit(ExitCode.FOUND)


@verify.command("warmup")
@_market_options
@click.option("--starts", default=3, show_default=True, type=click.IntRange(1), help="How many starts to try.")
@click.option("--tolerance", default=1e-6, show_default=True, help="How far apart equal notes may be.")
def warmup(starts: int, tolerance: float, allowed: tuple[Path, ...], as_json: bool, seed: int, **market: Any) -> None:
    """Measure how many candles each evaluator and strategy of PROFILE needs until its notes do not depend on the start.

    \b
    Keys of --json:
      profile, runs, starts, tolerance  what was run
      loaded                            candles of each time frame that a run of the profile begins with
      needs                             tentacle, kind, symbol, time_frame, candles, told, available, declared,
                                        is_enough
    """
    log_to_stderr()
    options = WarmupOptions(tolerance, starts, seed, allowed)
    report = asyncio.run(verify_warmup(_request(seed=seed, **market), options, _progress()))
    if as_json:
        print_json(to_jsonable(msgspec.to_builtins(report)))
    else:
        click.echo("\n".join(format_table(_HEADER, list(warmup_rows(report)), [LEFT, LEFT, LEFT, RIGHT, RIGHT, LEFT])))
        click.echo(f"{report.runs} runs; {report.loaded} candles of each time frame are loaded")
    if not report.is_enough:
        sys.exit(ExitCode.FOUND)


def _request(
    profile: str, files: tuple[Path, ...], symbols: tuple[str, ...], time_frames: Any, start: float | None,
    end: float | None, feeds: Path | None, seed: int,
) -> BacktestRequest:  # fmt: skip
    return BacktestRequest(profile, files, symbols, time_frames, start, end, seed, feeds=feeds)


def _progress() -> Callable[[int, int], None] | None:
    """A count on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None
    return lambda done, total: click.echo(f"\r{done} of {total} ", nl=done == total, err=True)
