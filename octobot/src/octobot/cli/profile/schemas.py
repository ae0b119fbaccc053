# SPDX-License-Identifier: Apache-2.0
"""`octobot profile schema`."""

from __future__ import annotations

from pathlib import Path

import click

from octobot.cli.tables import print_json
from octobot_commons.atomic_file import atomic_file
from octobot_commons.configuration import find_profile, load_profile
from octobot_commons.configuration.json_file import json_text
from octobot_commons.settings_schema import settings_schema
from octobot_commons.tentacles_management import TentacleRegistry


@click.command()
@click.argument("name")
@click.option("--output", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False),
              help="Write ClassName.schema.json for each; default: print one JSON object.")  # fmt: skip
def schema(name: str, output: Path | None) -> None:
    """Write the JSON Schema of the settings of every tentacle that the profile NAME activates, for editors.

    A settings file may name its schema under the key "$schema".
    """
    setup = load_profile(find_profile(name)).tentacles_setup
    registry = TentacleRegistry.discover()
    schemas = {
        one: settings_schema(registry.load_for(one, setup), setup) for one in setup.check_activated(registry.names())
    }
    if output is None:
        print_json(schemas)
        return
    for one, content in schemas.items():
        path = output / f"{one}.schema.json"
        with atomic_file(path, overwrite=True) as part:
            part.write_bytes(json_text(content))
        click.echo(f"written {path}")
