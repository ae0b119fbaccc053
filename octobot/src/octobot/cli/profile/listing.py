# SPDX-License-Identifier: Apache-2.0
"""`octobot profile list`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from octobot.cli.tables import LEFT, format_table, print_json
from octobot_commons.configuration import installed_profiles, load_profile
from octobot_commons.configuration.installed_profiles import user_profiles
from octobot_commons.errors import OctoBotError
from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry

_HEADER = ("id", "name", "from", "trading mode", "symbols")


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for scripts.")
def list_profiles(as_json: bool) -> None:
    """Show your own profiles and those that come with packages. A profile of your own hides one of its name.

    \b
    Keys of --json:
      id, name, path, is_own       is_own is false for those of packages
      trading_modes, symbols       lists of texts
      error                        why it cannot be read, else null
    """
    registry = TentacleRegistry.discover()
    own = user_profiles()
    found = [
        _described(name, folder, name in own, registry) for name, folder in {**installed_profiles(), **own}.items()
    ]
    if as_json:
        print_json(found)
    elif found:
        click.echo("\n".join(format_table(_HEADER, [_cells(one) for one in found], [LEFT] * len(_HEADER))))
    else:
        click.echo("there are no profiles: install a package that brings some, or use `octobot profile import`")


def _described(name: str, folder: Path, is_own: bool, registry: TentacleRegistry) -> dict[str, Any]:
    described = {"id": name, "name": name, "path": str(folder), "is_own": is_own, "trading_modes": [], "symbols": [],
                 "error": None}  # fmt: skip
    try:
        profile = load_profile(folder)
        activated = [one for one in profile.tentacles_setup.activated_names() if one in registry]
        modes = [one for one in activated if registry.info(one).kind is TentacleKind.TRADING_MODE]
    except OctoBotError as error:
        return {**described, "error": str(error)}
    symbols = [symbol for symbols in profile.symbols_by_cryptocurrency().values() for symbol in symbols]
    return {**described, "name": profile.name, "trading_modes": modes, "symbols": symbols}


def _cells(described: dict[str, Any]) -> tuple[str, ...]:
    source = "you" if described["is_own"] else "a package"
    if described["error"]:
        return described["id"], "cannot be read: `octobot profile validate` says why", source, "-", "-"
    modes, symbols = (", ".join(described[key]) or "-" for key in ("trading_modes", "symbols"))
    return described["id"], described["name"], source, modes, symbols
