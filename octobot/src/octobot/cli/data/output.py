# SPDX-License-Identifier: Apache-2.0
"""What the commands print: tables for people, JSON for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import click

from octobot.cli.dates import format_date
from octobot.cli.tables import LEFT, RIGHT, format_table, print_json
from octobot_trading.history import StoredItem

__all__ = ["describe", "item_as_json", "print_items", "print_json"]

_HEADER = ("exchange", "symbol", "kind", "frame", "records", "first", "last", "missing", "source")
_ALIGNED = (LEFT, LEFT, LEFT, LEFT, RIGHT, LEFT, LEFT, RIGHT, LEFT)


def print_items(items: Sequence[StoredItem]) -> None:
    """Stored series, a line each."""
    click.echo("\n".join(format_table(_HEADER, [_cells(one) for one in items], _ALIGNED)))


def item_as_json(item: StoredItem) -> dict[str, Any]:
    """A stored series with the keys that --help lists; times are Unix seconds."""
    return {
        "exchange": item.exchange_name,
        "symbol": item.symbol,
        "kind": item.kind,
        "time_frame": _frame(item) or None,
        "records": item.records,
        "first_time": item.first_time,
        "last_time": item.last_time,
        "missing": item.missing,
        "sources": list(item.sources),
    }


def describe(item: StoredItem) -> str:
    """A stored series in a few words."""
    return " ".join(filter(None, (item.exchange_name, item.symbol, item.kind, _frame(item))))


def _cells(item: StoredItem) -> tuple[str, ...]:
    return (
        item.exchange_name,
        item.symbol,
        item.kind,
        _frame(item) or "-",
        f"{item.records:,}",
        format_date(item.first_time),
        format_date(item.last_time),
        "-" if item.missing is None else f"{item.missing:,}",
        _short_sources(item.sources),
    )


def _short_sources(sources: Sequence[str]) -> str:
    """The first file's name and how many more there are; a session's series come from several files at once."""
    files = [file for source in sources for file in source.split(", ")]
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return PurePath(files[0]).name + more if files else "-"


def _frame(item: StoredItem) -> str:
    return item.time_frame.value if item.time_frame else ""
