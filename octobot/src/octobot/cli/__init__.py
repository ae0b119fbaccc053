# SPDX-License-Identifier: Apache-2.0
"""The command line: `octobot` and `python -m octobot`.

Each command's module is imported when it is used, so that `--help` and `--version` answer at once.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from octobot import __version__
from octobot.cli.failures import ExitCode, report_failure

_COMMANDS = {
    "run": ("octobot.cli.bot.run:run", "Run the bot on recorded candles as if they came live."),
    "status": ("octobot.cli.bot.asking:status", "Show how the running bot is."),
    "pause": ("octobot.cli.bot.asking:pause", "Let the running bot open nothing new."),
    "resume": ("octobot.cli.bot.asking:resume", "Let the running bot trade again."),
    "stop": ("octobot.cli.bot.asking:stop", "End the running bot in good order."),
    "backtest": ("octobot.cli.backtest:backtest", "Replay recorded candles through a profile and report."),
    "data": ("octobot.cli.data:data", "Keep recorded market data."),
    "runs": ("octobot.cli.runs:runs", "Look at what was run before."),
    "why": ("octobot.cli.why:why", "Show what led to an order."),
    "why-not": ("octobot.cli.why_not:why_not", "Show why no order was made."),
    "verify": ("octobot.cli.verify:verify", "Look for what backtests would not show."),
    "profile": ("octobot.cli.profile:profile", "Keep profiles: what to trade, where, with which tentacles."),
    "tentacles": ("octobot.cli.tentacles:tentacles", "Show what is installed."),
}


class _ClosedPipeError(Exception):
    """Whoever read the output has stopped. click would turn the BrokenPipeError into exit 1, the code of a bug."""


@contextmanager
def _closed_pipe_named() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _ClosedPipeError from error


class _LazyGroup(click.Group):
    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with _closed_pipe_named():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _closed_pipe_named():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, epilog=ExitCode.describe())
@click.version_option(__version__, prog_name="octobot")
def cli() -> None:
    """A fast, scalable crypto trading robot."""


def main() -> None:
    """Run the command line and exit with a documented code."""
    try:
        cli.main(prog_name="octobot", standalone_mode=False)
    except _ClosedPipeError:
        # What is still buffered has nowhere to go; Python would complain about it when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.CLOSED_PIPE)
    except Exception as error:  # noqa: BLE001 - the one place where every failure becomes a message and a code
        sys.exit(report_failure(error))
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(ExitCode.INTERRUPTED)
