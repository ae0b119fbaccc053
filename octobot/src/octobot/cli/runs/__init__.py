# SPDX-License-Identifier: Apache-2.0
"""`octobot runs`: one module per command.

::

    opening.py    the store, where there is one
    output.py     runs as lines and as JSON
"""

from __future__ import annotations

import click

from octobot.cli.runs.comparing import compare_runs
from octobot.cli.runs.deleting import delete_runs
from octobot.cli.runs.listing import list_runs
from octobot.cli.runs.reporting import report_run
from octobot.cli.runs.showing import show_run

__all__ = ["compare_runs", "delete_runs", "list_runs", "report_run", "runs", "show_run"]


@click.group(short_help="Look at what was run before.")
def runs() -> None:
    """Stored runs: what was run, with which code and data, and what came of it."""


for _command in (list_runs, show_run, report_run, compare_runs, delete_runs):
    runs.add_command(_command)
