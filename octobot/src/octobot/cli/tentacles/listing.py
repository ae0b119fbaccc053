# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles list`."""

from __future__ import annotations

from typing import Any

import click

from octobot.cli.tables import LEFT, format_table, print_json
from octobot_commons.configuration import find_profile, installed_profiles, load_profile
from octobot_commons.errors import OctoBotError, TentacleLoadError
from octobot_commons.tentacles_management import TentacleInfo, TentacleKind, TentacleRegistry

_UNKNOWN = "cannot load"


@click.command("list")
@click.option("--profile", help="Say which of them this profile activates.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def list_tentacles(profile: str | None, as_json: bool) -> None:
    """Show tentacles with their kind and where they come from, and the profiles that packages bring.

    What cannot be used is told of at the end, with the reason; the exit code is 4 then.

    \b
    Keys of --json:
      tentacles  name, kind, version, source, active (with --profile)
      profiles   name and folder of each
      problems   what cannot be used
    """
    registry = TentacleRegistry.discover()
    active = None if profile is None else set(load_profile(find_profile(profile)).tentacles_setup.activated_names())
    problems = list(registry.problems)
    tentacles = [_row(registry.info(name), active, problems) for name in registry.names()]
    tentacles += [
        {"name": name, "kind": TentacleKind.UTIL.value, "version": folder.metadata.version, "source": str(folder.path)}
        for folder in registry.folders
        if folder.kind is TentacleKind.UTIL
        for name in folder.metadata.tentacles
    ]
    profiles = {name: str(folder) for name, folder in installed_profiles().items()}
    if as_json:
        print_json({"tentacles": tentacles, "profiles": profiles, "problems": [str(one) for one in problems]})
    else:
        rows = [_cells(row, active is not None) for row in tentacles]
        rows += [[name, "profile", folder, *([""] if active is not None else [])] for name, folder in profiles.items()]
        header = ["name", "kind", "from", *(["active"] if active is not None else [])]
        click.echo("\n".join(format_table(header, rows, [LEFT] * len(header))))
    if problems:
        raise TentacleLoadError("\n".join(map(str, problems)))


def _row(info: TentacleInfo, active: set[str] | None, problems: list[OctoBotError]) -> dict[str, Any]:
    try:
        kind = info.kind.value
    except TentacleLoadError as error:
        problems.append(error)
        kind = _UNKNOWN
    row = {"name": info.name, "kind": kind, "version": info.version, "source": info.source}
    return row if active is None else {**row, "active": info.name in active}


def _cells(row: dict[str, Any], with_active: bool) -> list[str]:
    cells = [row["name"], row["kind"], row["source"]]
    return [*cells, "yes" if row.get("active") else ""] if with_active else cells
