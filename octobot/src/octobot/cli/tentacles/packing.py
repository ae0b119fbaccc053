# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles pack`."""

from __future__ import annotations

from pathlib import Path

import click

from octobot_commons.tentacles_management.installation import find_installed
from octobot_commons.tentacles_management.packing import pack


@click.command("pack")
@click.argument("name")
@click.option("--output", type=click.Path(path_type=Path), help="The zip to write; default: NAME-VERSION.zip here.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def pack_tentacle(name: str, output: Path | None, force: bool) -> None:
    """Make a zip of a folder in the user's tentacles folder, which `octobot tentacles install` takes.

    NAME is the folder's or one of its tentacles'. The same folder always gives the same bytes.
    """
    click.echo(pack(find_installed(name), output, force))
