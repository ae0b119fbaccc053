# SPDX-License-Identifier: Apache-2.0
"""`octobot data delete`."""

from __future__ import annotations

from typing import Any

import click

from octobot.backtesting.data import store_path
from octobot.cli.data.filters import filter_options, filters_of
from octobot.cli.data.listing import stored_items
from octobot.cli.data.output import describe, print_items
from octobot_commons.errors import UserInputError
from octobot_trading.history import CandleStore


@click.command("delete")
@filter_options
@click.option("--all", "everything", is_flag=True, help="Everything that is stored.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_data(everything: bool, yes: bool, **options: Any) -> None:
    """Forget stored series, all that the filters choose or none of them, and give their space back to the disk.

    What will go is shown first, and asked for.
    """
    filters = filters_of(options)
    if bool(filters) == everything:
        message = "--all does not go with filters" if everything else "nothing says what to delete"
        raise UserInputError(message, remedy="choose by --exchange, --symbol, --kind, --time-frame, or give --all")
    chosen = filters.select(stored_items())
    if not yes:
        print_items(chosen)
        click.confirm(f"Delete {len(chosen)} series for good?", abort=True)
    with CandleStore(store_path()) as store:
        store.remove_items(chosen)
        for one in chosen:
            click.echo(f"deleted {describe(one)}: {one.records:,} records")
        click.echo(f"{store.compact():,} bytes given back: {store.path}")
