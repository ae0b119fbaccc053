# SPDX-License-Identifier: Apache-2.0
"""Tables for people, JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

LEFT, RIGHT = "<", ">"
_GAP = "  "


def print_json(content: Any) -> None:
    """One JSON document and nothing else."""
    click.echo(json.dumps(content, indent=2, allow_nan=False))


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]], aligned: Sequence[str]) -> list[str]:
    """Lines of columns as wide as their longest cell; ``aligned`` is "<" or ">" for each."""
    lines = [header, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    return [
        _GAP.join(f"{cell:{sign}{width}}" for cell, sign, width in zip(line, aligned, widths, strict=True)).rstrip()
        for line in lines
    ]
