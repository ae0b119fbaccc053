# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles show`."""

from __future__ import annotations

import click

from octobot.cli.tables import print_json
from octobot_commons.tentacles_management import TentacleRegistry


@click.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def show_tentacle(name: str, as_json: bool) -> None:
    """Show what a tentacle does and where it comes from.

    \b
    Keys of --json:
      name, kind, version, source  as `list` shows them
      description                  its page, else what its class says
    """
    info = TentacleRegistry.discover().info(name)
    content = {
        "name": info.name,
        "kind": info.kind.value,
        "version": info.version,
        "source": info.source,
        "description": info.describe(),
    }
    if as_json:
        print_json(content)
    else:
        click.echo(f"{info.name}: {content['kind']}, {info.source}\n\n{content['description']}")
