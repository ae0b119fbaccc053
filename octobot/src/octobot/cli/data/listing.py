# SPDX-License-Identifier: Apache-2.0
"""`octobot data list`."""

from __future__ import annotations

from typing import Any

import click

from octobot.backtesting.data import store_path
from octobot.cli.data.filters import filter_options, filters_of
from octobot.cli.data.output import item_as_json, print_items, print_json
from octobot_trading.history import CandleStore, StoredItem

_NOTHING_STORED = (
    "nothing is stored yet: import with `octobot data import FILE`; BTC/USDT 1h 2017-2024 comes with the program"
)


@click.command("list")
@filter_options
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for scripts.")
def list_data(as_json: bool, **options: Any) -> None:
    """Show what is stored: how many records of what, from when to when (UTC), how many are missing between, and the
    files that they came from.

    \b
    Keys of --json:
      exchange, symbol       texts
      kind                   candles, trades, funding, mark and so on
      time_frame             like "1h"; null for what has none
      records                how many
      first_time, last_time  Unix seconds; of candles and mark prices when they open
      missing                records missing between; null where it cannot be told
      sources                the files
    """
    items = stored_items()
    found = filters_of(options).matching(items)
    if as_json:
        print_json([item_as_json(one) for one in found])
    elif found:
        print_items(found)
    else:
        click.echo("no stored series fits these filters" if items else _NOTHING_STORED)


def stored_items() -> list[StoredItem]:
    """Everything stored; nothing is made where there is no store yet."""
    path = store_path()
    if not path.exists():
        return []
    with CandleStore(path) as store:
        return store.contents()
