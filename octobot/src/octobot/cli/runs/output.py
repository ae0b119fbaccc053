# SPDX-License-Identifier: Apache-2.0
"""Runs as lines of a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from octobot.cli.dates import format_date
from octobot.cli.tables import LEFT, RIGHT, format_table
from octobot.report import to_jsonable
from octobot.runs import RunLine, StoredRun

_HEADER = ("id", "kind", "profile", "status", "started", "symbols", "orders", "fills", "profit")
_ALIGNED = (LEFT, LEFT, LEFT, LEFT, LEFT, LEFT, RIGHT, RIGHT, RIGHT)


def print_lines(lines: Sequence[RunLine]) -> None:
    """A line for each run."""
    click.echo("\n".join(format_table(_HEADER, [_cells(one) for one in lines], _ALIGNED)))


def line_as_json(line: RunLine) -> dict[str, Any]:
    """With the keys that --help lists."""
    return {
        "id": line.id,
        "kind": line.kind.value,
        "profile": line.name,
        "status": line.status.value,
        "started_time": line.started_time,
        "ended_time": line.ended_time,
        "symbols": list(line.symbols),
        "orders": line.orders,
        "fills": line.fills,
        "profit_percent": _profit_percent(line),
        "settings_sha256": line.settings_sha256,
    }


def run_as_json(run: StoredRun) -> dict[str, Any]:
    """Everything that is kept of a run; each order has its causal record."""
    start, end = run.start, run.end
    content = {
        "id": run.id,
        "kind": start.kind,
        "profile": start.name,
        "status": run.status,
        "error": run.error,
        "started_time": start.started_time,
        "ended_time": None if end is None else end.ended_time,
        "seed": start.seed,
        "settings": start.settings,
        "settings_sha256": run.settings_sha256,
        "code": start.code,
        "inputs": start.inputs,
        "candles": start.candles,
        "reference_market": start.reference_market,
        "starting_portfolio": start.starting_portfolio,
        "final_portfolio": None if end is None else end.final_portfolio,
        "figures": None if end is None else end.figures,
        "note_counts": None if end is None else end.note_counts,
        "orders": [
            {**order, "causal_record": record} for order, record in zip(run.orders, run.causal_records, strict=True)
        ],
        "fills": [fill.to_dict() for fill in run.fills],
        "timings": None if end is None else end.timings,
    }
    jsonable: dict[str, Any] = to_jsonable(content)
    return jsonable


def _cells(line: RunLine) -> tuple[str, ...]:
    profit = _profit_percent(line)
    return (
        line.id,
        line.kind.value,
        line.name,
        line.status.value,
        format_date(line.started_time),
        ", ".join(line.symbols) or "-",
        f"{line.orders:,}",
        f"{line.fills:,}",
        "-" if profit is None else f"{profit:+,.2f} %",
    )


def _profit_percent(line: RunLine) -> float | None:
    performance = (line.figures or {}).get("performance", {})
    profit: float | None = performance.get("profit_percent")
    return profit
