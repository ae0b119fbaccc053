# SPDX-License-Identifier: Apache-2.0
"""`octobot why`: what led to an order."""

from __future__ import annotations

import click

from octobot.cli.log import log_to_stderr
from octobot.cli.runs.opening import load_run
from octobot.cli.tables import print_json
from octobot.report.jsonable import to_jsonable
from octobot.runs.store import NEWEST
from octobot.why import chain_lines, order_chain


@click.command()
@click.argument("order_id")
@click.option("--run", "run_id", default=NEWEST, show_default=True, help="The run that the order belongs to.")
@click.option("--symbol", help="Where orders of several symbols have this id.")
@click.option("--json", "as_json", is_flag=True, help="Print the chain as JSON.")
def why(order_id: str, run_id: str, symbol: str | None, as_json: bool) -> None:
    """Print what led to an order: candles, notes, strategies, the mode's rule, the order and its fills."""
    log_to_stderr()
    chain = order_chain(load_run(run_id), order_id, symbol)
    if as_json:
        print_json(to_jsonable(chain.to_dict()))
    else:
        click.echo("\n".join(chain_lines(chain)))
