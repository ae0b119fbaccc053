# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles new`."""

from __future__ import annotations

import click

from octobot_commons.tentacles_management import TentacleRegistry
from octobot_commons.tentacles_management.creating import NEW_KINDS, create


@click.command("new")
@click.argument("kind", type=click.Choice(list(NEW_KINDS)))
@click.argument("name")
def new_tentacle(kind: str, name: str) -> None:
    """Begin a tentacle: a folder with a class NAME that works, its settings, its tests and a page about it.

    It stands in the user's tentacles folder, where a profile can use it at once.
    """
    folder = create(kind, name, known_names=TentacleRegistry.discover().names())
    click.echo(f"{name}: {folder.path}")
    click.echo(f"change it, and then: octobot tentacles test {name}")
    click.echo(f"                     octobot tentacles enable {name} --profile PROFILE")
