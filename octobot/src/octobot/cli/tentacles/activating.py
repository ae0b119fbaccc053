# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles enable` and `disable`."""

from __future__ import annotations

import click

from octobot_commons.configuration import find_profile
from octobot_commons.configuration.activation import set_activation
from octobot_commons.tentacles_management import TentacleRegistry


@click.command("enable")
@click.argument("name")
@click.option("--profile", required=True, help="Which profile of the user's.")
def enable_tentacle(name: str, profile: str) -> None:
    """Let a profile use a tentacle."""
    info = TentacleRegistry.discover().info(name)
    file = set_activation(find_profile(profile), name, True, info.kind.category)
    click.echo(f"{name} is active: {file}")


@click.command("disable")
@click.argument("name")
@click.option("--profile", required=True, help="Which profile of the user's.")
def disable_tentacle(name: str, profile: str) -> None:
    """Let a profile use a tentacle no more; its settings stay."""
    file = set_activation(find_profile(profile), name, False)
    click.echo(f"{name} is not active: {file}")
