# SPDX-License-Identifier: Apache-2.0
"""`octobot data`: one module per command.

::

    filters.py    --exchange, --symbol, --kind, --time-frame and what they select
    output.py     tables, and JSON for scripts
"""

from __future__ import annotations

import click

from octobot.cli.data.importing import import_data
from octobot.cli.data.listing import list_data

__all__ = ["data", "import_data", "list_data"]


@click.group(short_help="Keep recorded market data.")
def data() -> None:
    """Recorded candles, trades, funding rates and mark prices, kept in one file of the user folder."""


for _command in (list_data, import_data):
    data.add_command(_command)
