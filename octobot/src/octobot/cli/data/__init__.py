# SPDX-License-Identifier: Apache-2.0
"""`octobot data`: one module per command.

::

    filters.py    --exchange, --symbol, --kind, --time-frame and what they select
    output.py     tables, and JSON for scripts
"""

from __future__ import annotations

import click

from octobot.cli.data.checking import check_data
from octobot.cli.data.collecting import collect_data
from octobot.cli.data.deleting import delete_data
from octobot.cli.data.exporting import export_data
from octobot.cli.data.importing import import_data
from octobot.cli.data.listing import list_data
from octobot.cli.data.resampling import resample_data

__all__ = [
    "check_data",
    "collect_data",
    "data",
    "delete_data",
    "export_data",
    "import_data",
    "list_data",
    "resample_data",
]


@click.group(short_help="Keep recorded market data.")
def data() -> None:
    """Recorded candles, trades, funding rates and mark prices, kept in one file of the user folder."""


for _command in (list_data, import_data, collect_data, check_data, export_data, resample_data, delete_data):
    data.add_command(_command)
