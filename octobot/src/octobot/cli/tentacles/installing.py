# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles install` and `remove`."""

from __future__ import annotations

from pathlib import Path

import click

from octobot_commons.tentacles_management import TentacleRegistry
from octobot_commons.tentacles_management.installation import find_installed, install, remove


@click.command("install")
@click.argument("source", metavar="PATH-or-ZIP", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there in the same version or a later one.")
def install_tentacles(source: Path, force: bool) -> None:
    """Put the tentacles of a folder or zip into the user's tentacles folder.

    All is checked before anything is written, and nothing of it is run. Folders and zips of OctoBot 2 may be given:
    their technical and real-time evaluators, strategies and utilities are installed, the rest is named.
    """
    done = install(source, known_names=TentacleRegistry.discover().names(), replaces=force)
    for folder in done.installed:
        names = ", ".join(folder.metadata.tentacles)
        click.echo(f"installed {folder.name} {folder.metadata.version}: {names} in {folder.path}")
    for name in done.unsupported:
        click.echo(f"not supported: {name}", err=True)
    for name in done.requirements:
        click.echo(f"asked for and not there: {name}", err=True)


@click.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove_tentacles(name: str, yes: bool) -> None:
    """Take a folder with all its tentacles out of the user's tentacles folder; NAME is the folder's or one of theirs.

    What packages bring goes with the package: `pip uninstall` it.
    """
    folder = find_installed(name)
    if not yes:
        click.confirm(f"Delete {folder.path} with {', '.join(folder.metadata.tentacles)} for good?", abort=True)
    remove(folder)
    click.echo(f"removed {folder.name}: {', '.join(folder.metadata.tentacles)}")
