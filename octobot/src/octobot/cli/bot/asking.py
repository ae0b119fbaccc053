# SPDX-License-Identifier: Apache-2.0
"""`octobot status`, `pause`, `resume` and `stop`."""

from __future__ import annotations

import json
from typing import Any

import click

from octobot.bot.client import ask_bot
from octobot.bot.places import Place
from octobot_commons.moments import utc_text

_name = click.option("--name", default="bot", show_default=True, help="Which bot, as `octobot run --name` has it.")


@click.command(short_help="Show how the running bot is.")
@_name
@click.option("--json", "as_json", is_flag=True, help="Print everything, machine-readable.")
def status(name: str, as_json: bool) -> None:
    """Show how the running bot is."""
    found = ask_bot(Place(name), "status")
    click.echo(json.dumps(found, indent=1) if as_json else describe(found))


@click.command(short_help="Let the running bot open nothing new.")
@_name
def pause(name: str) -> None:
    """Let the running bot open nothing new until `octobot resume`. What closes a risk is still done."""
    click.echo(f"The bot is {ask_bot(Place(name), 'pause')['state']}.")


@click.command(short_help="Let the running bot trade again.")
@_name
def resume(name: str) -> None:
    """Let the running bot trade again."""
    click.echo(f"The bot is {ask_bot(Place(name), 'resume')['state']}.")


@click.command(short_help="End the running bot in good order.")
@_name
@click.option("--cancel", is_flag=True, help="Cancel its open orders first; without, they stay open.")
@click.option("--flatten", is_flag=True, help="Cancel its open orders and sell everything it trades first.")
def stop(name: str, cancel: bool, flatten: bool) -> None:
    """End the running bot in good order."""
    click.echo(f"The bot is {ask_bot(Place(name), 'stop', cancel=cancel, flatten=flatten)['state']}.")


def describe(found: dict[str, Any]) -> str:
    """A status for people."""
    lines = [
        f"State           {found['state']}, for {found['uptime_seconds']:.0f} s",
        f"Profile         {found['profile']}, on {found['trades_on']}",
        f"Time            {utc_text(found['time'])} UTC of recorded candles that end {utc_text(found['end_time'])}",
        f"Candles         {found['candles']:,} on {', '.join(found['time_frames'])}",
    ]
    for account in found["accounts"]:
        holdings = ", ".join(f"{amount} {asset}" for asset, amount in account["holdings"].items())
        lines += [
            f"Account         {account['exchange']}: {', '.join(account['symbols'])}",
            f"  worth         {account['value']} {account['reference_market']} ({holdings})",
            f"  orders        {len(account['open_orders'])} open, {account['fills']} fills",
        ]
        lines += [f"  refused       {count} by {rule}" for rule, count in account["refused"].items()]
    lines += [f"Failed          {name}: {count} times" for name, count in found["failures"].items()]
    return "\n".join(lines)
