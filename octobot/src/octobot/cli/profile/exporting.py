# SPDX-License-Identifier: Apache-2.0
"""`octobot profile export`."""

from __future__ import annotations

from pathlib import Path

import click

from octobot_commons.configuration import find_profile
from octobot_commons.configuration.profile_archives import export_profile


@click.command()
@click.argument("name")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Default: NAME.zip in this folder.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@click.option("--remove-keys", is_flag=True, help="Leave out API keys, which are refused otherwise.")
def export(name: str, output: Path | None, force: bool, remove_keys: bool) -> None:
    """Write the profile NAME as a zip archive that `octobot profile import` takes; equal profiles give equal bytes."""
    path = output or Path(f"{find_profile(name).resolve().name}.zip")
    for field in export_profile(name, path, force, remove_keys):
        click.echo(f"removed: {field}")
    click.echo(f"written {path}")
