# SPDX-License-Identifier: Apache-2.0
"""`octobot runs delete`."""

from __future__ import annotations

import click

from octobot.cli.runs.opening import open_runs
from octobot.cli.runs.output import print_lines


@click.command("delete")
@click.argument("names", metavar="ID...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_runs(names: tuple[str, ...], yes: bool) -> None:
    """Forget stored runs, all that are named or none of them, and give their space back to the disk.

    What will go is shown first, and asked for.
    """
    with open_runs() as store:
        # A name that is wrong shows before anything is asked. "newest" is settled here: a run may come meanwhile.
        chosen = list(dict.fromkeys(store.load(name).id for name in names))
        if not yes:
            print_lines([one for one in store.runs() if one.id in chosen])
            click.confirm(f"Delete {len(chosen)} runs for good?", abort=True)
        for name in store.delete(chosen):
            click.echo(f"deleted {name}")
        click.echo(f"{store.compact():,} bytes given back: {store.path}")
