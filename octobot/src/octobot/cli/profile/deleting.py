# SPDX-License-Identifier: Apache-2.0
"""`octobot profile delete`."""

from __future__ import annotations

import click

from octobot_commons.configuration.user_profiles import delete_profile, own_profile_folder


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(name: str, yes: bool) -> None:
    """Delete a profile of your own. Those that come with packages stay as they are."""
    folder = own_profile_folder(name)
    if not yes:
        click.confirm(f"Delete {folder} for good?", abort=True)
    click.echo(f"deleted {delete_profile(name)}")
