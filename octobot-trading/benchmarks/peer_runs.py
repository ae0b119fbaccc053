# SPDX-License-Identifier: Apache-2.0
"""The libraries that are compared, each in a process and an environment of its own below .bench/."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PEERS = Path(__file__).resolve().parent / "peers"

sys.path += [str(PEERS), str(PEERS.parents[2] / ".ci")]
try:
    import bench_peers
except ModuleNotFoundError:  # in an sdist, which lacks the repository's own tools
    bench_peers = None

OCTOBOT_2 = "octobot==2.1.1"
CCXT = "ccxt==4.5.90"
NAUTILUS = "nautilus_trader==1.231.0"
CANDLES = {
    "candles_pandas.py": "pandas==2.3.3",
    "candles_polars.py": "polars[numpy]==1.36.1",
    "candles_nautilus.py": NAUTILUS,
    "candles_octobot_2.py": OCTOBOT_2,
}
BOOKS = {
    "book_ccxt.py": CCXT,
    "book_nautilus.py": NAUTILUS,
    "book_hftbacktest.py": "hftbacktest==2.4.4",
    "book_octobot_2.py": OCTOBOT_2,
    "book_hummingbot.py": "hummingbot==20260922",
}
#: What is installed instead of its own dependencies, which contradict each other; its book needs these.
INSTEAD = {
    BOOKS["book_hummingbot.py"]: (
        *("numpy", "pandas", "scipy", "pydantic", "sqlalchemy", "cryptography", "requests", "aiohttp", "psutil", "six"),
        *("cachetools", "bidict", "aioprocessing", "ujson", "hexbytes", "base58", "ruamel.yaml", "PyYaml", "typer"),
        "prompt_toolkit",
    )
}
#: A row is a name and what measures it once.
Rows = dict[str, Callable[[], Any]]


def peer_rows(scripts: dict[str, str], names: Iterable[str], *arguments: str) -> tuple[dict[str, Rows], list[str]]:
    """Of each peer that runs its rows, and a remark for each that does not; they run with PEERS=all."""
    if bench_peers is None:
        return {}, ["no peers: only a clone of the repository installs them"]
    peers = [
        bench_peers.Peer(requirement, PEERS / script, instead=INSTEAD.get(requirement, ()))
        for script, requirement in scripts.items()
    ]
    running, remarks = bench_peers.started(peers, *arguments)
    made = {}
    for process in running.values():
        made[process.version] = {name: lambda process=process, name=name: process.ask(name) for name in names}
        remarks.append(process.told)
    return made, remarks
