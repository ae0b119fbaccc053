# SPDX-License-Identifier: Apache-2.0
"""`octobot profile import`."""

from __future__ import annotations

from pathlib import Path

import click

from octobot.cli.profile.output import problem_lines
from octobot_commons.configuration.profile_archives import import_profile
from octobot_commons.configuration.validation import validate_profile
from octobot_commons.tentacles_management import TentacleRegistry


@click.command("import")
@click.argument("source", metavar="FOLDER|ZIP", type=click.Path(path_type=Path))
@click.option("--name", help="Of its folder; default: that of the folder or archive.")
@click.option("--remove-keys", is_flag=True, help="Leave out API keys, which are refused otherwise.")
def import_(source: Path, name: str | None, remove_keys: bool) -> None:
    """Take over a profile, also one of OctoBot 2, whole or not at all.

    It is checked before anything is written: paths that lead outside, links, and more files or bytes than a profile has
    are refused. Its files are kept as they are; what nothing here reads, and what keeps it from running, is listed.
    """
    imported = import_profile(source, name, remove_keys)
    click.echo(f"imported {imported.folder}")
    for file in imported.left_out:
        click.echo(f"left out: {file}, which stands beside the profile")
    for field in imported.removed_keys:
        click.echo(f"removed: {field}")
    click.echo("\n".join(problem_lines(validate_profile(imported.folder, TentacleRegistry.discover()))))
