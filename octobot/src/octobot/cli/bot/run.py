# SPDX-License-Identifier: Apache-2.0
"""`octobot run`."""

from __future__ import annotations

import asyncio
import math
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from octobot.backtesting import BacktestRequest, BacktestResult
from octobot.backtesting.plan import Plan, make_plan
from octobot.backtesting.run import run_plan
from octobot.bot.control import Control
from octobot.bot.pacing import Pacing
from octobot.bot.places import Place
from octobot.bot.replay_bot import ReplayBot
from octobot.cli.backtest import Keeping
from octobot.cli.dates import parse_date, parse_frames
from octobot.cli.log import log_to_file, log_to_stderr
from octobot.report import compute_summary, format_summary, write_report
from octobot_commons.clock import LiveClock
from octobot_commons.enums import TimeFrames

_FULL = "full"


def _parse_speed(ctx: click.Context, param: click.Parameter, value: str) -> float:
    if value == _FULL:
        return math.inf
    try:
        speed = float(value.removesuffix("x"))
    except ValueError:
        speed = math.nan
    if not speed > 0:
        raise click.BadParameter(f"{value!r} is no speed; write full, or how many times as fast, like 3600", ctx, param)
    return speed


@click.command(short_help="Run the bot on recorded candles as if they came live.")
@click.option("--profile", default="daily_trading", show_default=True, help="Name or folder of a profile.")
@click.option("--name", default="bot", show_default=True, help="By which `octobot status` and the others find it.")
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
@click.option(
    "--speed", default=_FULL, show_default=True, callback=_parse_speed, help="How many times as fast as it was: 3600."
)
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), help="Folder for the report page.")
@click.option("--log-json", is_flag=True, help="Write the log file as one JSON object a line.")
def run(
    profile: str,
    name: str,
    files: tuple[Path, ...],
    symbols: tuple[str, ...],
    time_frames: tuple[TimeFrames, ...],
    start: float | None,
    end: float | None,
    speed: float,
    report: Path | None,
    log_json: bool,
) -> None:
    """Run a profile's bot on the embedded replay exchange: recorded candles come as if they came live, on paper.

    It needs neither a network nor a key. While it runs, `octobot status`, `pause`, `resume` and `stop` ask it; it ends
    with a summary when the candles do, when it is told to, or with Ctrl-C.
    """
    log_to_stderr()
    place = Place(name)
    request = BacktestRequest(profile, files, symbols, time_frames, start, end)
    started_time = time.time()
    plan = make_plan(request)
    keeping = Keeping(plan)
    log_to_file(name, as_json=log_json)
    try:
        result, obstacles = asyncio.run(_run(plan, place, speed))
    except Exception as error:
        click.echo(keeping.keep_failure(plan, error, started_time), err=True)
        raise
    summary = compute_summary(result)
    click.echo(format_summary(summary, result, color=sys.stdout.isatty()))
    for obstacle in obstacles:
        click.echo(f"not done at the end: {obstacle}", err=True)
    if report is not None:
        click.echo(f"Report          {write_report(result, summary, report)}")
    click.echo(keeping.keep(result, summary, started_time))


async def _run(plan: Plan, place: Place, speed: float) -> tuple[BacktestResult, list[str]]:
    loop = asyncio.get_running_loop()
    # One thread at the most for what libraries do in threads.
    loop.set_default_executor(ThreadPoolExecutor(1, thread_name_prefix="library"))
    clock = LiveClock()
    bot = ReplayBot(plan, clock, Pacing(clock, speed))
    async with Control(bot, place):
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, bot.stop)
        try:
            return await run_plan(plan, conductor=bot), bot.obstacles
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
