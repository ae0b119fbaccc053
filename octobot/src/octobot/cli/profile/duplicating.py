# SPDX-License-Identifier: Apache-2.0
"""`octobot profile duplicate`."""

from __future__ import annotations

import click

from octobot_commons.configuration.user_profiles import duplicate_profile


@click.command()
@click.argument("source")
@click.argument("new")
@click.option("--title", help="Name to show; default NEW.")
def duplicate(source: str, new: str, title: str | None) -> None:
    """Copy the profile SOURCE, its name or folder, to the profile NEW of your own."""
    click.echo(f"made {duplicate_profile(source, new, title)}")
