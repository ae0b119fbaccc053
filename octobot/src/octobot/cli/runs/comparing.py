# SPDX-License-Identifier: Apache-2.0
"""`octobot runs compare`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from octobot.cli.runs.opening import open_runs
from octobot.cli.runs.output import run_as_json
from octobot.cli.tables import LEFT, format_table, print_json
from octobot.runs import StoredRun

_PARTS = ("settings", "seed", "code", "inputs", "figures", "orders", "fills")
_COUNTED = ("orders", "fills")


@click.command("compare")
@click.argument("first", metavar="ID")
@click.argument("second", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="A list of objects with the keys what, first and second.")
def compare_runs(first: str, second: str, as_json: bool) -> None:
    """Show what differs between two runs: settings, code, data, figures; orders and fills by how many differ."""
    with open_runs() as store:
        one, other = (store.load(name) for name in (first, second))
    differences = list(_differences(one, other))
    if as_json:
        print_json([{"what": what, "first": mine, "second": others} for what, mine, others in differences])
    elif differences:
        rows = [[what, _cell(mine), _cell(others)] for what, mine, others in differences]
        click.echo("\n".join(format_table(("what", one.id, other.id), rows, [LEFT] * 3)))
    else:
        click.echo(f"{one.id} and {other.id} are the same but for their times")


def _differences(one: StoredRun, other: StoredRun) -> Iterator[tuple[str, Any, Any]]:
    first, second = run_as_json(one), run_as_json(other)
    for part in _PARTS:
        if part in _COUNTED:
            if first[part] != second[part]:
                pairs = zip(first[part], second[part], strict=False)
                same = sum(mine == others for mine, others in pairs)
                yield f"{part} that differ", len(first[part]) - same, len(second[part]) - same
            continue
        mine, others = dict(_leaves(part, first[part])), dict(_leaves(part, second[part]))
        for what in dict.fromkeys((*mine, *others)):
            if mine.get(what) != others.get(what):
                yield what, mine.get(what), others.get(what)


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(f"{name}.{key}", item)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for place, item in enumerate(value):
            yield from _leaves(f"{name}.{place}", item)
    else:
        yield name, value


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
