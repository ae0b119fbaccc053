# SPDX-License-Identifier: Apache-2.0
"""`octobot profile`: one module per command.

::

    output.py     problems as lines and as JSON
    exchanges.py  the names of exchanges, for checks
"""

from __future__ import annotations

import click

from octobot.cli.profile.creating import create
from octobot.cli.profile.deleting import delete
from octobot.cli.profile.duplicating import duplicate
from octobot.cli.profile.exporting import export
from octobot.cli.profile.importing import import_
from octobot.cli.profile.listing import list_profiles
from octobot.cli.profile.schemas import schema
from octobot.cli.profile.showing import show
from octobot.cli.profile.validating import validate

__all__ = ["create", "delete", "duplicate", "export", "import_", "list_profiles", "profile", "schema", "show",
           "validate"]  # fmt: skip


@click.group(short_help="Keep profiles: what to trade, where, with which tentacles.")
def profile() -> None:
    """Profiles: what to trade, where, with which tentacles and settings.

    Those that come with packages are never changed; `octobot profile duplicate` makes one of your own of them.
    """


for _command in (list_profiles, show, create, duplicate, import_, export, validate, schema, delete):
    profile.add_command(_command)
