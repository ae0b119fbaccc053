# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles`."""

from __future__ import annotations

import click

from octobot.cli.tentacles.activating import disable_tentacle, enable_tentacle
from octobot.cli.tentacles.creating import new_tentacle
from octobot.cli.tentacles.installing import install_tentacles, remove_tentacles
from octobot.cli.tentacles.listing import list_tentacles
from octobot.cli.tentacles.packing import pack_tentacle
from octobot.cli.tentacles.showing import show_tentacle
from octobot.cli.tentacles.testing import test_tentacle


@click.group(short_help="Look at, install and write tentacles.")
def tentacles() -> None:
    """Evaluators, strategies, trading modes and whatever else can be added.

    They come with installed packages, or stand as folders in the user's tentacles folder.
    """


for _command in (
    list_tentacles, show_tentacle, install_tentacles, remove_tentacles, enable_tentacle, disable_tentacle,
    new_tentacle, test_tentacle, pack_tentacle,
):  # fmt: skip
    tentacles.add_command(_command)

__all__ = [
    "disable_tentacle",
    "enable_tentacle",
    "install_tentacles",
    "list_tentacles",
    "new_tentacle",
    "pack_tentacle",
    "remove_tentacles",
    "show_tentacle",
    "tentacles",
    "test_tentacle",
]
