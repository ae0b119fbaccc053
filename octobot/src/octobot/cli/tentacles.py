# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles`."""

from __future__ import annotations

import click

from octobot_commons.configuration import installed_profiles
from octobot_commons.errors import TentacleLoadError
from octobot_commons.tentacles_management import TentacleRegistry


@click.group(short_help="Show what is installed.")
def tentacles() -> None:
    """Evaluators, strategies and trading modes."""


@tentacles.command("list")
def list_tentacles() -> None:
    """Show installed tentacles with their kind and package, and the profiles that come with them."""
    registry = TentacleRegistry.discover()
    broken = []
    for name in registry.names():
        info = registry.info(name)
        package = f"{info.distribution} {info.version}" if info.distribution else info.module
        try:
            kind = info.kind.value
        except TentacleLoadError as error:
            broken.append(error)
            kind = "cannot load"
        click.echo(f"{name:<40} {kind:<14} {package}")
    for name, folder in installed_profiles().items():
        click.echo(f"{name:<40} {'profile':<14} {folder}")
    if broken:
        raise TentacleLoadError("\n".join(str(error) for error in broken))
