# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles show`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from octobot.cli.tables import LEFT, format_table, print_json
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.settings_schema import settings_schema
from octobot_commons.tentacles_management import TentacleRegistry

_HEADER = ("setting", "type", "default", "")


@click.command("show")
@click.argument("name")
@click.option("--settings", "with_settings", is_flag=True, help="Also its settings, which imports the tentacle.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def show_tentacle(name: str, with_settings: bool, as_json: bool) -> None:
    """Show what a tentacle does, where it comes from, and what can be set.

    \b
    Keys of --json:
      name, kind, version, source  as `list` shows them
      description                  its page, else what its class says
      settings                     the JSON Schema of its settings (with --settings)
    """
    registry = TentacleRegistry.discover()
    info = registry.info(name)
    content: dict[str, Any] = {
        "name": info.name,
        "kind": info.kind.value,
        "version": info.version,
        "source": info.source,
        "description": info.describe(),
    }
    if with_settings:
        setup = TentaclesSetupConfig()
        content["settings"] = settings_schema(registry.load_for(name, setup), setup)
    if as_json:
        print_json(content)
        return
    click.echo(f"{info.name}: {content['kind']}, {info.source}\n\n{content['description']}")
    if with_settings:
        rows = list(_rows(content["settings"]["properties"], ""))
        click.echo("\n" + "\n".join(format_table(_HEADER, rows, [LEFT] * len(_HEADER))))


def _rows(properties: dict[str, Any], indent: str) -> Iterator[tuple[str, str, str, str]]:
    """One for each input, nested ones below what they are in; what files may hold besides is left out."""
    for key, schema in properties.items():
        if "title" in schema:
            default = schema.get("default")
            nested = schema.get("properties") or schema.get("items", {}).get("properties")
            shown = "" if nested or default is None else str(default)
            yield f"{indent}{key}", _type_of(schema), shown, str(schema["title"])
            yield from _rows(nested or {}, f"{indent}  ")


def _type_of(schema: dict[str, Any]) -> str:
    """In a settings file null says "not set" of anything."""
    types = schema.get("type", [])
    named = [types] if isinstance(types, str) else [one for one in types if one != "null"]
    return " or ".join(named) or "one of"
